using System.Diagnostics;

namespace Analytics.Benchmarks;

/// <summary>
/// How long does a dashboard's question take, and does it take longer when there are ten times as many events of the same
/// people? Both data sets are loaded through the API; every measured question follows a write and differs from the one
/// before, so that no answer can come from a cache.
/// </summary>
public static class StatisticsBenchmark
{
    const string Part = "Statistics, typical";
    const int DaysOfData = 34;

    // All questions asked of raw rows take about as much, per row.
    const double SecondsPerRow = 6e-6;

    public static async Task RunAsync(Run run, CancellationToken cancel)
    {
        run.Start($"{Part}: {string.Join(" and ", run.Size.Events.Select(Count))} events over {DaysOfData} days");
        await using var service = await run.StartServiceAsync("statistics", cancel);
        var sets = new List<DataSet>();
        var rate = double.PositiveInfinity;
        foreach (var wanted in run.Size.Events)
        {
            var events = sets.Count == 0 ? wanted : Math.Min(wanted, Affordable(run, rate));
            if (events < wanted)
                Report.Say($"  {Count(wanted)} events do not fit into the time: {Count(events)} are used");
            if (sets.Count > 0 && events <= sets[^1].Events)
                break;
            var slug = $"statistics-{sets.Count}";
            var workspace = await service.CreateWorkspaceAsync(Profile.Typical, slug, run.Options.RegisterFields, cancel);
            rate = await LoadAsync(run, service, workspace, sets.Count, events, cancel);
            sets.Add(new(workspace, events, new Lane(Profile.Typical, run.Options.Seed, 9_000 + sets.Count)));
        }

        await AskServiceAsync(run, service, sets, cancel);
        await AskRowsAsync(run, service, sets, cancel);
        Tell(run.Report, sets);
        await DiskSpace.TellAsync(run, Part, service.Database, null, sets.Sum(set => set.Events), cancel);
        foreach (var set in sets)
            await Reckoning.CheckAsync(run, Part, service, set.Workspace, cancel);
    }

    /// <summary>What can be loaded and asked in the time left.</summary>
    static long Affordable(Run run, double rate)
    {
        // A third of the rest is for the metrics, when they are asked for too.
        var seconds = run.TimeLeft.TotalSeconds * (run.Options.Only.Contains("metrics") ? 0.6 : 1) - 50;
        return Math.Max(0, (long)(seconds / (1 / rate + SecondsPerRow)) / 100_000 * 100_000);
    }

    static TimeSpan ForRows(List<DataSet> sets) => TimeSpan.FromSeconds(10 + sets.Sum(set => set.Events) * SecondsPerRow);

    static async Task<double> LoadAsync(
        Run run, ServiceUnderTest service, TestWorkspace workspace, int number, long events, CancellationToken cancel)
    {
        var now = Clock.Microseconds();
        var lanes = run.Lanes(Profile.Typical, 4, stream: 5 + number);
        var memory = new MemoryWatch(service.ProcessId);
        var before = service.Cpu;
        var load = await SteadyLoad.LoadAsync(service, workspace, lanes, events, now - DaysOfData * 86_400_000_000L, now, cancel);
        var cpu = service.Cpu - before;
        await Settling.WaitAsync(service, cancel);
        run.Report.Add(new(Part, $"load of {Count(events)} in batches of 10 000", load.EventsPerSecond, "events/s",
            Note: cpu.Describe(load.Seconds)));
        run.Report.Add(new(Part, $"peak memory, load of {Count(events)}", memory.PeakMegabytes, "MB", Goal: Goal.AtMost(500)));
        return load.EventsPerSecond;
    }

    static async Task AskServiceAsync(Run run, ServiceUnderTest service, List<DataSet> sets, CancellationToken cancel)
    {
        using var connection = await KeepAlive.OpenAsync(service.Port, cancel);
        // Variant 0 warms up. Data sets and questions take turns, so that a slow moment of the machine hits all alike.
        for (var variant = 0; variant <= run.Size.RequestsPerQuestion && (variant < 5 || run.TimeLeft > ForRows(sets)); variant++)
            foreach (var question in Question.All)
                foreach (var set in sets)
                {
                    await WriteOneAsync(connection, set, cancel);
                    var request = KeepAlive.Get(question.Path(set.Workspace.Profile, variant), set.Workspace.Key);
                    var started = Stopwatch.GetTimestamp();
                    var answer = await connection.SendAsync(request, cancel);
                    var milliseconds = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
                    if (answer.Status != 200)
                        throw new InvalidOperationException($"{question.Name} answered {answer.Status}: {answer.Text}");
                    if (variant > 0)
                        set.Of(question).Milliseconds.Add(milliseconds);
                }
    }

    static async Task WriteOneAsync(KeepAlive connection, DataSet set, CancellationToken cancel)
    {
        var now = Clock.Microseconds();
        var request = new IngestRequest(set.Lane, set.Workspace.Key).Batch(1, now - 1_000_000, now);
        var answer = await connection.SendAsync(request.Bytes, cancel);
        if (answer.Status != 200)
            throw new InvalidOperationException($"A single event was answered {answer.Status}: {answer.Text}");
        set.Workspace.Tally.Acknowledge(answer);
    }

    static async Task AskRowsAsync(Run run, ServiceUnderTest service, List<DataSet> sets, CancellationToken cancel)
    {
        const int Variant = 1;
        await using var connection = await run.Postgres.OpenAsync(service.Database, cancel);
        foreach (var set in sets)
            foreach (var question in Question.All)
            {
                var answers = set.Of(question);
                // Nothing is written any more now, so the two must agree.
                var answer = await service.GetAsync(set.Workspace, question.Path(set.Workspace.Profile, Variant), cancel);
                var occurrences = answer.GetProperty("totals").EnumerateArray().Sum(row => row.GetProperty("occurrences").GetInt64());
                var (roots, milliseconds) = await question.AskRowsAsync(connection, set.Workspace, Variant, cancel);
                answers.RowsMilliseconds = milliseconds;
                if (roots is null)
                    Report.Say($"  {Count(set.Events)}: {question.Name}: bare Postgres was stopped after {milliseconds / 1000:0} s");
                else if (roots != occurrences)
                    run.Report.Fault($"{Part}: {question.Name} of {Count(set.Events)}: {occurrences} occurrences, but {roots} raw roots");
            }
    }

    static void Tell(Report report, List<DataSet> sets)
    {
        foreach (var set in sets)
            foreach (var question in Question.All)
            {
                var answers = set.Of(question);
                var growth = answers.P95 / sets[0].Of(question).P95;
                var grown = ReferenceEquals(set, sets[0]) ? "" : $"; p95 {growth:0.00} times that at {Count(sets[0].Events)}";
                report.Add(new(Part, $"{Count(set.Events)}: {question.Name}, p95", answers.P95, "ms", answers.RowsMilliseconds,
                    Note: $"p50 {Report.Short(Spread.Median(answers.Milliseconds))}{grown}",
                    Headline: question.Headline && ReferenceEquals(set, sets[^1])));
            }

        var largest = sets[^1].ByDay;
        report.Add(new(Part, $"{Count(sets[^1].Events)}: 30 days by day, UTC and the workspace's zone, p95", P95(sets[^1]), "ms", Goal: Goal.AtMost(100),
            Note: $"p50 {Report.Short(Spread.Median(largest))}, {largest.Count} requests, each after a write"));
        if (sets.Count > 1)
            report.Add(new(Part, $"30 days by day, both zones, p95 at {Count(sets[^1].Events)} / {Count(sets[0].Events)}",
                P95(sets[^1]) / P95(sets[0]), "of 1", Goal: Goal.AtMost(1.5), Headline: true));
    }

    static double P95(DataSet set) => Spread.Percentile(set.ByDay, 95);

    static string Count(long events) => events >= 1_000_000 ? $"{events / 1e6:0.##} M" : $"{events / 1e3:0.##} k";

    sealed record DataSet(TestWorkspace Workspace, long Events, Lane Lane)
    {
        readonly Dictionary<Question, Answers> answers = Question.All.ToDictionary(question => question, _ => new Answers());

        public Answers Of(Question question) => answers[question];

        /// <summary>
        /// Every answer to a question about 30 days by day in UTC or the workspace's zone, which is what the goals are about;
        /// a zone nobody keeps days in is told apart.
        /// </summary>
        public List<double> ByDay => [.. answers.Where(each => each.Key is { Interval: "day", Zone: null or "UTC" }).SelectMany(each => each.Value.Milliseconds)];
    }

    sealed class Answers
    {
        public List<double> Milliseconds { get; } = [];
        public double P95 => Spread.Percentile(Milliseconds, 95);
        public double RowsMilliseconds { get; set; }
    }
}
