using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Analytics.Benchmarks.Requests;
using Npgsql;

namespace Analytics.Benchmarks;

/// <summary>
/// How long does the first page of the event log take under each filter, over as many events as requests? One record in a thousand is an
/// event that says in <c>_log</c> what the filters ask for, and one in a million is critical.
/// </summary>
static class LogBenchmark
{
    const string Part = "Event log";
    const long Days = 30 * TimeSpan.MicrosecondsPerDay;
    const int Lanes = 4;
    const int FirstLane = 90_000;
    const int Said = 1_000;
    const int Critical = 1_000_000;
    const int LeastScanned = 100_000;

    /// <param name="Name">What the report calls it.</param>
    /// <param name="Filter">The query.</param>
    /// <param name="Most">Milliseconds of its 95th percentile.</param>
    sealed record Search(string Name, string Filter, double Most)
    {
        public List<double> Milliseconds { get; } = [];
    }

    static readonly Search[] Searches =
    [
        new("everything", "", 100),
        new("a type, one in 1 000", "type=deploy.done", 100),
        new("a category, one in 1 000", "category=SYSTEM", 100),
        new("severity CRITICAL, one in 1 000 000", "severity=CRITICAL", 100),
        new("severity ERROR", "severity=ERROR", 100),
        new("severity WARN", "severity=WARN", 100),
        new("category API", "category=API", 100),
        new("an actor, one in 1 000", "actor=bot-7", 100),
        new("a target type, one in 1 000", "targetType=deploy", 100),
        new("an actor's errors", "actor=bot-7&severity=CRITICAL", 100),
        new("a correlation, a single one", "correlationId=d-1", 1_200),
        new("an actor that is none", "actor=nobody", 1_200),
        new("a text, one in 1 000", "q=Kirschblüte", 1_200),
        new("a text that is nowhere", "q=nowhere+to+be+found", 1_200),
        new("a text of a type", "q=deploy.do", 1_200),
    ];

    public static async Task RunAsync(Run run, CancellationToken cancel)
    {
        var wanted = run.Size.Events[^1];
        run.Start($"{Part}: {wanted:#,0} events and as many requests of 30 days");
        await using var service = await run.StartServiceAsync("log", cancel);
        var workspace = await service.CreateWorkspaceAsync(Profile.Typical, "log", registerFields: false, cancel);
        var now = Clock.Microseconds();
        var records = await LoadAsync(run, service, workspace, wanted, now, cancel);
        await AskAsync(run, service, workspace, "right after the load", Math.Max(3, run.Size.RequestsPerQuestion / 4), cancel);
        await Settling.RestAsync(service, cancel);
        await AskAsync(run, service, workspace, "at rest", run.Size.RequestsPerQuestion, cancel);
        await LookHowFarAsync(run, service, workspace, records, cancel);
    }

    static async Task<long> LoadAsync(
        Run run, ServiceUnderTest service, TestWorkspace workspace, long wanted, long now, CancellationToken cancel)
    {
        var events = await SteadyLoad.LoadAsync(
            service, workspace, run.Lanes(Profile.Typical, Lanes, stream: 16), wanted, now - Days, now, cancel);
        var posts = Enumerable.Range(FirstLane, Lanes)
            .Select(lane => new RequestsPost(new TrafficLane(run.Options.Seed, lane, withIds: false), workspace.Key)).ToArray();
        var requests = await SteadyLoad.LoadAsync(
            service, workspace, Lanes, (lane, size, start, end) => posts[lane].Batch(size, start, end), wanted, now - Days, now, cancel);
        var said = (int)(2 * wanted / Said);
        var lanes = Enumerable.Range(0, Lanes).Select(_ => new SaidEvents(workspace.Key)).ToArray();
        await SteadyLoad.LoadAsync(
            service, workspace, Lanes, (lane, size, start, end) => lanes[lane].Batch(size, start, end), said, now - Days, now, cancel);
        run.Report.Add(new(Part, "load", events.EventsPerSecond, "events/s", Note: $"{requests.EventsPerSecond:#,0} requests/s"));
        return 2 * wanted + said;
    }

    // The searches take turns; each follows a write. The first round warms up.
    static async Task AskAsync(
        Run run, ServiceUnderTest service, TestWorkspace workspace, string when, int rounds, CancellationToken cancel)
    {
        using var connection = await KeepAlive.OpenAsync(service.Port, cancel);
        var one = new IngestRequest(run.Lanes(Profile.Typical, 1, stream: 17)[0], workspace.Key);
        foreach (var search in Searches)
            search.Milliseconds.Clear();
        for (var round = 0; round <= rounds; round++)
            foreach (var search in Searches)
            {
                var now = Clock.Microseconds();
                workspace.Tally.Acknowledge(await connection.SendAsync(one.Batch(1, now - 1_000, now).Bytes, cancel));
                var request = KeepAlive.Get($"/api/v1/events?{search.Filter.Replace("ü", "%C3%BC", StringComparison.Ordinal)}", workspace.Key);
                var started = Stopwatch.GetTimestamp();
                var answer = await connection.SendAsync(request, cancel);
                if (answer.Status != 200)
                    throw new InvalidOperationException($"{search.Name} answered {answer.Status}: {answer.Text}");
                if (round > 0)
                    search.Milliseconds.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }

        foreach (var search in Searches)
            run.Report.Add(new(Part, $"{search.Name}, first page {when}, p95", Spread.Percentile(search.Milliseconds, 95), "ms",
                Goal: Goal.AtMost(search.Most), Note: $"p50 {Report.Short(Spread.Median(search.Milliseconds))}",
                Headline: search.Name.StartsWith("a type", StringComparison.Ordinal)));
    }

    // A page that is short of its limit has looked through many, or to the end.
    static async Task LookHowFarAsync(Run run, ServiceUnderTest service, TestWorkspace workspace, long records, CancellationToken cancel)
    {
        await using var connection = await run.Postgres.OpenAsync(service.Database, cancel);
        var least = records;
        var pages = 0;
        foreach (var search in Searches)
        {
            var path = $"/api/v1/events?{search.Filter}";
            for (DateTimeOffset? before = null; pages < 200; pages++)
            {
                var answer = await service.GetAsync(workspace, path, cancel);
                if (answer.GetProperty("nextCursor").ValueKind == JsonValueKind.Null || answer.GetProperty("data").GetArrayLength() >= 50)
                    break;
                var reached = answer.GetProperty("scannedTo").GetDateTimeOffset();
                var scanned = await CountAsync(connection, workspace.Id, reached, before ?? TimeProvider.System.GetUtcNow(), cancel);
                if (!search.Filter.Contains("severity", StringComparison.Ordinal) && !search.Filter.Contains("category", StringComparison.Ordinal))
                    least = Math.Min(least, scanned);
                if (before is not null)
                    break;
                before = reached;
                path = $"/api/v1/events?{search.Filter}&cursor={Uri.EscapeDataString(answer.GetProperty("nextCursor").GetString()!)}";
            }
        }

        run.Report.Add(new(Part, "records that a page short of its limit has looked at, least", least, "records",
            Goal: new Goal(Math.Min(LeastScanned, records))));
    }

    static async Task<long> CountAsync(NpgsqlConnection connection, Guid workspace, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel)
    {
        const string Sql = """
            select (select count(*) from events e join workspaces using (workspace_id) where workspaces.id = $1 and timestamp between $2 and $3)
                + (select count(*) from requests r join workspaces using (workspace_id) where workspaces.id = $1 and timestamp between $2 and $3)
            """;
        await using var command = new NpgsqlCommand(Sql, connection) { CommandTimeout = 120 };
        command.Parameters.Add(new() { Value = workspace });
        command.Parameters.Add(new() { Value = from.UtcDateTime });
        command.Parameters.Add(new() { Value = to.UtcDateTime });
        return (long)(await command.ExecuteScalarAsync(cancel))!;
    }

    /// <summary>Events that say what they are in <c>_log</c>.</summary>
    sealed class SaidEvents(string key)
    {
        static int numbers;

        readonly JsonPost post = new("/api/events/ingest", key);

        public WireRequest Batch(int size, long from, long to)
        {
            post.Start();
            post.Body.Add("{\"events\":["u8);
            for (var at = 0; at < size; at++)
            {
                var number = Interlocked.Increment(ref numbers);
                var time = DateTime.UnixEpoch.AddMicroseconds(from + (to - from) / size * at);
                var severity = number % (Critical / Said) == 1 ? "CRITICAL" : "WARN";
                post.Body.Add(System.Text.Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $$$"""
                    {{{(at > 0 ? "," : "")}}}{"name":"deploy.done","timestamp":"{{{time:yyyy-MM-ddTHH:mm:ss.ffffff}}}Z","metadata":{"note":"Kirschblüte",
                    "_log":{"severity":"{{{severity}}}","actor_id":"bot-7","actor_type":"bot","target_type":"deploy","target_id":"t-{{{number}}}",
                    "correlation_id":"d-{{{number}}}"} } }
                    """)));
            }

            post.Body.Add("]}"u8);
            return new(post.Finish(), size);
        }
    }
}
