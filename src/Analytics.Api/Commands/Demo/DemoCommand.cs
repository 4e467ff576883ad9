using Analytics.Storage;
using Analytics.Tenancy;
using Microsoft.Extensions.Options;

namespace Analytics.Commands.Demo;

/// <summary>
/// <c>demo [url]</c>: fills the workspace <c>demo</c> of a running service, with the root key of its configuration or data directory.
/// </summary>
static class DemoCommand
{
    public static async Task<int> RunAsync(string[] args, IConfiguration configuration)
    {
        var address = args.Length > 1 ? new Uri(args[1].TrimEnd('/') + "/") : LocalAddress.Of(configuration);
        using var http = new HttpClient { BaseAddress = address };
        try
        {
            var load = new DemoLoad(http, Root(configuration).Text, TimeProvider.System);
            var (key, events, requests) = await load.RunAsync(CancellationToken.None);
            Console.WriteLine($"{events} events and {requests} API requests of the last {DemoLife.Days} days are in the workspace 'demo'.");
            Console.WriteLine($"A key of it: {key}");
            return 0;
        }
        catch (HttpRequestException failure)
        {
            await Console.Error.WriteLineAsync($"The service at {http.BaseAddress} did not take the demo: {failure.Message}");
            return 1;
        }
    }

    static RootKey Root(IConfiguration configuration) =>
        new(Options.Create(configuration.Read<AccessOptions>()), Options.Create(configuration.Read<DataDirectoryOptions>()));
}
