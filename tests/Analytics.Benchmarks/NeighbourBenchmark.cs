using System.Diagnostics;
using System.Globalization;
using Analytics.Benchmarks.Attack;

namespace Analytics.Benchmarks;

/// <summary>
/// What does a tenant feel of another one at its worst? One asks for little, before, while and after the other sends everything that
/// takes memory, time, connections or locks, all at once.
/// </summary>
public static class NeighbourBenchmark
{
    const string Part = "Neighbour";
    const long Month = 30 * 86_400_000_000;

    public static async Task RunAsync(Run run, CancellationToken cancel)
    {
        var (events, attacked, quiet) = run.Size.Name switch
        {
            "tiny" => (20_000, 5, TimeSpan.FromSeconds(3)),
            "small" => (200_000, 15, TimeSpan.FromSeconds(10)),
            _ => (200_000, 60, TimeSpan.FromSeconds(10)),
        };
        run.Start($"{Part}: another tenant at its worst for {attacked} s");
        await using var service = await run.StartServiceAsync("neighbour", cancel);
        var workspace = await service.CreateWorkspaceAsync(Profile.Typical, "neighbour", run.Options.RegisterFields, cancel);
        var worst = await service.CreateWorkspaceAsync(Profile.Typical, "worst", registerFields: false, cancel);
        var now = Clock.Microseconds();
        await SteadyLoad.LoadAsync(service, workspace, run.Lanes(Profile.Typical, 4, stream: 12), events, now - Month, now, cancel);
        await Settling.WaitAsync(service, cancel);
        var neighbour = new Neighbour(service, workspace, run.Lanes(Profile.Typical, 1, stream: 13)[0]);
        await neighbour.FeelAsync(Task.Delay(quiet, cancel), cancel); // a service that has served before

        var before = await neighbour.FeelAsync(Task.Delay(quiet, cancel), cancel);
        var memory = new MemoryWatch(service.ProcessId);
        var (clock, cpu) = (Stopwatch.StartNew(), service.Cpu);
        var attack = AttackProcess.RunAsync(new(service.Port, worst.Id, worst.Key, attacked), cancel);
        var meanwhile = await neighbour.FeelAsync(attack, cancel);
        cpu = service.Cpu - cpu;
        var (peak, seconds) = (memory.PeakMegabytes, clock.Elapsed.TotalSeconds);
        var after = await neighbour.FeelAsync(Task.Delay(quiet, cancel), cancel);

        Tell(run.Report, "quiet", before, before);
        Tell(run.Report, "attacked", meanwhile, before, Goal.AtMost(250));
        Tell(run.Report, "afterwards", after, before);
        run.Report.Add(new(Part, "peak resident memory", peak, "MB", Goal: Goal.AtMost(600), Note: cpu.Describe(seconds)));
        TellAnswers(run.Report, await attack);
        await Reckoning.CheckAsync(run, Part, service, workspace, cancel);
    }

    static void Tell(Report report, string when, Felt felt, Felt quiet, Goal? goal = null)
    {
        Tell("single post", felt.Posts, quiet.Posts, goalAt: 99);
        Tell("dashboard", felt.Dashboards, quiet.Dashboards, goalAt: 95);
        var refusals = felt.Refusals.GroupBy(refusal => refusal).Select(each => $"{each.Count()} x {each.Key}").Take(3);
        report.Add(new(Part, $"{when}: not answered with 200", felt.Refusals.Count, "requests", Goal: Goal.AtMost(0),
            Note: string.Join("; ", refusals)));

        void Tell(string what, List<double> milliseconds, List<double> usual, int goalAt)
        {
            foreach (var percent in (int[])[50, 95, 99, 100])
            {
                var value = Spread.Percentile(milliseconds, percent);
                var times = value / Spread.Percentile(usual, percent);
                report.Add(new(Part, $"{when}: {what}, {(percent == 100 ? "max" : $"p{percent}")}", value, "ms", Goal: percent == goalAt ? goal : null,
                    Note: string.Create(CultureInfo.InvariantCulture, $"{times:0.0} times quiet, of {milliseconds.Count:#,0}"),
                    Headline: goal is not null && percent == goalAt));
            }
        }
    }

    static void TellAnswers(Report report, AttackAnswers[] answers)
    {
        foreach (var kind in answers)
            report.Add(new(Part, $"attack: {kind.Kind}, {kind.Connections:#,0} connections", kind.Outcomes.Values.Sum(), "answers",
                Note: string.Join(", ", kind.Outcomes.OrderByDescending(outcome => outcome.Value).Select(outcome => $"{outcome.Key}: {outcome.Value:#,0}"))));
        if (answers.FirstOrDefault(kind => kind.Outcomes.ContainsKey("500")) is { } broken)
            report.Fault($"{Part}: {broken.Outcomes["500"]} requests ({broken.Kind}) were answered 500.");
    }
}
