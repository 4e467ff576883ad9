using System.Collections.Concurrent;
using Analytics.Storage;
using Npgsql;

namespace Analytics.AppDatabases;

/// <summary>
/// The tables of an app's schema with their sizes. Whoever asks for a table's size waits for who holds the table, so locked ones are not
/// asked for: they count with their last known size, else with what the statistics say.
/// </summary>
sealed class SizedTables
{
    const int MostPlaces = 1_000;
    const int Measurings = 3;
    const string ShortLocks = "set lock_timeout = '300ms'";

    // What is stored apart, and the indexes of both, belong to the table that they are of.
    const string TablesSql = """
        with own as (
            select t.oid, t.relname, t.relkind, t.reltoastrelid, t.relpages, t.reltuples
            from pg_class t
            where t.relnamespace = (select n.oid from pg_namespace n where n.nspname = $1) and t.relkind in ('r', 'p')
        ), parts as (
            select own.oid as main, own.oid as part, own.relpages
            from own
            union all
            select own.oid, toast.oid, toast.relpages
            from own
            join pg_class toast on toast.oid = own.reltoastrelid
            union all
            select own.oid, indexes.oid, indexes.relpages
            from own
            join pg_index i on i.indrelid = own.oid
            join pg_class indexes on indexes.oid = i.indexrelid
            union all
            select own.oid, indexes.oid, indexes.relpages
            from own
            join pg_index i on i.indrelid = own.reltoastrelid
            join pg_class indexes on indexes.oid = i.indexrelid
        ), locks as materialized (
            select l.relation
            from pg_locks l
            where l.mode = 'AccessExclusiveLock' and l.database = (select d.oid from pg_database d where d.datname = current_database())
        ), known as (
            select main, $2 or bool_or(part in (select relation from locks)) as locked,
                sum(greatest(parts.relpages, 0)) * current_setting('block_size')::bigint as bytes
            from parts
            group by main
        ), parents as (
            select i.inhrelid, i.inhparent
            from pg_inherits i
            join pg_class p on p.oid = i.inhparent
            where p.relkind = 'p'
        )
        select own.oid, own.relname::text, coalesce(parents.inhparent, 0), own.relkind = 'p', known.locked,
            case when not known.locked then pg_total_relation_size(own.oid) end, known.bytes::bigint,
            greatest(pg_stat_get_live_tuples(own.oid), own.reltuples::bigint, 0),
            coalesce(pg_stat_get_last_analyze_time(own.oid), pg_stat_get_last_autoanalyze_time(own.oid)) is not null
        from own
        join known on known.main = own.oid
        left join parents on parents.inhrelid = own.oid
        order by own.relname
        """;

    readonly ConcurrentDictionary<AppPlace, Dictionary<uint, long>> lastKnown = [];

    /// <summary>All of them by name, those that are not shown too; in a second whatever is locked.</summary>
    public async Task<List<SizedTable>> OfAsync(NpgsqlConnection reader, AppPlace place, CancellationToken cancel)
    {
        await reader.ExecuteAsync(ShortLocks, [], cancel);
        for (var measuring = 1; measuring <= Measurings; measuring++)
            try
            {
                return await ListAsync(reader, place, asLastKnown: false, cancel);
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
            {
                // Somebody took one just now; the next look knows it.
            }

        return await ListAsync(reader, place, asLastKnown: true, cancel);
    }

    async Task<List<SizedTable>> ListAsync(NpgsqlConnection reader, AppPlace place, bool asLastKnown, CancellationToken cancel)
    {
        var known = lastKnown.GetValueOrDefault(place) ?? [];
        var tables = await reader.QueryAsync(TablesSql, [place.Schema, asLastKnown], row => Read(row, known), cancel);
        Remember(place, tables);
        return tables;
    }

    static SizedTable Read(NpgsqlDataReader row, Dictionary<uint, long> known)
    {
        var oid = row.GetFieldValue<uint>(0);
        var bytes = !row.IsDBNull(5) ? row.GetInt64(5) : known.TryGetValue(oid, out var last) ? last : row.GetInt64(6);
        return new SizedTable(
            oid, row.GetString(1), row.GetFieldValue<uint>(2), row.GetBoolean(3), row.GetBoolean(4), bytes, row.GetInt64(7),
            row.GetBoolean(8));
    }

    void Remember(AppPlace place, List<SizedTable> tables)
    {
        if (lastKnown.Count >= MostPlaces)
            lastKnown.Clear();
        lastKnown[place] = tables.ToDictionary(table => table.Oid, table => table.Bytes);
    }
}
