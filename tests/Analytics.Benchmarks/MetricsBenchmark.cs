using System.Diagnostics;

namespace Analytics.Benchmarks;

/// <summary>
/// How long does the dashboard take, with every metric there is, and does it take longer when there are ten times as many events of
/// the same people and shares? Every measured question follows a write and differs from the one before.
/// </summary>
public static class MetricsBenchmark
{
    const string Part = "Metrics, typical";
    const long Day = 86_400_000_000;
    const int DaysOfData = 366;

    // Code that has just begun to run is slow code: what is measured is a service that has been asked before.
    const int WarmUp = 10;

    public static async Task RunAsync(Run run, CancellationToken cancel)
    {
        var shares = run.Size.Shares;
        run.Start($"{Part}: {string.Join(" and ", run.Size.Events.Select(Count))} events and {Count(shares)} shares over {DaysOfData} days");
        await using var service = await run.StartServiceAsync("metrics", cancel);
        var sets = new List<DataSet>();
        var rate = double.PositiveInfinity;
        foreach (var wanted in run.Size.Events)
        {
            var left = Math.Max(0, run.TimeLeft.TotalSeconds - 90);
            var events = sets.Count == 0 ? wanted : Math.Min(wanted, (long)(left * rate) / 100_000 * 100_000);
            if (sets.Count > 0 && events <= sets[^1].Events)
                break;
            if (events < wanted)
                Report.Say($"  {Count(wanted)} events do not fit into the time: {Count(events)} are used");
            var workspace = await service.CreateWorkspaceAsync(Profile.Typical, $"metrics-{sets.Count}", registerFields: false, cancel);
            rate = await LoadAsync(run, service, workspace, sets.Count, events, shares, cancel);
            sets.Add(new(workspace, events, new Lane(Profile.Typical, run.Options.Seed, 9_500 + sets.Count)));
        }

        await AskServiceAsync(run, service, sets, cancel);
        await AskRowsAsync(run, service, sets, cancel);
        Tell(run.Report, sets);
        await DiskSpace.TellAsync(run, Part, service.Database, null, sets.Sum(set => set.Workspace.Tally.Inserted), cancel);
        foreach (var set in sets)
            await Reckoning.CheckAsync(run, Part, service, set.Workspace, cancel);
    }

    static async Task<double> LoadAsync(
        Run run, ServiceUnderTest service, TestWorkspace workspace, int number, long events, int shares, CancellationToken cancel)
    {
        var now = Clock.Microseconds();
        var from = now - DaysOfData * Day;
        var load = await SteadyLoad.LoadAsync(service, workspace, run.Lanes(Profile.Typical, 4, stream: 8 + number), events, from, now, cancel);
        var lives = new ShareLives(Profile.Typical, run.Options.Seed, workspace.Key, from, now);
        var first = 0;
        var told = await ClosedLoop.RunAsync(service.Port, 1, _ =>
        {
            if (first >= shares)
                return null;
            var request = lives.Next(first, shares);
            first = ShareLives.After(first);
            return request;
        }, workspace.Tally, cancel);
        await Settling.WaitAsync(service, cancel);
        run.Report.Add(new(Part, $"load of {Count(events)} over a year in batches of 10 000", load.EventsPerSecond, "events/s"));
        run.Report.Add(new(Part, $"load of {Count(shares)} shares, one connection", told.EventsPerSecond, "events/s", Note: $"[{told.Events:#,0} events]"));
        return load.EventsPerSecond;
    }

    static async Task AskServiceAsync(Run run, ServiceUnderTest service, List<DataSet> sets, CancellationToken cancel)
    {
        using var connection = await KeepAlive.OpenAsync(service.Port, cancel);
        for (var variant = 0; variant < WarmUp + run.Size.RequestsPerQuestion; variant++)
            foreach (var question in MetricsQuestion.All)
                foreach (var set in sets)
                {
                    await WriteOneAsync(connection, set, cancel);
                    var request = KeepAlive.Get(question.Path(variant, run.Size.Shares), set.Workspace.Key);
                    var started = Stopwatch.GetTimestamp();
                    var answer = await connection.SendAsync(request, cancel);
                    var milliseconds = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
                    if (answer.Status != 200)
                        throw new InvalidOperationException($"{question.Name} answered {answer.Status}: {answer.Text}");
                    if (variant >= WarmUp)
                        set.Of(question).Add(milliseconds);
                }
    }

    static async Task WriteOneAsync(KeepAlive connection, DataSet set, CancellationToken cancel)
    {
        var now = Clock.Microseconds();
        var answer = await connection.SendAsync(new IngestRequest(set.Lane, set.Workspace.Key).Batch(1, now - 1_000_000, now).Bytes, cancel);
        if (answer.Status != 200)
            throw new InvalidOperationException($"A single event was answered {answer.Status}: {answer.Text}");
        set.Workspace.Tally.Acknowledge(answer);
    }

    static async Task AskRowsAsync(Run run, ServiceUnderTest service, List<DataSet> sets, CancellationToken cancel)
    {
        await using var connection = await run.Postgres.OpenAsync(service.Database, cancel);
        foreach (var set in sets)
            foreach (var question in MetricsQuestion.All.Where(question => question.Zone == "UTC" && question.Grows))
                if (run.TimeLeft > TimeSpan.FromSeconds(70))
                    set.RowsMilliseconds[question] = await question.AskRowsAsync(connection, set.Workspace, 1, cancel);
    }

    static void Tell(Report report, List<DataSet> sets)
    {
        foreach (var set in sets)
            foreach (var question in MetricsQuestion.All)
            {
                var p95 = Spread.Percentile(set.Of(question), 95);
                var grown = ReferenceEquals(set, sets[0]) ? "" : $"; p95 {p95 / Spread.Percentile(sets[0].Of(question), 95):0.00} times that at {Count(sets[0].Events)}";
                report.Add(new(Part, $"{Count(set.Events)}: {question.Name}, p95", p95, "ms",
                    set.RowsMilliseconds.TryGetValue(question, out var rows) ? rows : null, question.Goal, Note: $"p50 {Report.Short(Spread.Median(set.Of(question)))}{grown}",
                    Headline: question.Headline && ReferenceEquals(set, sets[^1])));
            }

        if (sets.Count > 1)
            report.Add(new(Part, $"30 days by hour and 1 year by day, p95 at {Count(sets[^1].Events)} / {Count(sets[0].Events)}",
                Spread.Percentile(sets[^1].Growing, 95) / Spread.Percentile(sets[0].Growing, 95), "of 1", Goal: Goal.AtMost(1.3),
                Headline: true));
    }

    static string Count(long events) => events >= 1_000_000 ? $"{events / 1e6:0.##} M" : $"{events / 1e3:0.##} k";

    sealed record DataSet(TestWorkspace Workspace, long Events, Lane Lane)
    {
        readonly Dictionary<MetricsQuestion, List<double>> milliseconds = MetricsQuestion.All.ToDictionary(question => question, _ => new List<double>());

        public Dictionary<MetricsQuestion, double> RowsMilliseconds { get; } = [];

        public List<double> Of(MetricsQuestion question) => milliseconds[question];

        /// <summary>The answers of which it matters whether they take longer when there is more.</summary>
        public List<double> Growing => [.. milliseconds.Where(each => each.Key.Grows).SelectMany(each => each.Value)];
    }
}
