using System.Diagnostics;

namespace Analytics.Benchmarks.Business;

/// <summary>
/// How long do questions about the business take over 30 days, right after the events came and at rest, of 5 000 customers and of 50 000, and
/// when there are ten times as many events? How much do twenty units cost while events come in, and how long is a new one filled?
/// </summary>
static class BusinessBenchmark
{
    const string Part = "Business analytics";
    const long Days = 30 * TimeSpan.MicrosecondsPerDay;
    const int Lanes = 4;
    const double Growth = 1.3;

    sealed record Set(string Name, TestWorkspace Workspace, BusinessLane Lane)
    {
        public Answers<BusinessQuestion> Fresh { get; } = new();
        public Answers<BusinessQuestion> AtRest { get; } = new();
        public HashSet<BusinessQuestion> Unanswered { get; } = [];
    }

    public static async Task RunAsync(Run run, CancellationToken cancel)
    {
        run.Start($"{Part}: {string.Join(" and ", run.Size.Events.Select(Count))} events of 30 days");
        await using var service = await run.StartServiceAsync("business", cancel);
        var sets = new List<Set>();
        foreach (var (events, customers) in run.Size.Events.Select(events => (events, 5_000)).Append((run.Size.Events[0], 50_000)))
            sets.Add(await LoadAsync(run, service, sets.Count, events, customers, cancel));
        await AskAsync(run, service, sets, set => set.AtRest, run.Size.RequestsPerQuestion, cancel);
        var largest = sets[^2];
        foreach (var set in sets)
            Tell(run, set, isOfHeadlines: ReferenceEquals(set, largest));
        TellGrowth(run, sets[0], largest);
        await NewUnitAsync(run, service, largest, cancel);
        await UnitsBenchmark.UnderIngestAsync(run, Part, service, largest.Workspace, largest.Name, cancel);
        await UnitsBenchmark.ShareAsync(run, Part, service, cancel);
    }

    static string Count(long events) => events >= 1_000_000 ? $"{events / 1e6:0.##} M" : $"{events / 1e3:0.##} k";

    static async Task<Set> LoadAsync(
        Run run, ServiceUnderTest service, int number, long events, int customers, CancellationToken cancel)
    {
        var workspace = await service.CreateWorkspaceAsync(Profile.Typical, $"business-{number}", registerFields: false, cancel);
        await UnitsAsync(service, workspace, cancel);
        var lanes = Enumerable.Range(0, Lanes + 1).Select(lane => new BusinessLane(run.Options.Seed, (number * 100) + lane, customers, workspace.Key)).ToArray();
        var set = new Set($"{Count(events)} of {customers:#,0} customers", workspace, lanes[Lanes]);
        var now = Clock.Microseconds();
        var memory = new MemoryWatch(service.ProcessId);
        var load = await SteadyLoad.LoadAsync(
            service, workspace, Lanes, (lane, size, start, end) => lanes[lane].Batch(size, start, end), events, now - Days, now, cancel);
        run.Report.Add(new(Part, $"load of {set.Name}", load.EventsPerSecond, "events/s", Note: $"peak memory {memory.PeakMegabytes:0} MB"));
        await AskAsync(run, service, [set], asked => asked.Fresh, Math.Max(3, run.Size.RequestsPerQuestion / 4), cancel);
        await Settling.RestAsync(service, cancel);
        return set;
    }

    /// <summary>A unit of each aggregation, some with filters, as a product has them.</summary>
    static async Task UnitsAsync(ServiceUnderTest service, TestWorkspace workspace, CancellationToken cancel)
    {
        foreach (var (aggregation, at) in ((string[])["COUNT", "SUM", "UNIQUE", "MAX", "AVG", "PERCENTILE_95"]).Select((name, at) => (name, at)))
            await service.PostAsync(workspace, "/api/v1/billable-units", new
            {
                key = $"unit-{at}", name = $"Unit {at}", unitLabel = "units", aggregation, eventName = "chat.completed",
                field = aggregation == "COUNT" ? null : aggregation == "UNIQUE" ? "region" : "tokens",
                filters = at % 2 == 0 ? [] : (object[])[new { field = "region", @operator = "EQUALS", value = "eu" }],
            }, cancel);
    }

    // Data sets and questions take turns, and each question follows a write. Variant 0 warms up.
    static async Task AskAsync(
        Run run, ServiceUnderTest service, List<Set> sets, Func<Set, Answers<BusinessQuestion>> answers, int variants, CancellationToken cancel)
    {
        using var connection = await KeepAlive.OpenAsync(service.Port, cancel);
        for (var variant = 0; variant <= variants; variant++)
            foreach (var question in BusinessQuestion.All)
                foreach (var set in sets.Where(set => !set.Unanswered.Contains(question)))
                {
                    var now = Clock.Microseconds();
                    set.Workspace.Tally.Acknowledge(await connection.SendAsync(set.Lane.Batch(1, now - 1_000, now).Bytes, cancel));
                    var request = question.Request(variant, set.Workspace.Key);
                    var started = Stopwatch.GetTimestamp();
                    var answer = await connection.SendAsync(request, cancel);
                    if (answer.Status != 200)
                    {
                        set.Unanswered.Add(question);
                        run.Report.Fault($"{Part}: {question.Name} answered {answer.Status}: {answer.Text}");
                        continue;
                    }

                    answers(set).Bytes[question] = answer.Body.Length;
                    if (variant > 0)
                        answers(set).Add(question, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                }
    }

    static void Tell(Run run, Set set, bool isOfHeadlines)
    {
        foreach (var question in BusinessQuestion.All.Except(set.Unanswered))
            run.Report.Add(new(Part, $"{set.Name}: {question.Name}, p95", set.AtRest.P95(question), "ms", Goal: Goal.AtMost(question.Most),
                Note: $"p50 {Report.Short(set.AtRest.P50(question))}; right after the load p50 {Report.Short(set.Fresh.P50(question))}, "
                    + $"p95 {Report.Short(set.Fresh.P95(question))}; {set.AtRest.Bytes[question]:#,0} bytes",
                Headline: isOfHeadlines && question.IsHeadline));
    }

    static void TellGrowth(Run run, Set small, Set large)
    {
        var grown = BusinessQuestion.All.Except(small.Unanswered).Except(large.Unanswered).Where(question => question.Name != "funnel")
            .Select(question => (question.Name, By: large.AtRest.P95(question) / small.AtRest.P95(question)))
            .OrderByDescending(question => question.By).ToList();
        if (grown.Count > 0)
            run.Report.Add(new(Part, $"p95 of the question that grows most, {small.Name} to {large.Name}", grown[0].By, "times",
                Goal: Goal.AtMost(Growth), Note: string.Join(", ", grown.Where(one => one.By > Growth).Select(one => $"{one.Name} {Report.Short(one.By)}")),
                Headline: true));
    }

    /// <summary>A unit made on all events: answered at once, and filled in the background.</summary>
    static async Task NewUnitAsync(Run run, ServiceUnderTest service, Set set, CancellationToken cancel)
    {
        var began = Stopwatch.StartNew();
        await service.PostAsync(set.Workspace, "/api/v1/billable-units", new
        {
            key = "late", name = "Late", unitLabel = "tokens", aggregation = "SUM", eventName = "chat.completed", field = "tokens",
            filters = (object[])[new { field = "region", @operator = "NOT_EQUALS", value = "us" }],
        }, cancel);
        using var connection = await KeepAlive.OpenAsync(service.Port, cancel);
        var ask = KeepAlive.Get("/api/v1/analytics/usage/by-billable-unit?period=30d", set.Workspace.Key);
        double? first = null;
        await using var store = await run.Postgres.OpenAsync(service.Database, cancel);
        var (slowest, refused) = (0.0, 0);
        while (began.Elapsed < TimeSpan.FromMinutes(5) && !await UnitsBenchmark.AreReadyAsync(store, cancel))
        {
            var asked = Stopwatch.StartNew();
            var answer = await connection.SendAsync(ask, cancel);
            slowest = Math.Max(slowest, asked.Elapsed.TotalMilliseconds);
            if (answer.Status != 200)
            {
                refused++;
                continue;
            }

            first ??= asked.Elapsed.TotalMilliseconds;
            await Task.Delay(500, cancel);
        }

        run.Report.Add(new(
            // Of one that had no answer before it was ready: how long that took.
            Part, $"a unit made on {set.Name}: first answer", first ?? began.Elapsed.TotalMilliseconds, "ms", Goal: Goal.AtMost(10_000),
            Note: $"slowest {slowest:0} ms, {refused} answers of 503"));
        run.Report.Add(new(Part, "the same: ready after", began.Elapsed.TotalSeconds, "s", Goal: Goal.AtMost(60)));
    }
}
