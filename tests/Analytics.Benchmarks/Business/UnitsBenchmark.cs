using System.Diagnostics;
using Npgsql;

namespace Analytics.Benchmarks.Business;

/// <summary>What billable units cost: twenty of the busiest name while events come in, and one that is made over all there is.</summary>
static class UnitsBenchmark
{
    const int Lanes = 4;
    const int Units = 20;
    const long EventsOfRound = 60_000;
    const int MaxRounds = 8;

    static readonly TimeSpan Before = TimeSpan.FromSeconds(15);
    static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    static readonly (string Aggregation, string? Field)[] Counted =
        [("COUNT", null), ("SUM", "tokens"), ("UNIQUE", "region"), ("MAX", "tokens"), ("AVG", "tokens"), ("PERCENTILE_95", "tokens")];

    /// <summary>Events of a workspace with twenty units and of one without, in turns.</summary>
    public static async Task ShareAsync(Run run, string part, ServiceUnderTest service, CancellationToken cancel)
    {
        var (with, without) = (await WorkspaceAsync(run, service, 71, cancel), await WorkspaceAsync(run, service, 72, cancel));
        for (var unit = 0; unit < Units; unit++)
        {
            var (aggregation, field) = Counted[unit % Counted.Length];
            object[] filters = (unit / Counted.Length) switch
            {
                0 => [],
                1 => [new { field = "region", @operator = "EQUALS", value = "eu" }],
                2 => [new { field = "cost_category", @operator = "NOT_EQUALS", value = "storage" }],
                _ => [new { field = "tokens", @operator = "GREATER_THAN", value = 1_000 }],
            };
            await service.PostAsync(with.Workspace, "/api/v1/billable-units", new
            {
                key = $"unit-{unit}", name = $"Unit {unit}", unitLabel = "units", aggregation, eventName = "chat.completed", field, filters,
            }, cancel);
        }

        var ratios = new List<double>();
        for (var round = 0; round <= MaxRounds; round++)
        {
            var (one, other) = round % 2 == 0 ? (with, without) : (without, with);
            var speeds = (One: await RateAsync(service, one, cancel), Other: await RateAsync(service, other, cancel));
            if (round > 0)
                ratios.Add(round % 2 == 0 ? speeds.One / speeds.Other : speeds.Other / speeds.One);
        }

        run.Report.Add(new(
            part, $"ingest with {Units} units of the busiest name, beside none", Spread.Median(ratios), "times", Goal: new Goal(0.9),
            Note: $"quartiles {Report.Short(Spread.Percentile(ratios, 25))} to {Report.Short(Spread.Percentile(ratios, 75))} of {MaxRounds} rounds"));
    }

    /// <summary>A unit made while events come in: is it filled in time, and do they come nearly as fast?</summary>
    public static async Task UnderIngestAsync(
        Run run, string part, ServiceUnderTest service, TestWorkspace workspace, string name, CancellationToken cancel)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var lanes = LanesOf(run, 73, workspace);
        var writing = ClosedLoop.RunAsync(service.Port, Lanes, lane =>
        {
            var now = Clock.Microseconds();
            return enough.IsCancellationRequested ? null : lanes[lane].Batch(1_000, now - 1_000_000, now);
        }, workspace.Tally, cancel);
        await Task.Delay(TimeSpan.FromSeconds(5), cancel);
        var before = await RateAsync(workspace, clock => clock.Elapsed < Before, cancel);

        await service.PostAsync(workspace, "/api/v1/billable-units", new
        {
            key = "busy", name = "Busy", unitLabel = "tokens", aggregation = "SUM", eventName = "chat.completed", field = "tokens",
            filters = (object[])[new { field = "cost_category", @operator = "EQUALS", value = "inference" }],
        }, cancel);
        var began = Stopwatch.StartNew();
        await using var store = await run.Postgres.OpenAsync(service.Database, cancel);
        var isReady = false;
        var during = await RateAsync(
            workspace, clock => !isReady && clock.Elapsed < Longest, cancel, async () => isReady = await AreReadyAsync(store, cancel));
        run.Report.Add(new(
            part, $"a unit made on {name} under ingest: ready after", began.Elapsed.TotalSeconds, "s", Goal: Goal.AtMost(Longest.TotalSeconds),
            Note: isReady ? "" : "it was not ready"));
        run.Report.Add(new(
            part, "the same: ingest beside before", during / before, "times", Goal: new Goal(0.8),
            Note: $"{before:#,0} events/s before, {during:#,0} meanwhile"));
        await enough.CancelAsync();
        await writing;
    }

    /// <summary>Whether what came before them is in the cells of all units there are.</summary>
    public static async Task<bool> AreReadyAsync(NpgsqlConnection store, CancellationToken cancel)
    {
        await using var ready = new NpgsqlCommand("select bool_and(ready) from billable_units", store);
        return (bool)(await ready.ExecuteScalarAsync(cancel))!;
    }

    static async Task<double> RateAsync(TestWorkspace workspace, Predicate<Stopwatch> goesOn, CancellationToken cancel, Func<Task>? look = null)
    {
        var (clock, first) = (Stopwatch.StartNew(), workspace.Tally.Inserted);
        while (goesOn(clock))
        {
            await Task.Delay(200, cancel);
            if (look is not null)
                await look();
        }

        return (workspace.Tally.Inserted - first) / clock.Elapsed.TotalSeconds;
    }

    static async Task<double> RateAsync(ServiceUnderTest service, (TestWorkspace Workspace, BusinessLane[] Lanes) set, CancellationToken cancel)
    {
        var now = Clock.Microseconds();
        var load = await SteadyLoad.LoadAsync(
            service, set.Workspace, Lanes, (lane, size, start, end) => set.Lanes[lane].Batch(size, start, end), EventsOfRound,
            now - TimeSpan.MicrosecondsPerHour, now, cancel);
        return load.EventsPerSecond;
    }

    static async Task<(TestWorkspace Workspace, BusinessLane[] Lanes)> WorkspaceAsync(
        Run run, ServiceUnderTest service, int number, CancellationToken cancel)
    {
        var workspace = await service.CreateWorkspaceAsync(Profile.Typical, $"units-{number}", registerFields: false, cancel);
        return (workspace, LanesOf(run, number, workspace));
    }

    static BusinessLane[] LanesOf(Run run, int number, TestWorkspace workspace) =>
        [.. Enumerable.Range(0, Lanes).Select(lane => new BusinessLane(run.Options.Seed, (number * 100) + lane, 5_000, workspace.Key))];
}
