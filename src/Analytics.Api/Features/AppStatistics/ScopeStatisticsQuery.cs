using Analytics.Contract;
using Analytics.Sketches;
using Analytics.Storage;
using Analytics.Storage.Rollups.Reading;
using Analytics.Storage.Schema;
using Npgsql;

namespace Analytics.Features.AppStatistics;

/// <summary>The statistics of an app, or of all apps of some workspaces, in one snapshot.</summary>
sealed class ScopeStatisticsQuery(NpgsqlDataSource store)
{
    const string AppsSql = """
        select workspace_id, app, id, natural_id
        from apps
        where workspace_id = any($1) and deleted_at is null
        """;

    const int MostRows = 100_000;

    readonly WindowCounts windows = new(StatisticsDays.Window);

    sealed record LivingApp(int Workspace, int Number, Guid Id, string NaturalId);

    public async Task<AppStatisticsAnswer> OfAppAsync(App app, StatisticsQuestion question, CancellationToken cancel)
    {
        await using var read = await BoundedRead.OpenAsync(store, cancel);
        var snapshot = await RollupSnapshot.WithinAsync(read, app.WorkspaceKey, StoredDays.Rollups);
        return new((await LastAsync(question.Days))!, question.Previous is { } previous ? await LastAsync(previous) : null);

        async Task<StatisticsRow?> LastAsync(StatisticsDays days) =>
            question.Rows(
                days, (await OfAppsAsync(new(snapshot, days, read.Cancel), [app.Number], question))[app.Number]).LastOrDefault();
    }

    public async Task<ScopeStatisticsAnswer> OfWorkspacesAsync(
        IReadOnlyList<Workspace> workspaces, StatisticsQuestion question, CancellationToken cancel)
    {
        await using var read = await BoundedRead.OpenAsync(store, cancel);
        var apps = question.ByApp ? await AppsAsync(read, workspaces, question.Days) : [];
        var totals = question.Ranges.Select(days => new ScopeTotals(days)).ToList();
        var byApp = new List<StatisticsOfApp>();
        foreach (var workspace in workspaces)
        {
            var snapshot = await RollupSnapshot.WithinAsync(read, workspace.Key, StoredDays.Rollups);
            foreach (var total in totals)
                await total.AddAsync(workspace.Key, new(snapshot, total.Days, read.Cancel), question.Ratios);
            var own = apps.Where(app => app.Workspace == workspace.Key).ToList();
            var figures = await OfAppsAsync(new(snapshot, question.Days, read.Cancel), [.. own.Select(app => app.Number)], question);
            byApp.AddRange(
                own.Select(app => new StatisticsOfApp(app.Id, app.NaturalId, question.Rows(question.Days, figures[app.Number]))));
        }

        var rows = new List<List<StatisticsRow>>();
        foreach (var total in totals)
            rows.Add(question.Rows(total.Days, await total.FiguresAsync(read, windows)));
        return new(
            rows[0], question.ByApp ? [.. byApp.OrderBy(app => app.NaturalId, StringComparer.Ordinal).ThenBy(app => app.AppId)] : null,
            question.Previous is null ? null : rows[1])
        {
            HasRatios = question.Ratios,
        };
    }

    async Task<Dictionary<int, DayFigures[]>> OfAppsAsync(StoredDays stored, IReadOnlyCollection<int> apps, StatisticsQuestion question)
    {
        var figures = await stored.TrafficAsync(apps, question.Ratios);
        foreach (var (app, devices) in await stored.DevicesAsync(apps))
            DayFigures.SetDevices(figures[app], windows.Of(devices));
        return figures;
    }

    static async Task<List<LivingApp>> AppsAsync(BoundedRead read, IReadOnlyList<Workspace> workspaces, StatisticsDays days)
    {
        var apps = await read.Connection.QueryAsync(
            AppsSql, [workspaces.Select(workspace => workspace.Key).ToArray()],
            row => new LivingApp(row.GetInt32(0), row.GetInt32(1), row.GetGuid(2), row.GetString(3)), read.Cancel);
        return (long)apps.Count * days.Count <= MostRows
            ? apps
            : throw new ProblemException(400, $"There are {apps.Count} apps: by app the range has more than {MostRows} rows.");
    }
}
