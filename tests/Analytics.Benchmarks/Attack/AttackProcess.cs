using System.Diagnostics;
using System.Text.Json;

namespace Analytics.Benchmarks.Attack;

/// <summary>
/// The attackers, in a process of their own which has the machine only where nobody else wants it: what the neighbour feels is the
/// service's doing, not theirs.
/// </summary>
public static class AttackProcess
{
    /// <summary>The command by which this program starts itself as the attackers; it is in no help.</summary>
    public const string Command = "attack";

    const string Nicest = "19";

    /// <summary>Ends with the attack: what its requests were answered.</summary>
    public static async Task<AttackAnswers[]> RunAsync(AttackPlan plan, CancellationToken cancel)
    {
        var program = typeof(AttackProcess).Assembly.Location;
        using var process = Process.Start(new ProcessStartInfo("nice", ["-n", Nicest, "dotnet", program, Command])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        try
        {
            await process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(plan).AsMemory(), cancel);
            process.StandardInput.Close();
            var told = await process.StandardOutput.ReadToEndAsync(cancel);
            await process.WaitForExitAsync(cancel);
            return process.ExitCode == 0
                ? JsonSerializer.Deserialize<AttackAnswers[]>(told)!
                : throw new InvalidOperationException($"The attackers ended with {process.ExitCode}.");
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }

    /// <summary>The attacking process itself: reads its plan, attacks, and writes the answers.</summary>
    public static async Task<int> AttackAsync(TextReader input, TextWriter output, CancellationToken cancel)
    {
        var plan = JsonSerializer.Deserialize<AttackPlan>(await input.ReadToEndAsync(cancel))!;
        var answers = await new Attackers(plan).RunAsync(cancel);
        await output.WriteLineAsync(JsonSerializer.Serialize(answers).AsMemory(), cancel);
        return 0;
    }
}
