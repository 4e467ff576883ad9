using System.Diagnostics;

namespace Analytics.Benchmarks;

/// <summary>Batches made while they are sent, for as long as wanted: for loads too long to prepare.</summary>
public static class SteadyLoad
{
    /// <summary>Batches of 1 000 events of now, for some time.</summary>
    public static Task<LoopResult> RunAsync(
        ServiceUnderTest service, TestWorkspace workspace, Lane[] lanes, TimeSpan duration, CancellationToken cancel)
    {
        var writers = lanes.Select(lane => new IngestRequest(lane, workspace.Key)).ToArray();
        var clock = Stopwatch.StartNew();
        return ClosedLoop.RunAsync(service.Port, lanes.Length, NextOf, workspace.Tally, cancel);

        WireRequest? NextOf(int lane)
        {
            var now = Clock.Microseconds();
            return clock.Elapsed < duration ? writers[lane].Batch(1_000, now - 1_000_000, now) : null;
        }
    }

    /// <summary>So many events in batches of 10 000, their times going on evenly from one moment to another.</summary>
    public static Task<LoopResult> LoadAsync(
        ServiceUnderTest service, TestWorkspace workspace, Lane[] lanes, long events, long from, long to, CancellationToken cancel)
    {
        var writers = lanes.Select(lane => new IngestRequest(lane, workspace.Key)).ToArray();
        return LoadAsync(
            service, workspace, lanes.Length, (lane, size, start, end) => writers[lane].Batch(size, start, end), events, from, to, cancel);
    }

    /// <summary>The same of any facts: <paramref name="batch"/> makes so many of a lane, from one moment to another.</summary>
    public static Task<LoopResult> LoadAsync(
        ServiceUnderTest service, TestWorkspace workspace, int lanes, Func<int, int, long, long, WireRequest> batch, long facts, long from,
        long to, CancellationToken cancel)
    {
        const int BatchSize = 10_000;
        var batches = (facts + BatchSize - 1) / BatchSize;
        var sent = -1L;
        return ClosedLoop.RunAsync(service.Port, lanes, NextOf, workspace.Tally, cancel);

        WireRequest? NextOf(int lane)
        {
            var at = Interlocked.Increment(ref sent);
            if (at >= batches)
                return null;
            var size = (int)Math.Min(BatchSize, facts - at * BatchSize);
            return batch(lane, size, Moment(at), Moment(at + 1));
        }

        long Moment(long number) => from + (long)((double)number / batches * (to - from));
    }
}
