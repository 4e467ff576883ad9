using System.Text.Json;
using Analytics.Http;
using Analytics.Storage;
using Analytics.Storage.Audit;
using Analytics.Storage.Facts;
using Analytics.Storage.Schema;
using Npgsql;

namespace Analytics.Features.Requests;

/// <summary>
/// The hours of a workspace's endpoints that were found degraded before, which tell whether a degradation is new: none of its hours was
/// told, and it does not go on from one that was. Held under the watch's lock.
/// </summary>
sealed class ToldHours
{
    // Nobody looks further back than a day.
    const int Kept = 3 * 24;

    const string ReadSql = """
        select endpoint, measure, hour, is_degraded
        from degraded_hours
        where workspace_id = $1
          and hour between $2 and $3
        """;

    const string ForgetSql = "delete from degraded_hours where workspace_id = $1 and hour < $2";

    const string ClearSql = """
        update degraded_hours
        set is_degraded = false
        where workspace_id = $1
          and hour between $2 and $3
          and is_degraded
        """;

    const string KeepSql = """
        insert into degraded_hours (workspace_id, endpoint, measure, hour, is_degraded)
        select $1, endpoint, measure, hour, true
        from unnest($2, $3, $4) as found (endpoint, measure, hour)
        on conflict (workspace_id, hour, endpoint, measure) do update
        set is_degraded = true
        """;

    const string TellSql = """
        insert into outbox (workspace_id, id, subject, name, timestamp, metadata, is_audit)
        select $1, gen_random_uuid(), $2, $3, $4, metadata::jsonb, true
        from unnest($5) as told (metadata)
        """;

    // What came after the snapshot is looked at next time.
    const string LookedSql = "delete from moved_hours where workspace_id = $1 and commit <= $2";

    readonly Dictionary<(int Endpoint, short Measure, int Hour), bool> told = [];
    readonly NpgsqlConnection connection;
    readonly int first;
    readonly int end;

    ToldHours(NpgsqlConnection connection, int first, int end) => (this.connection, this.first, this.end) = (connection, first, end);

    /// <summary>Those of [first, end), and the hour before.</summary>
    public static async Task<ToldHours> ReadAsync(NpgsqlConnection connection, int workspace, int first, int end, CancellationToken cancel)
    {
        var hours = new ToldHours(connection, first, end);
        await connection.EachAsync(
            ReadSql, [workspace, first - 1, end - 1],
            row => hours.told[(row.GetInt32(0), row.GetInt16(1), row.GetInt32(2))] = row.GetBoolean(3), cancel);
        return hours;
    }

    public bool IsNew(DegradationRun run) =>
        run.Hours.All(hour => !told.ContainsKey(KeyOf(hour, hour.Hour)))
        && !(run.Hours[0].Hour == first && told.GetValueOrDefault(KeyOf(run.Last, first - 1)));

    /// <summary>Saves what was found, and what is to be told of it.</summary>
    public async Task SaveAsync(
        Workspace workspace, List<DegradationRun> runs, Degradation[] fresh, long commit, DateTimeOffset now, CancellationToken cancel)
    {
        DegradedHour[] found = [.. runs.SelectMany(run => run.Hours)];
        await connection.ExecuteAsync(ForgetSql, [workspace.Key, Math.Min(first, HourTimes.Of(now)) - Kept], cancel);
        await connection.ExecuteAsync(ClearSql, [workspace.Key, first, end - 1], cancel);
        await connection.ExecuteAsync(
            KeepSql,
            [
                workspace.Key, found.Select(hour => hour.Endpoint).ToArray(), found.Select(hour => hour.Measure.Number).ToArray(),
                found.Select(hour => hour.Hour).ToArray(),
            ], cancel);
        await connection.ExecuteAsync(
            TellSql, [workspace.Key, workspace.Id, OwnNames.AnomalyDetected, now.UtcDateTime, fresh.Select(TextOf).ToArray()], cancel);
        await connection.ExecuteAsync(LookedSql, [workspace.Key, commit], cancel);
    }

    static string TextOf(Degradation degradation) => JsonSerializer.Serialize(new AuditRecord(
        OwnNames.AnomalyDetected, LogClass.Of(OwnNames.AnomalyDetected).CategoryWord, "WARN", "endpoint", degradation.Endpoint,
        JsonSerializer.SerializeToElement(degradation, Json.Camel)));

    static (int, short, int) KeyOf(DegradedHour of, int hour) => (of.Endpoint, of.Measure.Number, hour);
}
