using Analytics.Storage.Facts;
using Npgsql;

namespace Analytics.Storage.Rollups.Runs;

/// <summary>A workspace's deltas that wait to be flushed. Those up to a rebuild's barrier are left out: it counts them anew.</summary>
sealed class DeltaTable(NpgsqlConnection connection, int workspace)
{
    const int MaxAtOnce = 512;
    const int MaxBytesAtOnce = 4 * 1024 * 1024;

    // Section by section the first one only, whatever else waits.
    const string WaitingSql = $"""
        select one.section
        from unnest($2) as one (section)
        cross join lateral (
            select
            from rollup_deltas
            where workspace_id = $1
              and section = one.section
              and commit > {RunTable.Barrier}
            limit 1
        ) first
        """;

    static readonly string ReadSql = $"""
        select commit, data
        from rollup_deltas
        where workspace_id = $1
          and section = $2
          and commit > {RunTable.Barrier}
        order by commit
        limit {MaxAtOnce}
        """;

    /// <summary>Those of some sections that have deltas, in their order.</summary>
    public async Task<List<Section>> WaitingAsync(List<Section> sections, CancellationToken cancel)
    {
        var waiting = await connection.QueryAsync(
            WaitingSql, [workspace, sections.Select(section => section.Id).ToArray()], row => row.GetInt16(0), cancel);
        return sections.FindAll(section => waiting.Contains(section.Id));
    }

    /// <summary>Those of a section that have waited longest, as many as are flushed at once, and whether there may be more.</summary>
    public async Task<(List<long> Commits, List<byte[]> Deltas, long Bytes, bool IsMore)> ReadAsync(
        Section section, CancellationToken cancel)
    {
        var (commits, deltas, bytes) = (new List<long>(), new List<byte[]>(), 0L);
        await using var command = connection.Command(ReadSql, [workspace, section.Id]);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        for (; bytes < MaxBytesAtOnce && await reader.ReadAsync(cancel); bytes += deltas[^1].Length)
        {
            commits.Add(reader.GetInt64(0));
            deltas.Add(reader.GetFieldValue<byte[]>(1));
        }

        return (commits, deltas, bytes, deltas.Count == MaxAtOnce || bytes >= MaxBytesAtOnce);
    }

    public Task DeleteAsync(Section section, List<long> commits, CancellationToken cancel) => connection.ExecuteAsync(
        "delete from rollup_deltas where workspace_id = $1 and section = $2 and commit = any($3)",
        [workspace, section.Id, commits.ToArray()], cancel);
}
