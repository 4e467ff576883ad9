using System.Diagnostics;
using System.Text.Json;

namespace Analytics.Benchmarks.Business;

/// <summary>
/// What do alerts cost that are looked at every minute, where nothing happens and where every workspace commits each second; and how late
/// is a crossing told? Costs are those of the service and its Postgres, beyond what the same minutes cost without alerts.
/// </summary>
static class AlertsBenchmark
{
    const string Part = "Alerts";
    const double IdleGoal = 2;
    const double BusyGoal = 25;
    const double LateGoal = 90;
    const string Told = "told";

    static readonly string[] Windows = ["15m", "1h", "1d", "30d"];

    static readonly (string Aggregation, string? Field)[] Metrics =
        [("count", null), ("sum", "n"), ("avg", "n"), ("p95", "n"), ("unique", "customer"), ("max", "n")];

    static readonly string?[] Dimensions = [null, "customer", "plan", "name"];

    public static async Task RunAsync(Run run, CancellationToken cancel)
    {
        var (count, alerts, minutes) = run.Size.Name switch { "tiny" => (5, 20, 1), "small" => (20, 50, 2), _ => (100, 100, 2) };
        run.Start($"{Part}: {count} workspaces with {alerts} each");
        await using var service = await run.StartServiceAsync("alerts", cancel);
        var workspaces = new List<TestWorkspace>();
        for (var number = 0; number < count; number++)
            workspaces.Add(await service.CreateWorkspaceAsync(Profile.Typical, $"alerts-{number}", registerFields: false, cancel));
        // Of a time that no window's end goes over in the next minutes.
        foreach (var workspace in workspaces)
            await SendAsync(service, workspace, 200, TimeSpan.FromHours(3), cancel);
        await CoresAsync(service, 1, () => SecondAsync(service, workspaces, cancel), cancel); // until the service is warm
        var idle = await CoresAsync(service, minutes, null, cancel);
        var busy = await CoresAsync(service, minutes, () => SecondAsync(service, workspaces, cancel), cancel);

        foreach (var workspace in workspaces)
            await WatchAsync(service, workspace, alerts, cancel);
        await CoresAsync(service, 2, null, cancel); // until all is held that they ask for
        Tell(run, "nothing happens", await CoresAsync(service, minutes, null, cancel) - idle, IdleGoal);
        await LatenessAsync(run, service, workspaces, cancel);
        Tell(
            run, "a commit a second in every workspace",
            await CoresAsync(service, minutes, () => SecondAsync(service, workspaces, cancel), cancel) - busy, BusyGoal);
    }

    static void Tell(Run run, string when, double cores, double goal) => run.Report.Add(
        new(Part, when, 100 * cores, "% of a core", Goal: Goal.AtMost(goal), Note: "service and Postgres, beyond the same without alerts",
            Headline: true));

    /// <summary>Cores that the service and Postgres use in some minutes in which something is done each second.</summary>
    static async Task<double> CoresAsync(ServiceUnderTest service, int minutes, Func<Task>? second, CancellationToken cancel)
    {
        var (before, clock) = (service.Cpu, Stopwatch.StartNew());
        for (var done = 1; done <= 60 * minutes; done++)
        {
            if (second is not null)
                await second();
            var rest = TimeSpan.FromSeconds(done) - clock.Elapsed;
            if (rest > TimeSpan.Zero)
                await Task.Delay(rest, cancel);
        }

        var used = (service.Cpu - before).Server / clock.Elapsed.TotalSeconds;
        Report.Say($"  {minutes} min {(second is null ? "of nothing" : "of commits")}: {(service.Cpu - before).Describe(clock.Elapsed.TotalSeconds)}");
        return used;
    }

    /// <summary>How long after the first of its events an alert is told, at the most.</summary>
    static async Task LatenessAsync(Run run, ServiceUnderTest service, List<TestWorkspace> workspaces, CancellationToken cancel)
    {
        var waiting = workspaces.ToHashSet();
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(workspaces.Select(workspace => SendAsync(service, workspace, 1, TimeSpan.Zero, cancel, Told)));
        for (; waiting.Count > 0 && clock.Elapsed < TimeSpan.FromMinutes(3); await Task.Delay(1_000, cancel))
            foreach (var workspace in waiting.ToList())
                if ((await service.GetAsync(workspace, "/api/v1/events?type=threshold.exceeded&limit=1", cancel))
                    .GetProperty("data").GetArrayLength() > 0)
                    waiting.Remove(workspace);
        if (waiting.Count > 0)
            run.Report.Fault($"{waiting.Count} crossings were not told in three minutes.");
        run.Report.Add(new(
            Part, "the last crossing told after", clock.Elapsed.TotalSeconds, "s", Goal: Goal.AtMost(LateGoal), Headline: true));
    }

    static Task SecondAsync(ServiceUnderTest service, List<TestWorkspace> workspaces, CancellationToken cancel) =>
        Parallel.ForEachAsync(
            workspaces, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = cancel },
            async (workspace, stop) => await SendAsync(service, workspace, 1, TimeSpan.Zero, stop));

    static Task<JsonElement> SendAsync(
        ServiceUnderTest service, TestWorkspace workspace, int count, TimeSpan ago, CancellationToken cancel, string name = "api.called") =>
        service.PostAsync(workspace, "/api/events/ingest", new
        {
            events = Enumerable.Range(0, count).Select(_ => new
            {
                name,
                external_customer_id = $"customer-{Random.Shared.Next(20)}",
                timestamp = TimeProvider.System.GetUtcNow() - ago,
                metadata = new { n = Random.Shared.Next(1_000), plan = Random.Shared.Next(2) == 0 ? "pro" : "free" },
            }),
        }, cancel);

    static async Task WatchAsync(ServiceUnderTest service, TestWorkspace workspace, int alerts, CancellationToken cancel)
    {
        for (var at = 0; at < alerts - 1; at++)
        {
            var (metric, dimension) = (Metrics[at % Metrics.Length], Dimensions[at % Dimensions.Length]);
            await AddAsync(service, workspace, new
            {
                name = $"alert {at}",
                window = Windows[at % Windows.Length],
                query = new
                {
                    metrics = new[] { new { aggregation = metric.Aggregation, field = metric.Field } },
                    dimensions = dimension is null ? [] : new[] { dimension },
                    filters = at % 3 > 0 ? [] : new[] { new { field = "plan", @operator = "NOT_EQUALS", value = $"plan {at}" } },
                },
                when = new { @operator = "GREATER_THAN", value = 1e12 },
            }, cancel);
        }

        await AddAsync(service, workspace, new
        {
            name = Told, window = "15m", when = new { @operator = "GREATER_THAN", value = 0 },
            query = new { metrics = new[] { new { aggregation = "count" } }, events = new[] { Told } },
        }, cancel);
    }

    static Task<JsonElement> AddAsync(ServiceUnderTest service, TestWorkspace workspace, object alert, CancellationToken cancel) =>
        service.PostAsync(workspace, "/api/v1/alerts", alert, cancel);
}
