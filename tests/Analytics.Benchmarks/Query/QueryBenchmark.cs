using System.Diagnostics;
using System.Text.Json;

namespace Analytics.Benchmarks.Query;

/// <summary>
/// How fast are questions answered that nobody foresaw, right after the events came and at rest, beside the same in plain SQL on two processes
/// and in DuckDB on two threads? And how long do those take that a rollup answers?
/// </summary>
static class QueryBenchmark
{
    const string Part = "Ad-hoc queries, typical";
    const string Route = "/api/v1/analytics/query";
    const string Fresh = "right after the load";
    const string AtRest = "at rest";
    const string Sql = "plain SQL";
    const int DaysOfData = 34;
    const int Lanes = 4;

    // Some events come late, by up to twenty days.
    const int DaysBefore = DaysOfData + 21;
    const double Wanted = 1.5;

    // The service answers in part what takes it longer than five seconds; so many events must not.
    const long NeverPartial = 1_000_000;
    const long ExportedAtOnce = 1_000_000;

    public static async Task RunAsync(Run run, CancellationToken cancel)
    {
        run.Start($"{Part}: {string.Join(" and ", run.Size.Events.Select(Count))} events over {DaysOfData} days");
        await using var service = await run.StartServiceAsync("query", cancel);
        await using var plain = await PlainSql.OpenAsync(run.Postgres, service.Database, cancel);
        var rate = double.PositiveInfinity;
        foreach (var (number, wanted) in run.Size.Events.Index())
        {
            var events = number == 0 ? wanted : Math.Min(wanted, Affordable(run, rate));
            if (events < wanted)
                Report.Say($"  {Count(wanted)} events do not fit into the time: {Count(events)} are used");
            if (number > 0 && events <= run.Size.Events[number - 1])
                break;
            (var set, rate) = await LoadAsync(run, service, plain, number, events, cancel);
            await AskRawAsync(run, service, plain, set, Fresh, cancel);
            await Settling.RestAsync(service, cancel);
            await AskRawAsync(run, service, plain, set, AtRest, cancel);
            await AskRollupsAsync(run, service, set, cancel);
            await AskDuckDbAsync(run, service, plain, set, cancel);
            Tell(run.Report, set);
            await Reckoning.CheckAsync(run, Part, service, set.Workspace, cancel);
        }
    }

    static string Count(long events) => events >= 1_000_000 ? $"{events / 1e6:0.##} M" : $"{events / 1e3:0.##} k";

    // What is loaded is asked, and exported too.
    static long Affordable(Run run, double rate) =>
        Math.Max(0, (long)((run.TimeLeft.TotalSeconds - 120) / ((2 / rate) + 4e-5)) / 100_000 * 100_000);

    static async Task<(QuerySet Set, double Rate)> LoadAsync(
        Run run, ServiceUnderTest service, PlainSql plain, int number, long events, CancellationToken cancel)
    {
        var workspace = await service.CreateWorkspaceAsync(Profile.Typical, $"query-{number}", registerFields: false, cancel);
        await service.PostAsync(workspace, "/api/v1/billable-units", AdHocQuestion.Unit, cancel);
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var (end, lanes) = (Clock.Microseconds(), run.Lanes(Profile.Typical, Lanes + 1, stream: 30 + number));
        var load = await SteadyLoad.LoadAsync(
            service, workspace, lanes[..Lanes], events, end - (DaysOfData * TimeSpan.MicrosecondsPerDay), end, cancel);
        var key = await plain.KeyOfAsync(workspace.Id, cancel);
        return (new(Count(events), workspace, lanes[Lanes], key, now.AddDays(-DaysBefore), now.AddHours(1)), load.EventsPerSecond);
    }

    // Service and plain SQL take turns. Variant 0 warms up.
    static async Task AskRawAsync(
        Run run, ServiceUnderTest service, PlainSql plain, QuerySet set, string when, CancellationToken cancel)
    {
        foreach (var question in AdHocQuestion.OfRawEvents)
        {
            if (!await plain.WorksInParallelAsync(question, set.Key, set.From, set.To, cancel))
                Report.Say($"  {set.Name}, {when}: for {question.Name} Postgres takes one process, whatever it may");
            for (var variant = 0; variant <= Math.Max(3, run.Size.RequestsPerQuestion / 8); variant++)
            {
                var from = set.FromOf(variant);
                var (answer, seconds) = await AskAsync(service, set, question, from, cancel);
                var (groups, plainSeconds) = await plain.AskAsync(question, set.Key, from, set.To, cancel);
                var counted = await CountedAsync(run, plain, set, question, answer, cancel);
                if (counted == set.Events && !QueryGroups.AreSame(QueryGroups.Of(answer, question.Dimensions.Length), groups))
                    run.Report.Fault($"{Part}: {question.Name} of {set.Name} is not what plain SQL says: {answer}");
                if (variant == 0)
                    continue;
                set.Add(question, when, counted / seconds);
                set.Add(question, Sql + when, set.Events / plainSeconds);
            }
        }
    }

    /// <summary>How many events an answer took in: all, or those it reached in its time.</summary>
    static async Task<long> CountedAsync(
        Run run, PlainSql plain, QuerySet set, AdHocQuestion question, JsonElement answer, CancellationToken cancel)
    {
        if (!answer.GetProperty("partial").GetBoolean())
            return set.Events;
        if (set.Events <= NeverPartial)
            run.Report.Fault($"{Part}: {question.Name} of {set.Name} is partial.");
        return set.Partial[question] = await plain.CountAsync(set.Key, answer.GetProperty("scannedFrom").GetDateTime().ToUniversalTime(), cancel);
    }

    // Every question follows a write.
    static async Task AskRollupsAsync(Run run, ServiceUnderTest service, QuerySet set, CancellationToken cancel)
    {
        using var connection = await KeepAlive.OpenAsync(service.Port, cancel);
        var writer = new IngestRequest(set.Lane, set.Workspace.Key);
        for (var variant = 0; variant <= run.Size.RequestsPerQuestion; variant++)
            foreach (var question in AdHocQuestion.OfRollups)
            {
                var now = Clock.Microseconds();
                set.Workspace.Tally.Acknowledge(await connection.SendAsync(writer.Batch(1, now - 1_000_000, now).Bytes, cancel));
                var (_, seconds) = await AskAsync(service, set, question, set.FromOf(variant), cancel);
                if (variant > 0)
                    set.Rollups.Add(question, seconds * 1_000);
            }
    }

    static async Task<(JsonElement Answer, double Seconds)> AskAsync(
        ServiceUnderTest service, QuerySet set, AdHocQuestion question, DateTime from, CancellationToken cancel)
    {
        var clock = Stopwatch.StartNew();
        var answer = await service.PostAsync(set.Workspace, Route, question.Body(from, set.To), cancel);
        return (answer, clock.Elapsed.TotalSeconds);
    }

    static async Task AskDuckDbAsync(Run run, ServiceUnderTest service, PlainSql plain, QuerySet set, CancellationToken cancel)
    {
        var parts = (int)((set.Events + ExportedAtOnce - 1) / ExportedAtOnce);
        await using var events = await DuckDbEvents.ExportAsync(service, set.Workspace, set.From, set.To, parts, cancel);
        foreach (var question in AdHocQuestion.OfRawEvents)
            for (var turn = 0; turn <= 3; turn++)
            {
                var (ofJson, jsonSeconds) = await events.OfJsonAsync(question, cancel);
                var (ofColumns, columnSeconds) = await events.OfColumnsAsync(question, cancel);
                if (turn == 0)
                {
                    var (groups, _) = await plain.AskAsync(question, set.Key, set.From, set.To, cancel);
                    if (!QueryGroups.AreSame(groups, ofJson) || !QueryGroups.AreSame(groups, ofColumns))
                        run.Report.Fault($"{Part}: {question.Name} of {set.Name}: DuckDB does not say what plain SQL says.");
                    continue;
                }

                set.Add(question, "DuckDB, JSON", set.Events / jsonSeconds);
                set.Add(question, "DuckDB, columns", set.Events / columnSeconds);
            }
    }

    static void Tell(Report report, QuerySet set)
    {
        foreach (var question in AdHocQuestion.OfRawEvents)
        {
            var partial = set.Partial.TryGetValue(question, out var counted) ? $"partial after {Count(counted)}" : "never partial";
            foreach (var when in (string[])[AtRest, Fresh])
                report.Add(new(Part, $"{set.Name}: {question.Name}, {when}", set.Speed(question, when) ?? 0, "events/s", set.Speed(question, Sql + when),
                    Goal.RatioAtLeast(Wanted), partial, Headline: when == AtRest));
            foreach (var who in (string[])["DuckDB, JSON", "DuckDB, columns"])
                report.Add(new(Part, $"{set.Name}: {question.Name}, {who}", set.Speed(question, who) ?? 0, "events/s", set.Speed(question, Sql + AtRest)));
        }

        foreach (var question in AdHocQuestion.OfRollups)
            report.Add(new(Part, $"{set.Name}: {question.Name}, p95", set.Rollups.P95(question), "ms", Goal: Goal.AtMost(question.Most),
                Note: $"p50 {Report.Short(set.Rollups.P50(question))}"));
    }
}
