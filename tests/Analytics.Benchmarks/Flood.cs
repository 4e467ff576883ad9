using System.Diagnostics;
using System.Net.Sockets;

namespace Analytics.Benchmarks;

/// <summary>The open loop and what became of its requests.</summary>
public sealed class Flood(int port, TestWorkspace workspace, Lane[] lanes)
{
    public const int BatchSize = 4_000;

    readonly Stack<(IngestRequest Writer, KeepAlive? Connection)> idle = new(
        lanes.Select(lane => (new IngestRequest(lane, workspace.Key), (KeepAlive?)null)));
    readonly Dictionary<string, int> outcomes = new(StringComparer.Ordinal);
    readonly List<double> refusalMilliseconds = [];
    readonly Lock guard = new();
    long acknowledged;
    long offered;
    double sendingSeconds;
    double seconds;

    public async Task RunAsync(double batchesPerSecond, TimeSpan duration, CancellationToken cancel)
    {
        var clock = Stopwatch.StartNew();
        var inFlight = new List<Task>();
        for (var due = 0L; clock.Elapsed < duration; due++)
        {
            var wait = TimeSpan.FromSeconds(due / batchesPerSecond) - clock.Elapsed;
            if (wait > TimeSpan.FromMilliseconds(1))
                await Task.Delay(wait, cancel);
            offered++;
            if (TryTake(out var free))
                inFlight.Add(Task.Run(() => SendAsync(free.Writer, free.Connection, cancel), cancel));
            else
                Count("not sent, all connections waiting");
            inFlight.RemoveAll(task => task.IsCompletedSuccessfully);
        }

        sendingSeconds = clock.Elapsed.TotalSeconds;
        await Task.WhenAll(inFlight);
        seconds = clock.Elapsed.TotalSeconds;
        foreach (var (_, connection) in idle)
            connection?.Dispose();
    }

    public void Tell(Report report, string part, double capacity)
    {
        var rate = offered * BatchSize / sendingSeconds;
        report.Add(new(part, "offered", rate, "events/s",
            Note: $"{rate / capacity:0.0} times the rate before, for {sendingSeconds:0} s in batches of {BatchSize:#,0}"));
        report.Add(new(part, "accepted meanwhile", acknowledged / seconds, "events/s", Note: $"over {seconds:0} s, until the last answer"));
        foreach (var (outcome, count) in outcomes.OrderByDescending(outcome => outcome.Value))
            report.Add(new(part, outcome, count, "requests"));
        if (refusalMilliseconds.Count > 0)
            report.Add(new(part, "refused after, p50", Spread.Median(refusalMilliseconds), "ms"));
        if (outcomes.Keys.FirstOrDefault(IsWrong) is { } wrong)
            report.Fault($"{part}: {outcomes[wrong]} requests were {wrong}");
    }

    static bool IsWrong(string outcome) =>
        outcome.EndsWith("without Retry-After", StringComparison.Ordinal) || outcome is not ("answered 200" or "answered 429, Retry-After"
            or "answered 503, Retry-After" or "connection lost" or "not sent, all connections waiting");

    async Task SendAsync(IngestRequest writer, KeepAlive? connection, CancellationToken cancel)
    {
        var now = Clock.Microseconds();
        var request = writer.Batch(BatchSize, now - 1_000_000, now);
        try
        {
            connection ??= await KeepAlive.OpenAsync(port, cancel);
            var started = Stopwatch.GetTimestamp();
            var answer = await connection.SendAsync(request.Bytes, cancel);
            Note(answer, request.Events, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }
        catch (Exception lost) when (lost is IOException or SocketException)
        {
            workspace.Tally.LoseSight(request.Events);
            connection?.Dispose();
            connection = null;
            Count("connection lost");
        }

        lock (guard)
            idle.Push((writer, connection));
    }

    void Note(in Answer answer, int events, double milliseconds)
    {
        if (answer.Status == 200)
        {
            workspace.Tally.Acknowledge(answer);
            Interlocked.Add(ref acknowledged, events);
            Count("answered 200");
            return;
        }

        workspace.Tally.Refuse();
        Count($"answered {answer.Status}" + (answer.Status is not (429 or 503) ? ""
            : answer.RetryAfter is null ? " without Retry-After" : ", Retry-After"));
        lock (guard)
            refusalMilliseconds.Add(milliseconds);
    }

    bool TryTake(out (IngestRequest Writer, KeepAlive? Connection) free)
    {
        lock (guard)
            return idle.TryPop(out free);
    }

    void Count(string outcome)
    {
        lock (guard)
            outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
    }
}
