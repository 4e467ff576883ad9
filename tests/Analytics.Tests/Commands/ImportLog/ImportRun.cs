using System.Diagnostics;
using Analytics.Commands.ImportLog;
using Microsoft.Extensions.Configuration;

namespace Analytics.Tests.Commands.ImportLog;

/// <summary>What a run of the command said.</summary>
sealed record ImportRun(int Exit, string Output, string Errors)
{
    public static async Task<ImportRun> OfAsync(Uri service, string key, params string[] args)
    {
        await using var output = new StringWriter();
        await using var errors = new StringWriter();
        var environment = new ConfigurationBuilder()
            .AddInMemoryCollection([new("ANALYTICS_URL", service.ToString()), new("ANALYTICS_KEY", key)]).Build();
        var exit = await ImportLogCommand.RunAsync(args, environment, output, errors, isTerminal: true);
        return new ImportRun(exit, output.ToString(), errors.ToString());
    }

    /// <summary>The same in a process of its own, which may be killed.</summary>
    public static Process Start(Uri service, string key, params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Analytics.Api.dll"), "import-log", .. args])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ANALYTICS_URL"] = service.ToString();
        start.Environment["ANALYTICS_KEY"] = key;
        return Process.Start(start)!;
    }

    public override string ToString() => $"exit code {Exit}\n{Output}\n{Errors}";
}
