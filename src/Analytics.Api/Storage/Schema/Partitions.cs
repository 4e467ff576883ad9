using System.Collections.Concurrent;
using Npgsql;

namespace Analytics.Storage.Schema;

/// <summary>
/// The monthly partitions of every kind's table: made ahead for two months to come and as far back as any workspace keeps its facts, but
/// three years at most; dropped when no workspace keeps them any more. The default partition takes the facts outside.
/// </summary>
/// <param name="database">The store.</param>
/// <param name="tables">The tables of facts.</param>
sealed class Partitions(NpgsqlDataSource database, FactTables tables)
{
    const int MonthsAhead = 2;
    const int MostDaysBack = 3 * 366;
    const int Lock = 0x70617274;

    // Months that the default partition has to keep: it is looked through for facts of them while everybody waits, so once is enough.
    readonly ConcurrentDictionary<string, bool> keptByDefault = new(StringComparer.Ordinal);

    const string ListSql = """
        select child.relname
        from pg_inherits
        join pg_class child on child.oid = inhrelid
        where inhparent = $1::regclass
        """;

    /// <summary>
    /// Makes the partitions that are missing, each in a transaction of its own: readers of the table wait for one, not for years of
    /// them. Safe when several nodes do it together. Throws when a reader is in the way for long.
    /// </summary>
    public async Task MakeAsync(DateOnly today, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        // Those that time has made stay as long as facts do. Empty ones of years ago would slow every plan: what is told of that far back
        // goes to the default partition.
        var kept = Math.Min(MostDaysBack, await LongestRetentionAsync(connection, cancel));
        var last = FirstOfMonth(today).AddMonths(MonthsAhead);
        foreach (var table in tables.Names)
        {
            var known = await ListAsync(connection, table, cancel);
            for (var month = FirstOfMonth(today.AddDays(-kept)); month <= last; month = month.AddMonths(1))
                if (!known.Contains(NameOf(table, month)) && !keptByDefault.ContainsKey(NameOf(table, month)))
                    await MakeAsync(connection, table, month, cancel);
        }
    }

    /// <summary>
    /// Drops the partitions that ended before every workspace's horizon; gives their names. Throws when a reader is in the way for long.
    /// </summary>
    public async Task<IReadOnlyList<string>> DropAsync(DateOnly today, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        var oldest = FirstOfMonth(today.AddDays(-await LongestRetentionAsync(connection, cancel)));
        var dropped = new List<string>();
        foreach (var table in tables.Names)
            foreach (var name in await ListAsync(connection, table, cancel))
                if (name != $"{table}_default" && string.CompareOrdinal(name, NameOf(table, oldest)) < 0)
                {
                    // Dropping waits for readers of the table while everybody waits for it: so it waits briefly.
                    await connection.ExecuteAsync($"set lock_timeout = '2s'; drop table if exists {name}; reset lock_timeout", [], cancel);
                    dropped.Add(name);
                }

        return dropped;
    }

    async Task MakeAsync(NpgsqlConnection connection, string table, DateOnly month, CancellationToken cancel)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await connection.ExecuteAsync($"select pg_advisory_xact_lock({Lock})", [], cancel);
        // Another node may have made it meanwhile.
        if (await connection.ScalarAsync<bool>("select to_regclass($1) is not null", [NameOf(table, month)], cancel))
            return;
        try
        {
            // The default partition is looked through, which waits for its readers while everybody waits for it: so it waits briefly.
            await connection.ExecuteAsync($"""
                set local lock_timeout = '2s';
                create table {NameOf(table, month)} (like {table} including defaults including constraints including storage);
                alter table {table} attach partition {NameOf(table, month)}
                    for values from ('{month:yyyy-MM-dd}Z') to ('{month.AddMonths(1):yyyy-MM-dd}Z')
                """, [], cancel);
            await transaction.CommitAsync(cancel);
        }
        catch (PostgresException taken) when (taken.SqlState == PostgresErrorCodes.CheckViolation)
        {
            // Facts of this month that came before its partition lie in the default one, which then has to keep the month.
            keptByDefault[NameOf(table, month)] = true;
        }
    }

    static async Task<HashSet<string>> ListAsync(NpgsqlConnection connection, string table, CancellationToken cancel) =>
        (await connection.QueryAsync(ListSql, [table], row => row.GetString(0), cancel)).ToHashSet(StringComparer.Ordinal);

    static Task<int> LongestRetentionAsync(NpgsqlConnection connection, CancellationToken cancel) =>
        connection.ScalarAsync<int>("select greatest(365, max(retention_days)) from workspaces", [], cancel);

    static DateOnly FirstOfMonth(DateOnly day) => new(day.Year, day.Month, 1);

    static string NameOf(string table, DateOnly month) => $"{table}_{month:yyyy_MM}";
}

/// <summary>The tables of all kinds of facts, each partitioned by <c>timestamp</c>.</summary>
sealed record FactTables(IReadOnlyList<string> Names);
