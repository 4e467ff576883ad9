using System.ComponentModel;
using System.Diagnostics;

namespace Analytics.PrivatePostgres;

/// <summary>A program to be run to its end.</summary>
sealed record Command(string Program, params string[] Arguments)
{
    public string WorkingDirectory { get; init; } = "/";

    public string Input { get; init; } = "";

    /// <summary>Runs it; a program that does not exist is an outcome too (127, as in a shell).</summary>
    public async Task<CommandOutcome> RunAsync(CancellationToken cancel)
    {
        try
        {
            using var process = Process.Start(StartInfo())!;
            return await FinishAsync(process, cancel);
        }
        catch (Win32Exception problem)
        {
            return new CommandOutcome(127, "", $"{Program}: {problem.Message}");
        }
    }

    ProcessStartInfo StartInfo()
    {
        var start = new ProcessStartInfo(Program, Arguments)
        {
            WorkingDirectory = WorkingDirectory,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Somebody's PGDATA, PGPORT or PGOPTIONS must not steer a private server, nor their language its messages.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("PG", StringComparison.Ordinal)).ToArray())
            start.Environment.Remove(name);
        start.Environment["LC_ALL"] = "C";
        return start;
    }

    async Task<CommandOutcome> FinishAsync(Process process, CancellationToken cancel)
    {
        var output = process.StandardOutput.ReadToEndAsync(cancel);
        var error = process.StandardError.ReadToEndAsync(cancel);
        try
        {
            await WriteInputAsync(process.StandardInput, cancel);
            await process.WaitForExitAsync(cancel);
            return new CommandOutcome(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }
    }

    async Task WriteInputAsync(StreamWriter input, CancellationToken cancel)
    {
        try
        {
            await input.WriteAsync(Input.AsMemory(), cancel);
            input.Close();
        }
        catch (IOException)
        {
            // It ended without reading; its exit code says why.
        }
    }
}

/// <summary>What a program answered.</summary>
sealed record CommandOutcome(int ExitCode, string Output, string Error)
{
    public bool Succeeded => ExitCode == 0;

    public string Complaint => $"{Error.Trim()} {Output.Trim()}".Trim() is { Length: > 0 } said ? said : $"exit code {ExitCode}";
}
