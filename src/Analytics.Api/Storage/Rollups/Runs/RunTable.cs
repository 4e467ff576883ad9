using Analytics.Storage.Cells;
using Analytics.Storage.Facts;
using Npgsql;

namespace Analytics.Storage.Rollups.Runs;

/// <summary>The list of a workspace's runs. What a rebuild counts anew, everything up to its barrier, is left out.</summary>
sealed class RunTable(NpgsqlConnection connection, int workspace)
{
    /// <summary>The last commit that is a rebuild's.</summary>
    internal const string Barrier = "coalesce((select barrier from workspace_seq where workspace_id = $1), -1)";

    const string RunsSql = $"""
        select run, tier, first_commit, last_commit, bytes, grains
        from rollup_runs
        where workspace_id = $1
          and rollup = $2
          and section = $3
          and first_commit > {Barrier}
        order by run
        """;

    const string AllSql = $"""
        select run, tier, first_commit, last_commit, bytes, grains, rollup, section
        from rollup_runs
        where workspace_id = $1
          and first_commit > {Barrier}
        order by run
        """;

    public Task<List<Run>> RunsAsync(Rollup rollup, Section section, CancellationToken cancel) =>
        connection.QueryAsync(RunsSql, [workspace, rollup.Id, section.Id], Read, cancel);

    /// <summary>Those of all rollups, with the numbers of the rollup and of the section they are made from.</summary>
    public Task<List<(short Rollup, short Section, Run Run)>> AllAsync(CancellationToken cancel) =>
        connection.QueryAsync(AllSql, [workspace], row => (row.GetInt16(6), row.GetInt16(7), Read(row)), cancel);

    public static Run Read(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetInt16(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), (Grains)row.GetInt16(5));

    public async Task DeleteAsync(Rollup rollup, IReadOnlyList<Run> runs, CancellationToken cancel)
    {
        long[] numbers = [.. runs.Select(run => run.Number)];
        foreach (var table in new[] { "rollup_pages", "rollup_runs" })
            await connection.ExecuteAsync(
                $"delete from {table} where workspace_id = $1 and rollup = $2 and run = any($3)", [workspace, rollup.Id, numbers], cancel);
    }
}
