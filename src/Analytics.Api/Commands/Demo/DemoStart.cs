using System.Net;
using Analytics.Files;
using Analytics.Storage;
using Analytics.Tenancy;
using Microsoft.Extensions.Options;

namespace Analytics.Commands.Demo;

/// <summary>
/// Gives a fresh private store its demo workspace, brings it up to now at every start, and prints a link that signs in to it, its key and
/// <c>curl</c> commands that answer. The key stays in the data directory, readable by its owner, for later starts.
/// </summary>
sealed partial class DemoStart(
    Serving serving, IOptions<DataDirectoryOptions> data, IOptions<DemoOptions> options, RootKey rootKey, SignInCodes codes,
    DemoPulse pulse, TimeProvider clock, ILogger<DemoStart> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await serving.BeginsAsync(stoppingToken);
        var path = Path.Combine(data.Value.Path, "demo-key");
        var http = new HttpClient { BaseAddress = serving.Local };
        try
        {
            if (PrivateFile.Read(path) is null)
                PrivateFile.Write(path, await DemoWorkspace.NewKeyAsync(new DemoClient(http, rootKey.Text), stoppingToken));
            await LoadAsync(http, PrivateFile.Read(path)!, stoppingToken);
        }
        catch (HttpRequestException revoked) when (revoked.StatusCode == HttpStatusCode.Unauthorized)
        {
            await GreetAsync(PrivateFile.Read(path)!, stoppingToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
        {
            Failed(failure);
        }
    }

    // The greeting comes as soon as there is something to see. The client goes on with the pulse.
    async Task LoadAsync(HttpClient http, string key, CancellationToken cancel)
    {
        var demo = new DemoClient(http, key);
        var loaded = await new DemoLoad(demo, clock, options.Value.DemoDays).RunAsync(async workspace =>
        {
            pulse.Begin(demo, workspace);
            await GreetAsync(key, cancel);
        }, cancel);
        Console.WriteLine($"Demo: {loaded.Text}");
        if (await new DemoTables(demo).MakeAsync(cancel) is { } reason)
            NoTables(reason);
    }

    async Task GreetAsync(string key, CancellationToken cancel) => Greet(
        await LinkAsync(key, cancel), serving.Known, serving.Local, key, DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime));

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

    [LoggerMessage(LogLevel.Warning, "The demo workspace could not be brought up to now")]
    partial void Failed(Exception failure);

    [LoggerMessage(LogLevel.Information, "The demo's app has no tables of its own: {Reason}")]
    partial void NoTables(string reason);
}
