using Analytics.Storage;
using Analytics.Storage.Apps;
using Analytics.Storage.Rollups;
using Analytics.Storage.Rollups.Reading;
using Analytics.Storage.Schema;
using Analytics.Time;
using Npgsql;

namespace Analytics.Features.Apps;

/// <summary>Invocations of an app's server routes: the last ones themselves, and days from rollups, in one snapshot.</summary>
sealed class AppApiStatsQuery(NpgsqlDataSource store, TimeProvider clock)
{
    const string RecentSql = """
        select method, path, nullif(username, ''), timestamp, duration, status, memory, nullif(error, '')
        from invocations
        where workspace_id = $1 and app = $2
        order by timestamp desc, id desc
        limit 100
        """;

    public async Task<AppApiStats> AnswerAsync(App app, CancellationToken cancel)
    {
        await using var snapshot = await RollupSnapshot.OpenAsync(store, app.WorkspaceKey, [AppRollups.AppInvocations], cancel);
        var days = new AppDays(snapshot, app.Number, clock.GetStoreNow(), cancel);
        var daily = await days.LastAsync(AppRollups.AppInvocations);
        return new(
            await snapshot.Connection.QueryAsync(RecentSql, [app.WorkspaceKey, app.Number], Invocation, cancel),
            [.. daily.Select((day, ago) => new InvocationsOfDay(
                days.DateOf(ago), (long)day[InvocationFacts.Invocations], AppDays.AverageOf(day), (long)day[InvocationFacts.Failed]))]);
    }

    static RecentInvocation Invocation(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetString(1), row.IsDBNull(2) ? null : row.GetString(2), Rfc3339.ToInstant(row.Microseconds(3)),
        AppDays.Milliseconds(row.GetInt64(4)), row.GetInt16(5), row.GetInt64(6), row.IsDBNull(7) ? null : row.GetString(7));
}
