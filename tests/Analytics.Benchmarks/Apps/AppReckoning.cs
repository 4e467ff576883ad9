using System.Globalization;
using System.Text.Json;
using Npgsql;

namespace Analytics.Benchmarks.Apps;

/// <summary>What was acknowledged must be stored, and counted once: every day, every app, every device.</summary>
static class AppReckoning
{
    const int Days = 90;
    const double UserTolerance = 0.02;

    static readonly string Kinds = string.Join(", ", AppList.All.Where(list => list.Keys is not null).Select(list => (short)list.Keys!));

    static readonly string Sql = $"""
        select
            (select count(*) from app_facts f where f.workspace_id = w.workspace_id)
                + (select count(*) from invocations i where i.workspace_id = w.workspace_id),
            (select count(*) from event_keys k where k.workspace_id = w.workspace_id and k.kind in ({Kinds}))
        from workspaces w
        where w.id = $1
        """;

    public static async Task CheckAsync(Run run, string part, ServiceUnderTest service, AppSet set, CancellationToken cancel)
    {
        var (tally, ledger) = (set.Workspace.Tally, set.Ledger);
        var (rows, keys) = await RowsAsync(run.Postgres, service.Database, set.Workspace, cancel);
        var wantedKeys = set.Lane.WithIds ? tally.Inserted - ledger.Devices : 0;
        if (rows != tally.Inserted || keys != wantedKeys || tally.Duplicates > 0)
            run.Report.Fault($"{part}: acknowledged {tally.Inserted} new and {tally.Duplicates} duplicate facts, {wantedKeys} with ids; "
                + $"there are {rows} rows and {keys} keys.");
        var wrong = new List<string>();
        wrong.AddRange(await WrongDaysAsync(service, set, cancel));
        wrong.AddRange(await WrongAppsAsync(service, set, cancel));
        foreach (var line in wrong.Take(5))
            run.Report.Fault($"{part}: {set.Name}: {line}");
        if (wrong.Count == 0)
            Report.Say($"  {set.Name}: {rows:#,0} rows = acknowledged, {keys:#,0} keys; {Days} days of MAU, storage and bandwidth, and "
                + $"views, viewers and invocations of {set.Apps.Count} apps are those that were told");
    }

    /// <summary>MAU of a user's workspaces together: distinct devices, within 2 %.</summary>
    public static async Task CheckUserAsync(
        Run run, string part, ServiceUnderTest service, string key, AppSet[] sets, CancellationToken cancel)
    {
        var end = AppLedger.Today.AddDays(1);
        var answer = await service.GetAsync($"/statistics/user/?{AppQuestion.Range(end, Days)}", key, cancel);
        var ledgers = sets.Select(set => set.Ledger).ToArray();
        var furthest = answer.GetProperty("data").EnumerateArray().Select(ReadDay)
            .Where((_, day) => day % 10 == Days % 10 || day == Days - 1)
            .Max(day => Distance(day.Mau, AppLedger.Mau(day.Date, ledgers)));
        if (furthest > UserTolerance)
            run.Report.Fault($"{part}: MAU of two workspaces is {furthest:P1} away from the distinct devices that were told of.");
        else
            Report.Say($"  MAU of {string.Join(" and ", sets.Select(set => set.Name))} together is at most {furthest:P2} away from exact");
    }

    static double Distance(long value, long exact) => exact == 0 ? value : Math.Abs((double)value / exact - 1);

    static async Task<List<string>> WrongDaysAsync(ServiceUnderTest service, AppSet set, CancellationToken cancel)
    {
        var range = AppQuestion.Range(AppLedger.Today.AddDays(1), Days);
        var answer = await service.GetAsync(set.Workspace, $"/statistics/org/{set.Workspace.Id}/?{range}", cancel);
        return [.. answer.GetProperty("data").EnumerateArray().Select(ReadDay)
            .Select(day => (Told: set.Ledger.Of(day.Date), Day: day)).Where(pair => pair.Told != pair.Day)
            .Select(pair => $"told {pair.Told}, answered {pair.Day}")];
    }

    static async Task<List<string>> WrongAppsAsync(ServiceUnderTest service, AppSet set, CancellationToken cancel)
    {
        var wrong = new List<string>();
        for (var app = 0; app < set.Apps.Count; app++)
        {
            var stats = await service.GetAsync(set.Workspace, $"/api/apps/{set.Apps[app]}/stats", cancel);
            var invocations = Number(stats.GetProperty("api"), "totalInvocations");
            var answered = (Number(stats, "totalViews"), Number(stats, "uniqueViewers"), invocations);
            var told = (set.Ledger.Views[app], set.Ledger.ViewersOf(app), set.Ledger.Invocations[app]);
            if (answered != told)
                wrong.Add($"app {app}: told of views, viewers and invocations {told}, answered {answered}");
        }

        return wrong;
    }

    static DayFigures ReadDay(JsonElement row) => new(
        DateOnly.Parse(row.GetProperty("date").GetString()!, CultureInfo.InvariantCulture), Number(row, "mau"), Number(row, "storage"),
        Number(row, "bandwidth"));

    static long Number(JsonElement row, string name) => row.GetProperty(name).GetInt64();

    static async Task<(long Rows, long Keys)> RowsAsync(
        PostgresUnderTest postgres, string database, TestWorkspace workspace, CancellationToken cancel)
    {
        await using var connection = await postgres.OpenAsync(database, cancel);
        await using var command = new NpgsqlCommand(Sql, connection) { Parameters = { new() { Value = workspace.Id } } };
        await using var row = await command.ExecuteReaderAsync(cancel);
        await row.ReadAsync(cancel);
        return (row.GetInt64(0), row.GetInt64(1));
    }
}
