using System.Diagnostics;

namespace Analytics.Benchmarks;

/// <summary>
/// How fast are events that come one by one? 64 keep-alive connections, one event a request, each answered after its
/// commit; next to bare Postgres with one insert of event and key per commit.
/// </summary>
public static class SingleEventBenchmark
{
    const int Connections = 64;
    const int Rounds = 2;
    const int WarmUps = 4;
    static readonly int[] BareConnections = [16, 64];

    public static async Task RunAsync(Run run, CancellationToken cancel)
    {
        const string Part = "Single events, typical";
        var seconds = TimeSpan.FromSeconds(run.Size.SingleSeconds);
        run.Start($"{Part}: {Connections} connections, {Rounds} rounds of {seconds.TotalSeconds:0} s");
        await using var service = await run.StartServiceAsync("single", cancel);
        await using var bare = await Baseline.CreateAsync(run.Postgres, "bench_bare_single", cancel);
        var workspace = await service.CreateWorkspaceAsync(Profile.Typical, "single", run.Options.RegisterFields, cancel);
        var lanes = run.Lanes(Profile.Typical, Connections, stream: 2);
        var bareLanes = run.Lanes(Profile.Typical, Connections, stream: 2);

        // A service that has run for a minute is what is measured: until then it compiles more than it serves.
        await SendAsync(service, workspace, lanes, seconds * WarmUps, cancel);
        await bare.InsertOneByOneAsync(bareLanes[..16], seconds / 4, cancel);
        var rounds = new List<LoopResult>();
        var bareRounds = BareConnections.Select(_ => new List<LoopResult>()).ToArray();
        var memory = new MemoryWatch(service.ProcessId);
        var cpu = default(CpuSeconds);
        for (var round = 0; round < Rounds; round++)
        {
            var before = service.Cpu;
            rounds.Add(await SendAsync(service, workspace, lanes, seconds, cancel));
            cpu += service.Cpu - before;
            await Settling.WaitAsync(service, cancel);
            for (var which = 0; which < BareConnections.Length; which++)
                bareRounds[which].Add(await bare.InsertOneByOneAsync(bareLanes[..BareConnections[which]], seconds / 2, cancel));
        }

        Tell(run.Report, Part, rounds, bareRounds, cpu, memory.PeakMegabytes);
        await Reckoning.CheckAsync(run, Part, service, workspace, cancel);
    }

    static Task<LoopResult> SendAsync(
        ServiceUnderTest service, TestWorkspace workspace, Lane[] lanes, TimeSpan duration, CancellationToken cancel)
    {
        // Making one event costs about a microsecond: nothing beside sending it.
        var writers = lanes.Select(lane => new IngestRequest(lane, workspace.Key)).ToArray();
        var clock = Stopwatch.StartNew();
        return ClosedLoop.RunAsync(service.Port, lanes.Length, NextOf, workspace.Tally, cancel);

        WireRequest? NextOf(int lane)
        {
            if (clock.Elapsed > duration)
                return null;
            var now = Clock.Microseconds();
            return writers[lane].Batch(1, now - 1_000_000, now);
        }
    }

    static void Tell(
        Report report, string part, List<LoopResult> rounds, List<LoopResult>[] bareRounds, CpuSeconds cpu, double peak)
    {
        var bare = bareRounds.MaxBy(Rate)!;
        report.Add(new(part, "rate", Rate(rounds), "events/s", Rate(bare), new Goal(6_000),
            $"rounds {string.Join(", ", rounds.Select(round => Report.Short(round.EventsPerSecond)))}; bare: best of "
            + string.Join(", ", bareRounds.Select((each, which) => $"{BareConnections[which]}: {Report.Short(Rate(each))}")),
            Headline: true));
        report.Add(new(part, "latency p50", Latency(rounds, 50), "ms", Latency(bare, 50)));
        report.Add(new(part, "latency p99", Latency(rounds, 99), "ms", Latency(bare, 99), Goal.AtMost(50), Headline: true));
        report.Add(new(part, "latency max", Latency(rounds, 100), "ms", Latency(bare, 100)));
        report.Add(new(part, "processor time per 1 000 events", cpu.Server / rounds.Sum(round => round.Events) * 1e6, "ms",
            Note: cpu.Describe(rounds.Sum(round => round.Seconds))));
        report.Add(new(part, "peak resident memory", peak, "MB", Goal: Goal.AtMost(500)));
    }

    static double Rate(List<LoopResult> rounds) => Spread.Median([.. rounds.Select(round => round.EventsPerSecond)]);

    static double Latency(List<LoopResult> rounds, double percent) =>
        Spread.Percentile([.. rounds.SelectMany(round => round.Milliseconds)], percent);
}
