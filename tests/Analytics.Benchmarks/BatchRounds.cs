namespace Analytics.Benchmarks;

/// <summary>
/// Rounds of batches to the service and of bare binary COPY of the same rows take turns; every round has new rows, so both sides'
/// tables and indexes grow alike.
/// </summary>
public sealed class BatchRounds(Run run, ServiceUnderTest service, TestWorkspace workspace) : IAsyncDisposable
{
    static readonly int[] BareConnections = [1, 2, 4];

    readonly Baseline[] bare = new Baseline[BareConnections.Length];
    readonly List<Round> rounds = [];
    readonly int connections = run.Options.Connections;

    public string BareDatabase => bare[0].Database;

    /// <summary>Runs them all; <paramref name="make"/> makes the next batch of a connection.</summary>
    public async Task RunAsync(Func<int, PreparedBatch> make, CancellationToken cancel)
    {
        for (var i = 0; i < bare.Length; i++)
            bare[i] = await Baseline.CreateAsync(run.Postgres, $"bench_bare_{BareConnections[i]}", cancel);
        await SameTables.CheckAsync(run, service.Database, BareDatabase, cancel);
        for (var number = 0; number <= run.Size.Rounds; number++)
        {
            var batches = Prepare(make);
            var round = await SendAsync(batches, cancel);
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
    }

    /// <param name="part">Of the benchmark.</param>
    /// <param name="facts">What was sent.</param>
    /// <param name="goal">Of the rate.</param>
    public void Tell(string part, string facts, Goal goal)
    {
        var rate = Spread.Median([.. rounds.Select(round => round.Service.EventsPerSecond)]);
        var medians = BareConnections.Select((_, which) => Spread.Median([.. rounds.Select(round => round.Bare[which])])).ToArray();
        var best = Array.IndexOf(medians, medians.Max());
        var ratios = rounds.Select(round => round.Service.EventsPerSecond / round.Bare[best]).ToArray();
        run.Report.Add(new(part, "rate", rate, $"{facts}/s", medians[best], goal,
            $"medians of {rounds.Count}; ratios of the rounds {ratios.Min():0.00} to {ratios.Max():0.00}; "
            + $"bare: best of {EachBare(medians)}",
            Headline: true));

        double[] milliseconds = [.. rounds.SelectMany(round => round.Service.Milliseconds)];
        run.Report.Add(new(part, "latency p50", Spread.Percentile(milliseconds, 50), "ms"));
        run.Report.Add(new(part, "latency p99", Spread.Percentile(milliseconds, 99), "ms"));
        run.Report.Add(new(part, "peak resident memory", rounds.Max(round => round.PeakMegabytes), "MB", Goal: Goal.AtMost(500)));

        var cpu = rounds.Aggregate(default(CpuSeconds), (sum, round) => sum + round.Cpu);
        run.Report.Add(new(part, $"processor time per 1 000 {facts}", cpu.Server / rounds.Sum(round => round.Service.Events) * 1e6, "ms",
            Note: cpu.Describe(rounds.Sum(round => round.Service.Seconds))));
        run.Report.Add(new(part, "work left after the last answer", rounds.Sum(round => round.Afterwards) / cpu.Server * 100, "% of that",
            Note: "done before bare Postgres had its turn"));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var database in bare)
            if (database is not null)
                await database.DisposeAsync();
    }

    PreparedBatch[] Prepare(Func<int, PreparedBatch> make)
    {
        var batches = new PreparedBatch[run.Size.BatchesPerRound];
        Parallel.For(0, connections, lane =>
        {
            for (var at = lane; at < batches.Length; at += connections)
                batches[at] = make(lane);
        });
        GC.Collect();
        return batches;
    }

    async Task<Round> SendAsync(PreparedBatch[] batches, CancellationToken cancel)
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

    static string EachBare(double[] rates) =>
        string.Join(", ", BareConnections.Select((connections, which) => $"{connections}: {Report.Short(rates[which])}"));

    sealed record Round(LoopResult Service, CpuSeconds Cpu, double Afterwards, double PeakMegabytes, double[] Bare)
    {
        public override string ToString() => $"service {Report.Short(Service.EventsPerSecond)}/s, bare on {EachBare(Bare)}";
    }
}
