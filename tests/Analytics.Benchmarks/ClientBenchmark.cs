using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text;

namespace Analytics.Benchmarks;

/// <summary>
/// What does the client cost the host it is in? One connection asks the same small API with and without it, in turns; the facts go to the
/// real service meanwhile, and what it says it took must be all.
/// </summary>
public static class ClientBenchmark
{
    const string Part = "Client";
    const int Rounds = 9;
    static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    public static async Task RunAsync(Run run, CancellationToken cancel)
    {
        var requests = run.Size.Name switch
        {
            "tiny" => 1_000,
            "small" => 10_000,
            _ => 30_000,
        };
        run.Start($"{Part}: {Rounds} rounds of {requests} requests with and without it");
        var (told, sent, dropped) = (0L, 0L, 0L);
        using var meter = Listen(facts => Interlocked.Add(ref sent, facts), facts => Interlocked.Add(ref dropped, facts));
        await using var service = await run.StartServiceAsync("client", cancel);
        var workspace = await service.CreateWorkspaceAsync(Profile.Typical, "client", registerFields: false, cancel);
        await using var silent = await ToldHost.StartSilentAsync();
        await using var telling = await ToldHost.StartTellingAsync(service, workspace);

        // Compiled for good before anything is measured.
        await AskAsync(silent, requests, cancel);
        await TellAsync();
        var (without, with) = (new List<Asked>(), new List<Asked>());
        for (var round = 0; round < Rounds; round++)
        {
            without.Add(await AskAsync(silent, requests, cancel));
            with.Add(await TellAsync());
        }

        Tell(run.Report, without, with);
        if (Volatile.Read(ref sent) != told || Volatile.Read(ref dropped) != 0)
            run.Report.Fault($"{Part}: of {told} requests the service took {sent}, and {dropped} were dropped.");

        // One connection asks more than a service on the same two cores takes at once: what waits is sent before the next round.
        async Task<Asked> TellAsync()
        {
            var asked = await AskAsync(telling, requests, cancel);
            told += requests;
            for (var clock = Stopwatch.StartNew(); clock.Elapsed < LongestWait; await Task.Delay(20, cancel))
                if (Volatile.Read(ref sent) + Volatile.Read(ref dropped) >= told)
                    break;
            return asked;
        }
    }

    static void Tell(Report report, List<Asked> without, List<Asked> with)
    {
        Add("added to a request, p50", "us", 20, asked => asked.P50);
        Add("added to a request, p99", "us", null, asked => asked.P99);
        Add("allocated for a request, sending included", "bytes", 1_000, asked => asked.Bytes);

        void Add(string name, string unit, double? limit, Func<Asked, double> of) => report.Add(new(
            Part, name, Spread.Median([.. without.Zip(with, (one, other) => of(other) - of(one))]), unit,
            Goal: limit is { } most ? Goal.AtMost(most) : null,
            Note: $"{Median(with, of)} with it, {Median(without, of)} without", Headline: limit is not null));

        static string Median(List<Asked> rounds, Func<Asked, double> of) => Report.Short(Spread.Median([.. rounds.Select(of)]));
    }

    static async Task<Asked> AskAsync(ToldHost host, int requests, CancellationToken cancel)
    {
        var question = Encoding.ASCII.GetBytes(
            "GET /api/orders/1234567?page=2 HTTP/1.1\r\nHost: shop\r\nX-Customer: acme\r\n"
            + "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\r\n\r\n");
        using var connection = await KeepAlive.OpenAsync(host.Port, cancel);
        var microseconds = new double[requests];
        var before = GC.GetTotalAllocatedBytes(precise: true);
        for (var request = 0; request < requests; request++)
        {
            var began = Stopwatch.GetTimestamp();
            var answer = await connection.SendAsync(question, cancel);
            microseconds[request] = Stopwatch.GetElapsedTime(began).TotalMicroseconds;
            if (answer.Status != 200)
                throw new InvalidOperationException($"The host answered {answer.Status}.");
        }

        var bytes = (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)requests;
        return new(Spread.Percentile(microseconds, 50), Spread.Percentile(microseconds, 99), bytes);
    }

    static MeterListener Listen(Action<long> sent, Action<long> dropped)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Meter.Name == "Analytics.Client")
                    listening.EnableMeasurementEvents(instrument, instrument.Name == "analytics.client.sent" ? sent : dropped);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, facts, _, count) => ((Action<long>)count!)(facts));
        listener.Start();
        return listener;
    }

    /// <summary>Microseconds a request took, and bytes that this process allocated for it.</summary>
    sealed record Asked(double P50, double P99, double Bytes);
}
