using System.Diagnostics;
using System.Text;

namespace Analytics.Benchmarks;

/// <summary>Events on a clock, some connections, each with numbers of its own; keeps when which was acknowledged.</summary>
public sealed class StreamLoad(int port, TestWorkspace workspace, int lanes, double eventsPerSecond, int batch)
{
    /// <summary>Numbers of one lane start here times its place.</summary>
    public const int LaneNumbers = 10_000_000;

    readonly long[][] acknowledged = [.. Enumerable.Range(0, lanes).Select(_ => new long[LaneNumbers / 10])];
    readonly int[] sent = new int[lanes];
    readonly double perLane = eventsPerSecond / batch / lanes;

    public int Lanes => lanes;

    public int Sent => sent.Sum();

    /// <summary>How many events of a lane were acknowledged.</summary>
    public int SentOf(int lane) => Volatile.Read(ref sent[lane]);

    /// <summary>When the event was acknowledged, as a timestamp; 0 before that.</summary>
    public long AcknowledgedAt(int lane, int at) => Volatile.Read(ref acknowledged[lane][at]);

    /// <summary>Ends when the time is over and everything is acknowledged; the latencies of the requests.</summary>
    public async Task<double[]> RunAsync(TimeSpan duration, CancellationToken cancel) =>
        [.. (await Task.WhenAll(Enumerable.Range(0, lanes).Select(lane => Task.Run(() => RunAsync(lane, duration, cancel), cancel)))).SelectMany(x => x)];

    async Task<List<double>> RunAsync(int lane, TimeSpan duration, CancellationToken cancel)
    {
        using var connection = await KeepAlive.OpenAsync(port, cancel);
        var milliseconds = new List<double>();
        var clock = Stopwatch.StartNew();
        for (var due = 0; clock.Elapsed < duration; due++)
        {
            var wait = TimeSpan.FromSeconds((due + (double)lane / lanes) / perLane) - clock.Elapsed;
            if (wait > TimeSpan.FromMilliseconds(1))
                await Task.Delay(wait, cancel);
            var first = sent[lane];
            var started = Stopwatch.GetTimestamp();
            var answer = await connection.SendAsync(Request(lane, first), cancel);
            if (answer.Status != 200)
                throw new InvalidOperationException($"The service answered {answer.Status}: {answer.Text}");
            var now = Stopwatch.GetTimestamp();
            milliseconds.Add(Stopwatch.GetElapsedTime(started, now).TotalMilliseconds);
            acknowledged[lane].AsSpan(first, batch).Fill(now);
            Volatile.Write(ref sent[lane], first + batch);
        }

        return milliseconds;
    }

    byte[] Request(int lane, int first)
    {
        var body = new StringBuilder("{\"events\":[");
        for (var at = first; at < first + batch; at++)
            body.Append(at == first ? "" : ",").Append("{\"name\":\"page.viewed\",\"external_customer_id\":\"cust-").Append(at % 5_000)
                .Append("\",\"metadata\":{\"n\":").Append(lane * LaneNumbers + at).Append(",\"path\":\"/reports/42\",\"duration_ms\":12.5}}");
        body.Append("]}");
        return Encoding.ASCII.GetBytes(
            $"POST /api/events/ingest HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {workspace.Key}\r\n"
            + $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
    }
}
