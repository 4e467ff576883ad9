using Analytics.Files;
using Analytics.Storage;
using Analytics.Tenancy;
using Microsoft.Extensions.Options;

namespace Analytics.Commands.Demo;

/// <summary>
/// Gives a fresh private store its demo workspace, and prints at every start a link that signs in to it, its key and <c>curl</c> commands
/// that answer. The key stays in the data directory, readable by its owner, so that later starts can print it again.
/// </summary>
sealed partial class DemoStart(
    Serving serving, IOptions<DataDirectoryOptions> data, RootKey rootKey, SignInCodes codes, TimeProvider clock, ILogger<DemoStart> log)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await serving.BeginsAsync(stoppingToken);
        try
        {
            var path = Path.Combine(data.Value.Path, "demo-key");
            var key = PrivateFile.Read(path) ?? await LoadAsync(serving.Local, path, stoppingToken);
            var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
            Greet(await LinkAsync(key, stoppingToken), serving.Known, serving.Local, key, today);
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

    async Task<string> LinkAsync(string key, CancellationToken cancel) =>
        ApiKeyText.Parse(key) is { } text && await codes.MakeAsync(text.Id, LinkCommand.Life, cancel) is ({ } code, _)
            ? code.UrlUnder(serving.Known)
            : $"{serving.Known}ui/ (the demo's key was revoked: ./run.sh link --workspace ... signs in elsewhere)";

    // To the console, never to the log: logs are shipped elsewhere.
    static void Greet(string link, string known, Uri address, string key, DateOnly today) => Console.WriteLine($$$$"""

        Dashboard, one click signs in:  {{{{link}}}}
        Every route:                    {{{{known}}}}swagger
        A key of the workspace 'demo':  {{{{key}}}}

        The link is good once; ./run.sh link prints another. Send an event, read it back, ask for a week's statistics and for today's
        API usage:

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
