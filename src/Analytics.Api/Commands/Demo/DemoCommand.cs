using Analytics.Storage;
using Analytics.Tenancy;
using Microsoft.Extensions.Options;

namespace Analytics.Commands.Demo;

/// <summary>
/// <c>demo [url]</c>: fills the workspace <c>demo</c> of a running service up to now, with the root key of its configuration or data
/// directory.
/// </summary>
static class DemoCommand
{
    public static async Task<int> RunAsync(string[] args, IConfiguration configuration)
    {
        var days = configuration.Read<DemoOptions>().DemoDays;
        var address = args.Length > 1 ? new Uri(args[1].TrimEnd('/') + "/") : LocalAddress.Of(configuration);
        using var http = new HttpClient { BaseAddress = address };
        try
        {
            var key = await DemoWorkspace.NewKeyAsync(new DemoClient(http, Root(configuration).Text), CancellationToken.None);
            var demo = new DemoClient(http, key);
            var load = new DemoLoad(demo, TimeProvider.System, days);
            var loaded = await load.RunAsync(usable: _ => Task.CompletedTask, CancellationToken.None);
            Console.WriteLine($"{loaded.Text}; it has the last {days} days.");
            if (await new DemoTables(demo).MakeAsync(CancellationToken.None) is { } reason)
                Console.WriteLine($"The demo's app has no tables of its own: {reason}");
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
