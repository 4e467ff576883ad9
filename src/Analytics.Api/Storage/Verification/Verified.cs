using Npgsql;

namespace Analytics.Storage.Verification;

/// <summary>What a recount of a workspace came to.</summary>
/// <param name="Facts">The raw facts of every kind that were counted.</param>
/// <param name="Cells">The cells of rollups that were compared with what raw facts, or finer cells, add up to.</param>
/// <param name="Differences">All that differed, in cells and elsewhere.</param>
sealed record Verified(long Facts, long Cells, long Differences)
{
    const string SaveSql = """
        insert into verifications (workspace_id, checked_at, raw_events, rollup_rows, differences)
        select workspace_id, $2, $3, $4, $5
        from workspace_seq
        where workspace_id = $1
        on conflict (workspace_id) do update
        set checked_at = excluded.checked_at, raw_events = excluded.raw_events, rollup_rows = excluded.rollup_rows,
            differences = excluded.differences
        """;

    /// <summary>Keeps it as the workspace's last one, unless the workspace is gone.</summary>
    public Task SaveAsync(NpgsqlDataSource store, int workspace, DateTimeOffset now, CancellationToken cancel) =>
        store.ExecuteAsync(SaveSql, [workspace, now.UtcDateTime, Facts, Cells, Differences], cancel);
}
