using Analytics.Files;
using Analytics.Storage;
using Analytics.Tenancy;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace Analytics.Commands.Demo;

/// <summary>
/// Gives a fresh private store its demo workspace, and prints a key and <c>curl</c> commands that answer. The key stays in
/// the data directory, readable by its owner, so that later starts can print it again.
/// </summary>
sealed partial class DemoStart(
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
            var key = PrivateFile.Read(path) ?? await LoadAsync(address, path, stoppingToken);
            Greet(address, key, DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime));
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
        {
            Failed(failure);
        }
    }

    async Task<string> LoadAsync(Uri address, string path, CancellationToken cancel)
    {
        using var http = new HttpClient { BaseAddress = address };
        var (key, events, requests) = await new DemoLoad(http, rootKey.Text, clock).RunAsync(cancel);
        PrivateFile.Write(path, key);
        Console.WriteLine($"Demo: {events} events and {requests} API requests of the last {DemoLife.Days} days in the workspace 'demo'");
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
    static void Greet(Uri address, string key, DateOnly today) => Console.WriteLine($$$$"""

        Analytics listens on {{{{address}}}}. Every route is described at {{{{address}}}}swagger
        Send an event to the workspace 'demo', read it back, ask for a week's statistics and for today's API usage:

          KEY={{{{key}}}}

          curl -s {{{{address}}}}api/events/ingest -H "Authorization: Bearer $KEY" -H 'Content-Type: application/json' \
            -d '{"events":[{"name":"file.scanned","external_customer_id":"acme",
                 "metadata":{"file_type":"pdf","_cost":{"amount":0.0025,"currency":"usd"}}}]}'

          curl -s "{{{{address}}}}api/events?name=file.scanned&limit=1" -H "Authorization: Bearer $KEY"

          FROM={{{{today.AddDays(-6):yyyy-MM-dd}}}} TO={{{{today:yyyy-MM-dd}}}}
          curl -s "{{{{address}}}}api/events/statistics/timeseries?interval=day&start_date=$FROM&end_date=$TO" \
            -H "Authorization: Bearer $KEY"

          curl -s "{{{{address}}}}api/requests/dashboard" -H "Authorization: Bearer $KEY"

        """);

    [LoggerMessage(LogLevel.Warning, "The demo workspace could not be made")]
    partial void Failed(Exception failure);
}
