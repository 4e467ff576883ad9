using Analytics.AppDatabases;
using Analytics.Http;
using Analytics.Storage;
using Analytics.Storage.Apps;
using Analytics.Storage.Cells;
using Analytics.Storage.Rollups;
using Analytics.Storage.Rollups.Reading;
using Analytics.Storage.Schema;
using Analytics.Time;
using Npgsql;

namespace Analytics.Features.Apps;

/// <summary>How much an app is used: views and invocations from rollups, in one snapshot, and the size of its Postgres workspace.</summary>
sealed class AppStatsQuery(NpgsqlDataSource store, AppSizes sizes, TimeProvider clock)
{
    const int Week = 7;

    static readonly Rollup[] Rollups = [AppRollups.AppViews, AppRollups.AppInvocations];

    public async Task<AppStats> AnswerAsync(App app, CancellationToken cancel)
    {
        // Before a connection is taken: the app's database may not answer at once.
        var storage = await StorageAsync(app, cancel);
        await using var snapshot = await RollupSnapshot.OpenAsync(store, app.WorkspaceKey, Rollups, cancel);
        var days = new AppDays(snapshot, app.Number, clock.GetStoreNow(), cancel);
        var views = await days.LastAsync(AppRollups.AppViews);
        var ever = await days.EverAsync(AppRollups.AppViews, CellParts.SumsAndSet);
        return new(
            app.Id, (long)ever[AppFacts.ViewCount], ever.Set?.Count ?? 0, ViewsIn(views.Take(Week)), ViewsIn(views),
            ever.HasTimes ? Rfc3339.ToInstant(ever.LastTime) : null,
            [.. views.Take(Week).Select((day, ago) => new ViewsOfDay(days.DateOf(ago), (long)day[AppFacts.ViewCount]))],
            await InvocationsAsync(days), storage);
    }

    static async Task<InvocationStats> InvocationsAsync(AppDays days)
    {
        var last = await days.LastAsync(AppRollups.AppInvocations);
        var (ever, month) = (await days.EverAsync(AppRollups.AppInvocations, CellParts.Sums), AppDays.Sum(last));
        return new(
            InvocationsIn(ever), InvocationsIn(AppDays.Sum(last.Take(Week))), InvocationsIn(month), AppDays.AverageOf(month),
            (long)month[InvocationFacts.Failed], ExactNumber.Percent(month[InvocationFacts.Failed], month[InvocationFacts.Invocations]),
            (long)(month.Maximum ?? 0), AppDays.Milliseconds(month[InvocationFacts.Duration]));
    }

    static long ViewsIn(IEnumerable<Cell> days) => (long)AppDays.Sum(days)[AppFacts.ViewCount];

    static long InvocationsIn(Cell cell) => (long)cell[InvocationFacts.Invocations];

    async Task<StorageStats> StorageAsync(App app, CancellationToken cancel)
    {
        if (app.SchemaName is null)
            return new(false, 0, 0, 0, default);
        var size = await sizes.OfAsync(app, cancel);
        return new(true, size.Bytes, size.Tables, app.QuotaBytes, ExactNumber.Percent(size.Bytes, app.QuotaBytes));
    }
}
