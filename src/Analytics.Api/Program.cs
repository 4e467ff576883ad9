using Analytics;
using Analytics.Commands;
using Analytics.Commands.Demo;
using Analytics.Commands.ImportLog;
using Analytics.Files;
using Analytics.PrivatePostgres;
using Microsoft.Extensions.Options;

// Every command has its own class in Commands/; without one the service is started.
var command = args is [{ } first, ..] && !first.StartsWith('-') ? first : "serve";
try
{
    switch (command)
    {
        case "serve":
            return await AnalyticsApp.ServeAsync(args);
        case "healthcheck":
            return await HealthcheckCommand.RunAsync(new ConfigurationBuilder().AddEnvironmentVariables().Build(), Console.Out);
        case "verify":
            return await VerifyCommand.RunAsync(args[1..], WebApplication.CreateBuilder().Configuration, Console.Out, Console.Error);
        case "rebuild":
            return await RebuildCommand.RunAsync(args[1..], WebApplication.CreateBuilder().Configuration, Console.Out, Console.Error);
        case "openapi":
            return await OpenApiCommand.RunAsync(args[1..], Console.Out, Console.Error);
        case "link":
            return await LinkCommand.RunAsync(args[1..], WebApplication.CreateBuilder().Configuration, Console.Out, Console.Error);
        case "demo":
            return await DemoCommand.RunAsync(args, WebApplication.CreateBuilder().Configuration);
        case "import-log":
            return await ImportLogCommand.RunAsync(
                args[1..], new ConfigurationBuilder().AddEnvironmentVariables().Build(), Console.Out, Console.Error,
                !Console.IsErrorRedirected);
        default:
            await Console.Error.WriteLineAsync(
                $"There is no command '{command}'. Commands: serve, healthcheck, verify, rebuild, openapi, link, demo, import-log.");
            return 2;
    }
}
catch (Exception problem) when (problem is PrivateServerException or ForeignFileException or OptionsValidationException)
{
    await Console.Error.WriteLineAsync(problem.Message);
    return 1;
}
