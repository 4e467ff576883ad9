using Analytics;

var command = args is [{ } first, ..] && !first.StartsWith('-') ? first : "serve";
switch (command)
{
    case "serve":
        await AnalyticsApp.Build(args).RunAsync();
        return 0;
    default:
        await Console.Error.WriteLineAsync($"There is no command '{command}'. Commands: serve.");
        return 2;
}
