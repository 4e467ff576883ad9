namespace Analytics.Benchmarks;

/// <summary>
/// How fast are batches of 1 000? Rounds of the service and of bare binary COPY of the same rows take turns; every round
/// has new rows, so both sides' tables and indexes grow alike.
/// </summary>
public static class IngestBenchmark
{
    static readonly int[] BareConnections = [1, 2, 4];

    public static async Task RunAsync(Run run, CancellationToken cancel)
    {
        foreach (var profile in run.Options.Profiles)
            await RunAsync(run, profile, cancel);
    }

    static async Task RunAsync(Run run, Profile profile, CancellationToken cancel)
    {
        var part = $"Batch ingest, {profile.Name}";
        run.Start($"{part}: 1 000 events a request, {run.Options.Connections} connections, "
            + $"{run.Size.Rounds} rounds of {run.Size.BatchesPerRound} batches");
        await using var service = await run.StartServiceAsync($"ingest_{profile.Name}", cancel);
        var workspace = await service.CreateWorkspaceAsync(profile, "ingest", run.Options.RegisterFields, cancel);
        var bare = new Baseline[BareConnections.Length];
        for (var i = 0; i < bare.Length; i++)
            bare[i] = await Baseline.CreateAsync(run.Postgres, $"bench_bare_{BareConnections[i]}", cancel);
        try
        {
            await SameTables.CheckAsync(run, service.Database, bare[0].Database, cancel);
            var rounds = await MeasureAsync(run, service, workspace, bare, cancel);
            Tell(run.Report, part, profile, rounds);
            await DiskSpace.TellAsync(run, part, service.Database, bare[0].Database, workspace.Tally.Inserted, cancel);
            await Reckoning.CheckAsync(run, part, service, workspace, cancel);
        }
        finally
        {
            foreach (var database in bare)
                await database.DisposeAsync();
        }
    }

    static async Task<List<Round>> MeasureAsync(
        Run run, ServiceUnderTest service, TestWorkspace workspace, Baseline[] bare, CancellationToken cancel)
    {
        var lanes = run.Lanes(workspace.Profile, run.Options.Connections, stream: 1);
        var rounds = new List<Round>();
        for (var number = 0; number <= run.Size.Rounds; number++)
        {
            var batches = Prepare(lanes, workspace.Key, run.Size.BatchesPerRound);
            var round = await SendAsync(service, workspace, batches, lanes.Length, cancel);
            for (var turn = 0; turn < bare.Length; turn++)
            {
                var which = (turn + number) % bare.Length;
                round.Bare[which] = await bare[which].CopyAsync(batches, BareConnections[which], cancel);
            }

            // The first round warms both sides up: code gets compiled, tables get their first pages.
            Report.Say($"  {(number == 0 ? "warm-up" : $"round {number}")}: {round}");
            if (number > 0)
                rounds.Add(round);
        }

        return rounds;
    }

    static PreparedBatch[] Prepare(Lane[] lanes, string key, int count)
    {
        var batches = new PreparedBatch[count];
        Parallel.For(0, lanes.Length, lane =>
        {
            for (var at = lane; at < count; at += lanes.Length)
                batches[at] = PreparedBatch.Make(lanes[lane], key);
        });
        GC.Collect();
        return batches;
    }

    static async Task<Round> SendAsync(
        ServiceUnderTest service, TestWorkspace workspace, PreparedBatch[] batches, int connections, CancellationToken cancel)
    {
        var next = Enumerable.Range(0, connections).ToArray();
        var memory = new MemoryWatch(service.ProcessId);
        var before = service.Cpu;
        var loop = await ClosedLoop.RunAsync(service.Port, connections, NextOf, workspace.Tally, cancel);
        var cpu = service.Cpu - before;
        // What the service still does after its answers must neither be hidden nor slow down the other side.
        var afterwards = await Settling.WaitAsync(service, cancel);
        return new(loop, cpu, afterwards, memory.PeakMegabytes, new double[BareConnections.Length]);

        WireRequest? NextOf(int lane)
        {
            var at = next[lane];
            next[lane] += connections;
            return at < batches.Length ? new(batches[at].Request, batches[at].Events) : null;
        }
    }

    static void Tell(Report report, string part, Profile profile, List<Round> rounds)
    {
        var service = Spread.Median([.. rounds.Select(round => round.Service.EventsPerSecond)]);
        var medians = BareConnections.Select((_, which) => Spread.Median([.. rounds.Select(round => round.Bare[which])])).ToArray();
        var best = Array.IndexOf(medians, medians.Max());
        var ratios = rounds.Select(round => round.Service.EventsPerSecond / round.Bare[best]).ToArray();
        report.Add(new(part, "rate", service, "events/s", medians[best], Goal.RatioAtLeast(profile == Profile.Typical ? 0.40 : 0.25),
            $"medians of {rounds.Count}; ratios of the rounds {ratios.Min():0.00} to {ratios.Max():0.00}; bare: best of {EachBare(medians)}",
            Headline: true));

        double[] milliseconds = [.. rounds.SelectMany(round => round.Service.Milliseconds)];
        report.Add(new(part, "latency p50", Spread.Percentile(milliseconds, 50), "ms"));
        report.Add(new(part, "latency p99", Spread.Percentile(milliseconds, 99), "ms"));
        report.Add(new(part, "peak resident memory", rounds.Max(round => round.PeakMegabytes), "MB", Goal: Goal.AtMost(500)));

        var cpu = rounds.Aggregate(default(CpuSeconds), (sum, round) => sum + round.Cpu);
        report.Add(new(part, "processor time per 1 000 events", cpu.Server / rounds.Sum(round => round.Service.Events) * 1e6, "ms",
            Note: cpu.Describe(rounds.Sum(round => round.Service.Seconds))));
        report.Add(new(part, "work left after the last answer", rounds.Sum(round => round.Afterwards) / cpu.Server * 100, "% of that",
            Note: "done before bare Postgres had its turn"));
    }

    static string EachBare(double[] rates) =>
        string.Join(", ", BareConnections.Select((connections, which) => $"{connections}: {Report.Short(rates[which])}"));

    sealed record Round(LoopResult Service, CpuSeconds Cpu, double Afterwards, double PeakMegabytes, double[] Bare)
    {
        public override string ToString() => $"service {Report.Short(Service.EventsPerSecond)}/s, bare on {EachBare(Bare)}";
    }
}
