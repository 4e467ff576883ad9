using System.Diagnostics;
using System.Net.Sockets;

namespace Analytics.Benchmarks;

/// <summary>
/// What happens when three times as much comes as the service can take? Batches are sent on a clock, whether or not
/// earlier ones were answered. It should refuse with Retry-After, keep its memory, and be as fast as before afterwards.
/// </summary>
public static class OverloadBenchmark
{
    const string Part = "Overload, typical";
    const int Factor = 3;
    const int BatchSize = 4_000;
    const int MostConnections = 256;

    public static async Task RunAsync(Run run, CancellationToken cancel)
    {
        run.Start($"{Part}: {Factor} times what it can take for {run.Size.OverloadSeconds} s");
        await using var service = await run.StartServiceAsync("overload", cancel);
        var workspace = await service.CreateWorkspaceAsync(Profile.Typical, "overload", run.Options.RegisterFields, cancel);
        var lanes = run.Lanes(Profile.Typical, run.Options.Connections, stream: 3);
        var normally = TimeSpan.FromSeconds(Math.Min(8, run.Size.OverloadSeconds));

        await SteadyLoad.RunAsync(service, workspace, lanes, normally / 2, cancel);
        var before = await SteadyLoad.RunAsync(service, workspace, lanes, normally, cancel);
        await using (var memory = new MemoryWatch(service.ProcessId))
        {
            var flood = new Flood(service.Port, workspace, run.Lanes(Profile.Typical, MostConnections, stream: 4));
            await flood.RunAsync(before.EventsPerSecond * Factor / BatchSize, TimeSpan.FromSeconds(run.Size.OverloadSeconds), cancel);
            flood.Tell(run.Report, before.EventsPerSecond);
            run.Report.Add(new(Part, "peak resident memory", memory.PeakMegabytes, "MB", Goal: Goal.AtMost(500)));
        }

        var clock = Stopwatch.StartNew();
        var after = await SteadyLoad.RunAsync(service, workspace, lanes, normally, cancel);
        run.Report.Add(new(Part, "rate before", before.EventsPerSecond, "events/s"));
        run.Report.Add(new(Part, "rate right afterwards", after.EventsPerSecond, "events/s"));
        run.Report.Add(new(Part, "afterwards / before", after.EventsPerSecond / before.EventsPerSecond, "of 1", Goal: new Goal(0.9),
            Note: $"measured {clock.Elapsed.TotalSeconds:0} s from the last request of the flood on"));
        await Reckoning.CheckAsync(run, Part, service, workspace, cancel);
    }

    /// <summary>The open loop and what became of its requests.</summary>
    sealed class Flood(int port, TestWorkspace workspace, Lane[] lanes)
    {
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

        public void Tell(Report report, double capacity)
        {
            report.Add(new(Part, "offered", offered * BatchSize / sendingSeconds, "events/s",
                Note: $"{offered * BatchSize / sendingSeconds / capacity:0.0} times the rate before, for {sendingSeconds:0} s in batches of {BatchSize:#,0}"));
            report.Add(new(Part, "accepted meanwhile", acknowledged / seconds, "events/s", Note: $"over {seconds:0} s, until the last answer"));
            foreach (var (outcome, count) in outcomes.OrderByDescending(outcome => outcome.Value))
                report.Add(new(Part, outcome, count, "requests"));
            if (refusalMilliseconds.Count > 0)
                report.Add(new(Part, "refused after, p50", Spread.Median(refusalMilliseconds), "ms"));
            if (outcomes.Keys.FirstOrDefault(IsWrong) is { } wrong)
                report.Fault($"{Part}: {outcomes[wrong]} requests were {wrong}");
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
            Count($"answered {answer.Status}" + (answer.Status is not (429 or 503) ? "" : answer.RetryAfter is null ? " without Retry-After" : ", Retry-After"));
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
}
