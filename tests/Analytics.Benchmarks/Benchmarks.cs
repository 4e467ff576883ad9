using Analytics.Benchmarks.Apps;
using Analytics.Benchmarks.Business;
using Analytics.Benchmarks.Query;
using Analytics.Benchmarks.Requests;
using Analytics.Benchmarks.Web;

namespace Analytics.Benchmarks;

/// <summary>All benchmarks, in the order they run. A new one is a line here and a name in <see cref="Options"/>.</summary>
public static class Benchmarks
{
    static readonly (string Name, Func<Run, CancellationToken, Task> RunAsync)[] All =
    [
        ("ingest", IngestBenchmark.RunAsync),
        ("single", SingleEventBenchmark.RunAsync),
        ("overload", OverloadBenchmark.RunAsync),
        ("streams", StreamsBenchmark.RunAsync),
        ("neighbour", NeighbourBenchmark.RunAsync),
        ("requests", RequestsBenchmark.RunAsync),
        ("apps", AppsBenchmark.RunAsync),
        ("log", LogBenchmark.RunAsync),
        ("business", BusinessBenchmark.RunAsync),
        ("alerts", AlertsBenchmark.RunAsync),
        ("export", ExportBenchmark.RunAsync),
        ("client", ClientBenchmark.RunAsync),
        ("web", WebBenchmark.RunAsync),
        // Last: their larger data sets take what is left of the time.
        ("statistics", StatisticsBenchmark.RunAsync),
        ("metrics", MetricsBenchmark.RunAsync),
        ("query", QueryBenchmark.RunAsync),
    ];

    /// <summary>0 when every acknowledged event was there and counted once, else 1. A missed speed goal is no failure.</summary>
    public static async Task<int> RunAsync(Options options, CancellationToken cancel)
    {
        var report = new Report();
        await using var postgres = await PostgresUnderTest.StartAsync(options.Postgres, cancel);
        Report.Say($"{Machine.This}; commit {ServiceUnderTest.CommitOf(options)}");
        Report.Say($"Postgres: {postgres.Settings}");
        var run = new Run(options, postgres, report);
        foreach (var (name, runAsync) in All)
            if (options.Only.Contains(name))
                await TryAsync(() => runAsync(run, cancel), name, report);

        var facts = new
        {
            at = TimeProvider.System.GetUtcNow(),
            size = options.Size,
            options.Seed,
            commit = ServiceUnderTest.CommitOf(options),
            machine = Machine.This,
            postgres = postgres.Settings,
            fields = options.RegisterFields ? "asked" : "unasked",
            seconds = Math.Round(run.Elapsed.TotalSeconds),
        };
        await report.FinishAsync(options.JsonFile, facts, cancel);
        if (options.Readme is { } readme && report.Faults.Count == 0)
            await readme.ReplaceAsync($"{report.Table()}\n\n{Circumstances(run)}\n", cancel);
        return report.Faults.Count == 0 ? 0 : 1;
    }

    static string Circumstances(Run run) =>
        $"Measured on {TimeProvider.System.GetUtcNow():yyyy-MM-dd} at commit {ServiceUnderTest.CommitOf(run.Options)}, "
        + $"size {run.Size.Name}: {Machine.This}, Postgres {run.Postgres.Version} with durable commits. Clients, service and Postgres share the machine.";

    // A part that breaks must not cost the figures of the others.
    static async Task TryAsync(Func<Task> run, string name, Report report)
    {
        try
        {
            await run();
        }
        catch (Exception broken) when (broken is not OperationCanceledException)
        {
            report.Fault($"{name} broke off: {broken.Message}");
            await Console.Error.WriteLineAsync(broken.ToString());
        }
    }
}
