using System.Diagnostics;
using System.Globalization;

namespace Analytics.Benchmarks;

/// <summary>How fast do live streams follow, how many fit on a node, and what do they cost?</summary>
public static class StreamsBenchmark
{
    static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(5);

    public static async Task RunAsync(Run run, CancellationToken cancel)
    {
        var share = run.Size.Name switch { "tiny" => 0.05, "small" => 0.5, _ => 1.0 };
        await BetweenNodesAsync(run, share, cancel);
        await ManyAsync(run, share, cancel);
    }

    static async Task BetweenNodesAsync(Run run, double share, CancellationToken cancel)
    {
        var (readers, rate) = ((int)(100 * share), 5_000 * share);
        var part = $"Streams, node to node: {readers} readers";
        run.Start(part);
        await using var redis = await RedisUnderTest.StartAsync(cancel);
        var settings = new Dictionary<string, string> { ["ConnectionStrings__Redis"] = redis.Address };
        await using var writing = await run.StartServiceAsync("streams", cancel, settings);
        await using var reading = await writing.StartAnotherAsync(run.Options, settings, cancel);
        var workspace = await writing.CreateWorkspaceAsync(Profile.Typical, "streams", registerFields: false, cancel);

        // Both nodes have served before they are measured: until then they compile more than they serve.
        var load = new StreamLoad(writing.Port, workspace, lanes: 4, rate, batch: 25);
        var few = await OpenAsync(reading.Port, workspace, 20, load, null, cancel);
        await load.RunAsync(WarmUp * 2, cancel);
        await ArriveAsync(few, cancel);
        Close(few);
        load = new StreamLoad(writing.Port, workspace, lanes: 4, rate, batch: 25);
        var (delays, before) = (new int[StreamClient.Milliseconds], reading.Cpu);
        var clients = await OpenAsync(reading.Port, workspace, readers, load, delays, cancel);
        var clock = Stopwatch.StartNew();
        var requests = await load.RunAsync(TimeSpan.FromSeconds(20 * share), cancel);
        var seconds = clock.Elapsed.TotalSeconds;
        var cpu = reading.Cpu - before;
        await ArriveAsync(clients, cancel);
        Check(run.Report, part, clients);

        run.Report.Add(new(part, "ingested", load.Sent / seconds, "events/s", Goal: new Goal(rate * 0.95), Note: cpu.Describe(seconds)));
        run.Report.Add(new(part, "delivered", delays.Sum(count => (long)count) / seconds, "messages/s"));
        run.Report.Add(new(part, "ingest answer, p99", Spread.Percentile(requests, 99), "ms"));
        Tell(run.Report, part, delays, p99: Goal.AtMost(200));
        Close(clients);
    }

    static async Task ManyAsync(Run run, double share, CancellationToken cancel)
    {
        var (readers, idle) = ((int)(2_000 * share), (int)(200 * share));
        var part = $"Streams, many on a node: {readers} readers";
        run.Start(part);
        var settings = new Dictionary<string, string> { ["Analytics__StreamsPerWorkspace"] = "5000" };
        await using var service = await run.StartServiceAsync("streams_many", cancel, settings);
        var workspace = await service.CreateWorkspaceAsync(Profile.Typical, "many", registerFields: false, cancel);
        // A service that has served: what it compiles and keeps then is not the streams'.
        var warm = new StreamLoad(service.Port, workspace, lanes: 2, 2_000, batch: 20);
        var few = await OpenAsync(service.Port, workspace, 20, warm, null, cancel);
        await warm.RunAsync(WarmUp * 2, cancel);
        await ArriveAsync(few, cancel);
        Close(few);
        await Task.Delay(1_000, cancel);

        var memory = ProcessFigures.ResidentMegabytes(service.ProcessId);
        var load = new StreamLoad(service.Port, workspace, lanes: 1, 200, batch: 10);
        var delays = new int[StreamClient.Milliseconds];
        var unread = new List<StreamClient>();
        var clients = await OpenAsync(service.Port, workspace, readers, load, delays, cancel);
        await Task.Delay(2_000, cancel);
        run.Report.Add(new(part, "memory of an idle stream", PerStream(), "KB", Goal: Goal.AtMost(30), Headline: true));
        await MeasureAsync("");

        for (var n = 0; n < idle; n++)
            unread.Add(await StreamClient.OpenAsync(service.Port, workspace, null, null, cancel));
        Array.Clear(delays);
        await MeasureAsync($", {idle} others never read");
        Close(unread);
        Close(clients);

        // Those that never read have full buffers; they are streams like the others.
        double PerStream() => (ProcessFigures.ResidentMegabytes(service.ProcessId) - memory) * 1024 / (readers + unread.Count);

        async Task MeasureAsync(string circumstances)
        {
            var (before, clock) = (service.Cpu, Stopwatch.StartNew());
            var seconds = TimeSpan.FromSeconds(20 * share);
            var sent = load.Sent;
            var loading = load.RunAsync(seconds, cancel);
            var busy = new List<double>();
            while (!loading.IsCompleted)
            {
                await Task.Delay(500, cancel);
                busy.Add(PerStream());
            }

            await loading;
            var (took, cpu) = (clock.Elapsed.TotalSeconds, service.Cpu - before);
            await ArriveAsync(clients, cancel);
            Check(run.Report, part + circumstances, clients);
            run.Report.Add(new(part, "ingested" + circumstances, (load.Sent - sent) / took, "events/s", Note: cpu.Describe(took)));
            run.Report.Add(new(part, "memory of a stream at work" + circumstances, Spread.Median([.. busy]), "KB", Goal: unread.Count == 0 ? Goal.AtMost(30) : null,
                Note: string.Create(CultureInfo.InvariantCulture, $"most {busy.Max():0.0}")));
            Tell(run.Report, part + circumstances, delays, p50: Goal.AtMost(300));
        }
    }

    static async Task<List<StreamClient>> OpenAsync(
        int port, TestWorkspace workspace, int count, StreamLoad load, int[]? delays, CancellationToken cancel)
    {
        var clients = new List<StreamClient>();
        for (var n = 0; n < count; n++)
            clients.Add(await StreamClient.OpenAsync(port, workspace, load, delays, cancel));
        return clients;
    }

    static async Task ArriveAsync(List<StreamClient> clients, CancellationToken cancel)
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < TimeSpan.FromSeconds(30); await Task.Delay(20, cancel))
            if (clients.TrueForAll(client => client.HasAll() || client.Wrong is not null))
                return;
    }

    static void Check(Report report, string part, List<StreamClient> clients)
    {
        var wrong = clients.Where(client => client.Wrong is not null).ToList();
        if (wrong.Count > 0)
            report.Fault($"{part}: {wrong.Count} readers, for example {wrong[0].Wrong}");
        else if (clients.Count(client => !client.HasAll()) is > 0 and var incomplete)
            report.Fault($"{part}: {incomplete} readers miss events");
    }

    static void Tell(Report report, string part, int[] delays, Goal? p50 = null, Goal? p99 = null)
    {
        report.Add(new(part, "answer to delivery, p50", Percentile(50), "ms", Goal: p50));
        report.Add(new(part, "answer to delivery, p99", Percentile(99), "ms", Goal: p99, Headline: p99 is not null));
        report.Add(new(part, "answer to delivery, max", Percentile(100), "ms"));

        double Percentile(double percent)
        {
            var left = delays.Sum(count => (double)count) * percent / 100;
            for (var at = 0; at < delays.Length; at++)
                if ((left -= delays[at]) <= 0)
                    return at + 1;
            return delays.Length;
        }
    }

    static void Close(List<StreamClient> clients)
    {
        foreach (var client in clients)
            client.Dispose();
    }
}
