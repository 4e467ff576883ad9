using System.Diagnostics;

namespace Analytics.Benchmarks;

/// <summary>
/// What happens when three times as much comes as the service can take? Batches are sent on a clock, whether or not
/// earlier ones were answered. It should refuse with Retry-After, keep its memory, and be as fast as before afterwards.
/// </summary>
public static class OverloadBenchmark
{
    const string Part = "Overload, typical";
    const int Factor = 3;
    const int MaxConnections = 256;

    public static async Task RunAsync(Run run, CancellationToken cancel)
    {
        run.Start($"{Part}: {Factor} times what it can take for {run.Size.OverloadSeconds} s");
        await using var service = await run.StartServiceAsync("overload", cancel);
        var workspace = await service.CreateWorkspaceAsync(Profile.Typical, "overload", run.Options.RegisterFields, cancel);
        var lanes = run.Lanes(Profile.Typical, run.Options.Connections, stream: 3);
        var normally = TimeSpan.FromSeconds(Math.Min(8, run.Size.OverloadSeconds));

        await SteadyLoad.RunAsync(service, workspace, lanes, normally / 2, cancel);
        var before = await SteadyLoad.RunAsync(service, workspace, lanes, normally, cancel);
        var memory = new MemoryWatch(service.ProcessId);
        var flood = new Flood(service.Port, workspace, run.Lanes(Profile.Typical, MaxConnections, stream: 4));
        await flood.RunAsync(before.EventsPerSecond * Factor / Flood.BatchSize, TimeSpan.FromSeconds(run.Size.OverloadSeconds), cancel);
        flood.Tell(run.Report, Part, before.EventsPerSecond);
        run.Report.Add(new(Part, "peak resident memory", memory.PeakMegabytes, "MB", Goal: Goal.AtMost(500)));

        var clock = Stopwatch.StartNew();
        var after = await SteadyLoad.RunAsync(service, workspace, lanes, normally, cancel);
        run.Report.Add(new(Part, "rate before", before.EventsPerSecond, "events/s"));
        run.Report.Add(new(Part, "rate right afterwards", after.EventsPerSecond, "events/s"));
        run.Report.Add(new(Part, "afterwards / before", after.EventsPerSecond / before.EventsPerSecond, "of 1", Goal: new Goal(0.9),
            Note: $"measured {clock.Elapsed.TotalSeconds:0} s from the last request of the flood on"));
        await Reckoning.CheckAsync(run, Part, service, workspace, cancel);
    }
}
