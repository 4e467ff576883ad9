using Analytics;
using Analytics.Commands;

// Every command has its own class in Commands/; without one the service is started.
var command = args is [{ } first, ..] && !first.StartsWith('-') ? first : "serve";
switch (command)
{
    case "serve":
        return await AnalyticsApp.ServeAsync(args);
    case "healthcheck":
        return await HealthcheckCommand.RunAsync(new ConfigurationBuilder().AddEnvironmentVariables().Build(), Console.Out);
    default:
        await Console.Error.WriteLineAsync($"There is no command '{command}'. Commands: serve, healthcheck.");
        return 2;
}
