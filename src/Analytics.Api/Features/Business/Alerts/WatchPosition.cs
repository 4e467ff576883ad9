using Analytics.Storage;
using Npgsql;

namespace Analytics.Features.Business.Alerts;

/// <summary>What a workspace's facts say only as long as it stays the same: who people are, what was scrubbed, what is gone.</summary>
/// <param name="Version">Rises when what is known of people changes, and with a rebuild.</param>
/// <param name="Scrubbed">Rises with every step of an erasure.</param>
/// <param name="Horizon">Raw facts before it are gone, in microseconds since 1970.</param>
/// <param name="IsErasing">Whether an erasure goes on: facts still say what is about to go.</param>
readonly record struct WatchEra(int Version, long Scrubbed, long Horizon, bool IsErasing);

/// <summary>Where a workspace with alerts is.</summary>
/// <param name="Workspace">Its number.</param>
/// <param name="Revision">Rises when its alerts change.</param>
/// <param name="Log">The last fact of the log.</param>
/// <param name="Commit">The last commit of any facts.</param>
/// <param name="Era">As long as it is the same, facts say the same.</param>
readonly record struct WatchPosition(int Workspace, int Revision, long Log, long Commit, WatchEra Era)
{
    const string Sql = """
        select w.workspace_id, w.revision, s.log_seq, s.commits, s.version, s.horizon,
            (select coalesce(sum(events + 1), 0)::bigint from erasures where workspace_id = w.workspace_id),
            exists (select from erasures where workspace_id = w.workspace_id and status <> 'done')
        from alert_watches w
        join workspace_seq s using (workspace_id)
        join workspaces using (workspace_id)
        """;

    /// <summary>The same for windows that end with a minute: none reaches further back than 60 days.</summary>
    public WatchPosition AsOf(long end) => Era.Horizon > end - Farthest ? this : this with { Era = Era with { Horizon = long.MinValue } };

    const long Farthest = 2 * 30 * AlertWords.DayLength;

    /// <summary>Those of all workspaces that have or had alerts.</summary>
    public static Task<List<WatchPosition>> AllAsync(NpgsqlDataSource store, CancellationToken cancel) =>
        store.QueryAsync(Sql, [], Read, cancel);

    /// <summary>That of one workspace; null when it is gone.</summary>
    public static async Task<WatchPosition?> OfAsync(NpgsqlConnection connection, int workspace, CancellationToken cancel) =>
        await connection.QueryAsync(Sql + " where w.workspace_id = $1", [workspace], Read, cancel) is [var only] ? only : null;

    /// <summary>From when on a workspace's raw facts are there, in microseconds; null where none have gone.</summary>
    public static async Task<long?> HorizonAsync(NpgsqlConnection connection, int workspace, CancellationToken cancel) =>
        await connection.QueryAsync(
            "select horizon from workspace_seq where workspace_id = $1 and horizon is not null", [workspace],
            row => row.Microseconds(0), cancel) is [var horizon] ? horizon : null;

    static WatchPosition Read(NpgsqlDataReader row) => new(
        row.GetInt32(0), row.GetInt32(1), row.GetInt64(2), row.GetInt64(3),
        new(row.GetInt32(4), row.GetInt64(6), row.IsDBNull(5) ? long.MinValue : row.Microseconds(5), row.GetBoolean(7)));
}
