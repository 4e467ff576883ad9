using System.Diagnostics;

namespace Analytics.Benchmarks;

/// <summary>How long the loop took and how long each of its requests did.</summary>
public sealed record LoopResult(double Seconds, long Events, double[] Milliseconds)
{
    public double EventsPerSecond => Events / Seconds;
}

/// <summary>
/// Some connections, each sending its next request as soon as the last was answered. What was refused is sent again after
/// the time the refusal names.
/// </summary>
public static class ClosedLoop
{
    /// <summary>
    /// <paramref name="next"/> is asked for a connection's next request; null ends that connection. Its bytes may be used
    /// again for the connection's next one.
    /// </summary>
    public static async Task<LoopResult> RunAsync(
        int port, int connections, Func<int, WireRequest?> next, Tally tally, CancellationToken cancel)
    {
        var open = new KeepAlive[connections];
        for (var i = 0; i < connections; i++)
            open[i] = await KeepAlive.OpenAsync(port, cancel);
        try
        {
            var clock = Stopwatch.StartNew();
            var lanes = await Task.WhenAll(Enumerable.Range(0, connections)
                .Select(lane => Task.Run(() => SendAllAsync(open[lane], () => next(lane), tally, cancel), cancel)));
            var seconds = clock.Elapsed.TotalSeconds;
            return new(seconds, lanes.Sum(lane => lane.Events), [.. lanes.SelectMany(lane => lane.Milliseconds)]);
        }
        finally
        {
            foreach (var connection in open)
                connection.Dispose();
        }
    }

    static async Task<(long Events, List<double> Milliseconds)> SendAllAsync(
        KeepAlive connection, Func<WireRequest?> next, Tally tally, CancellationToken cancel)
    {
        var events = 0L;
        var milliseconds = new List<double>();
        while (next() is { } request)
        {
            var started = Stopwatch.GetTimestamp();
            var answer = await connection.SendAsync(request.Bytes, cancel);
            while (answer.Status is 429 or 503)
            {
                tally.Refuse();
                await Task.Delay(TimeSpan.FromSeconds(answer.RetryAfter ?? 1), cancel);
                answer = await connection.SendAsync(request.Bytes, cancel);
            }

            if (answer.Status != 200)
                throw new InvalidOperationException($"The service answered {answer.Status}: {answer.Text}");
            milliseconds.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            tally.Acknowledge(answer);
            events += request.Events;
        }

        return (events, milliseconds);
    }
}
