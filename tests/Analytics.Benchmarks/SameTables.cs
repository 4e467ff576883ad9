using Npgsql;

namespace Analytics.Benchmarks;

/// <summary>The yardstick must be the service's own tables: <c>baseline.sql</c> has to follow when a migration changes it.</summary>
public static class SameTables
{
    const string Names = "'events', 'requests', 'app_facts', 'invocations', 'event_keys'";

    const string Sql = $"""
        select string_agg(line, E'\n' order by line)
        from (
            select format('%s.%s %s %s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attstorage) as line
            from pg_class c
            join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
            where c.relnamespace = 'public'::regnamespace and c.relname in ({Names})
            union all
            select format('%s primary key %s', c.relname, pg_get_constraintdef(k.oid))
            from pg_class c
            join pg_constraint k on k.conrelid = c.oid and k.contype = 'p'
            where c.relnamespace = 'public'::regnamespace and c.relname in ({Names})
        ) lines
        """;

    public static async Task CheckAsync(Run run, string service, string bare, CancellationToken cancel)
    {
        var (ours, theirs) = (await DescribeAsync(run.Postgres, service, cancel), await DescribeAsync(run.Postgres, bare, cancel));
        if (ours != theirs)
            run.Report.Fault($"baseline.sql has not the service's tables. The service's:\n{ours}\nBare:\n{theirs}");
    }

    static async Task<string> DescribeAsync(PostgresUnderTest postgres, string database, CancellationToken cancel)
    {
        await using var connection = await postgres.OpenAsync(database, cancel);
        await using var command = new NpgsqlCommand(Sql, connection);
        return (string)(await command.ExecuteScalarAsync(cancel))!;
    }
}
