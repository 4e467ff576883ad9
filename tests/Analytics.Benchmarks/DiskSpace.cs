using Analytics.Storage.Rollups;
using Npgsql;

namespace Analytics.Benchmarks;

/// <summary>How many bytes a database's tables take on disk, indexes and everything derived from the facts included.</summary>
/// <param name="Tables">The bytes of each table, and how many of them are its indexes'.</param>
/// <param name="Cells">The bytes that each rollup's cells have in their pages.</param>
public sealed record DiskSpace(Dictionary<string, (long All, long Indexes)> Tables, Dictionary<string, long> Cells)
{
    const string TablesSql = """
        select coalesce(parent.relname, c.relname)::text, sum(pg_total_relation_size(c.oid))::bigint, sum(pg_indexes_size(c.oid))::bigint
        from pg_class c
        join pg_namespace n on n.oid = c.relnamespace
        left join pg_inherits i on i.inhrelid = c.oid
        left join pg_class parent on parent.oid = i.inhparent
        where n.nspname = 'public' and c.relkind = 'r'
        group by 1
        order by 2 desc
        """;

    const string CellsSql = "select rollup, sum(bytes)::bigint from rollup_runs group by 1 order by 2 desc";

    public long Bytes => Tables.Values.Sum(table => table.All);

    /// <summary>Of a database with only the bare tables there are no cells.</summary>
    public static async Task<DiskSpace> MeasureAsync(PostgresUnderTest postgres, string database, bool isBare, CancellationToken cancel)
    {
        var (tables, cells) = (new Dictionary<string, (long, long)>(), new Dictionary<string, long>());
        await using var connection = await postgres.OpenAsync(database, cancel);
        await EachAsync(TablesSql, row => tables.Add(row.GetString(0), (row.GetInt64(1), row.GetInt64(2))));
        if (!isBare)
            await EachAsync(CellsSql, row => cells.Add(NameOf(row.GetInt16(0)), row.GetInt64(1)));
        return new(tables, cells);

        async Task EachAsync(string sql, Action<NpgsqlDataReader> take)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await using var rows = await command.ExecuteReaderAsync(cancel);
            while (await rows.ReadAsync(cancel))
                take(rows);
        }
    }

    public static async Task TellAsync(
        Run run, string part, string database, string? bareDatabase, long events, CancellationToken cancel)
    {
        var space = await MeasureAsync(run.Postgres, database, isBare: false, cancel);
        var bare = bareDatabase is null ? null : await MeasureAsync(run.Postgres, bareDatabase, isBare: true, cancel);
        var note = space.PerTable(events) + (bare is null ? "" : $"; bare: {bare.PerTable(events)}");
        run.Report.Add(new(part, "on disk", (double)space.Bytes / events, "bytes/event",
            bare is null ? null : (double)bare.Bytes / events, Note: note, Headline: bare is not null));
    }

    /// <summary>What came to it since.</summary>
    public DiskSpace Since(DiskSpace before) => new(
        Tables.ToDictionary(
            table => table.Key,
            table => before.Tables.GetValueOrDefault(table.Key) is var then
                ? (table.Value.All - then.All, table.Value.Indexes - then.Indexes)
                : default),
        Cells.ToDictionary(rollup => rollup.Key, rollup => rollup.Value - before.Cells.GetValueOrDefault(rollup.Key)));

    /// <summary>Every table that takes more than half a percent, by the fact.</summary>
    public string PerTable(long facts) => string.Join(", ", Tables.Where(table => table.Value.All * 200 > Math.Max(0, Bytes)).Select(table =>
        $"{table.Key} {Report.Short((double)table.Value.All / facts)} (indexes {Report.Short((double)table.Value.Indexes / facts)})"));

    /// <summary>The cells of every rollup that has some, by the fact.</summary>
    public string PerRollup(long facts) => string.Join(", ", Cells.Where(rollup => rollup.Value > 0)
        .Select(rollup => $"{rollup.Key} {Report.Short((double)rollup.Value / facts)}"));

    static string NameOf(short rollup) => RollupCatalogue.All.Single(row => row.Id == rollup).Name;
}
