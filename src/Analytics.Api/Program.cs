using Analytics;

// Every command has its own class in Commands/; without one the service is started.
var command = args is [{ } first, ..] && !first.StartsWith('-') ? first : "serve";
switch (command)
{
    case "serve":
        return await AnalyticsApp.ServeAsync(args);
    default:
        await Console.Error.WriteLineAsync($"There is no command '{command}'. Commands: serve.");
        return 2;
}
