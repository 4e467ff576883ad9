using Npgsql;

namespace Analytics.Benchmarks;

/// <summary>How many bytes an event takes on disk, indexes and everything derived from it included.</summary>
public static class DiskSpace
{
    const string Sql = """
        select coalesce(parent.relname, c.relname)::text, sum(pg_total_relation_size(c.oid))::bigint
        from pg_class c
        join pg_namespace n on n.oid = c.relnamespace
        left join pg_inherits i on i.inhrelid = c.oid
        left join pg_class parent on parent.oid = i.inhparent
        where n.nspname = 'public' and c.relkind = 'r'
        group by 1
        order by 2 desc
        """;

    public static async Task TellAsync(
        Run run, string part, string database, string? bareDatabase, long events, CancellationToken cancel)
    {
        var tables = await TablesAsync(run.Postgres, database, cancel);
        var bare = bareDatabase is null ? [] : await TablesAsync(run.Postgres, bareDatabase, cancel);
        var note = PerTable(tables) + (bare.Count > 0 ? $"; bare: {PerTable(bare)}" : "");
        run.Report.Add(new(part, "on disk", (double)tables.Values.Sum() / events, "bytes/event",
            bare.Count > 0 ? (double)bare.Values.Sum() / events : null, Note: note, Headline: bare.Count > 0));

        // Every table that takes more than half a percent.
        string PerTable(Dictionary<string, long> all) => string.Join(", ", all.Where(table => table.Value * 200 > all.Values.Sum())
            .Select(table => $"{table.Key} {Report.Short((double)table.Value / events)}"));
    }

    static async Task<Dictionary<string, long>> TablesAsync(PostgresUnderTest postgres, string database, CancellationToken cancel)
    {
        await using var connection = await postgres.OpenAsync(database, cancel);
        await using var command = new NpgsqlCommand(Sql, connection);
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var tables = new Dictionary<string, long>(StringComparer.Ordinal);
        while (await rows.ReadAsync(cancel))
            tables.Add(rows.GetString(0), rows.GetInt64(1));
        return tables;
    }
}
