using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Analytics.Storage;
using Analytics.Tenancy;
using Microsoft.Extensions.Options;

namespace Analytics.Commands.Demo;

/// <summary>
/// Gives a fresh private store its demo workspace, and prints a key and three <c>curl</c> commands that answer. The key stays in
/// the data directory, readable by its owner, so that later starts can print it again.
/// </summary>
public sealed partial class DemoStart(
    IServer server, IOptions<DataDirectoryOptions> data, RootKey rootKey, StoreReadiness store, IHostApplicationLifetime lifetime,
    TimeProvider clock, ILogger<DemoStart> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource();
        await using var registration = lifetime.ApplicationStarted.Register(() => started.TrySetResult());
        await started.Task.WaitAsync(stoppingToken);
        await store.WhenMigratedAsync(stoppingToken);
        try
        {
            var address = Address();
            var path = Path.Combine(data.Value.Path, "demo-key");
            Greet(address, File.Exists(path) ? (await File.ReadAllTextAsync(path, stoppingToken)).Trim() : await LoadAsync(address, path, stoppingToken));
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or InvalidOperationException)
        {
            Failed(failure);
        }
    }

    async Task<string> LoadAsync(Uri address, string path, CancellationToken cancel)
    {
        using var http = new HttpClient { BaseAddress = address };
        var (key, events) = await new DemoLoad(http, rootKey.Text, clock).RunAsync(cancel);
        OwnersFile.Write(path, key);
        Console.WriteLine($"Demo: {events} events of the last {DemoLife.Days} days in the workspace 'demo'");
        return key;
    }

    // Whatever the service listens on, this machine reaches it on loopback.
    Uri Address()
    {
        var listening = new Uri(server.Features.Get<IServerAddressesFeature>()!.Addresses.First()
            .Replace("//+", "//localhost", StringComparison.Ordinal).Replace("//*", "//localhost", StringComparison.Ordinal));
        return listening.Host is "0.0.0.0" or "[::]" ? new UriBuilder(listening) { Host = "localhost" }.Uri : listening;
    }

    // To the console, never to the log: logs are shipped elsewhere.
    static void Greet(Uri address, string key) => Console.WriteLine($$$$"""

        Analytics is listening on {{{{address}}}}. A key of the workspace 'demo': {{{{key}}}}
        Send an event, read it back, ask for statistics:

          curl -H 'Authorization: Bearer {{{{key}}}}' -H 'Content-Type: application/json' {{{{address}}}}api/events/ingest \
            -d '{"events":[{"name":"file.scanned","external_customer_id":"acme","metadata":{"file_type":"pdf","_cost":{"amount":0.0025,"currency":"usd"}}}]}'
          curl -H 'Authorization: Bearer {{{{key}}}}' '{{{{address}}}}api/events?name=file.scanned&limit=1'
          curl -H 'Authorization: Bearer {{{{key}}}}' '{{{{address}}}}api/events/statistics/timeseries?start_date={{{{Today(-6)}}}}&end_date={{{{Today(0)}}}}&interval=day'

        """);

    static string Today(int days) => DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime).AddDays(days).ToString("yyyy-MM-dd");

    [LoggerMessage(LogLevel.Warning, "The demo workspace could not be made")]
    partial void Failed(Exception failure);
}
