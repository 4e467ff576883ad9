using Analytics.Contract;
using Analytics.Storage;
using Analytics.Storage.Schema;
using Npgsql;

namespace Analytics.AppDatabases;

/// <summary>The tables of an app with their columns, their sizes and how many rows they have.</summary>
sealed class AppTables(AppReading reading, SizedTables sizes)
{
    const int MostColumns = 50_000;

    // Types are named as information_schema.columns does, which itself shows a table to those only who may do something with it.
    const string ColumnsSql = """
        select a.attrelid, a.attname::text,
            case
                when coalesce(base.typelem, t.typelem) <> 0 and coalesce(base.typlen, t.typlen) = -1 then 'ARRAY'
                when coalesce(base.typnamespace, t.typnamespace) = 'pg_catalog'::regnamespace
                    then format_type(coalesce(base.oid, t.oid), null)
                else 'USER-DEFINED'
            end,
            not (a.attnotnull or (t.typtype = 'd' and t.typnotnull)), coalesce(keys.is_primary, false), keys.indrelid is not null
        from pg_class c
        join pg_attribute a on a.attrelid = c.oid
        join pg_type t on t.oid = a.atttypid
        left join pg_type base on t.typtype = 'd' and base.oid = t.typbasetype
        left join keys on keys.indrelid = a.attrelid and keys.attnum = a.attnum
        where c.relnamespace = (select n.oid from pg_namespace n where n.nspname = $1) and c.relkind in ('r', 'p')
            and a.attnum > 0 and not a.attisdropped
        order by a.attrelid, a.attnum
        limit $2
        """;

    // What an index merely includes, behind its keys, it does not find.
    const string WithKeys = """
        with keys as materialized (
            select i.indrelid, key.attnum, bool_or(i.indisprimary) as is_primary
            from pg_index i
            join pg_class c on c.oid = i.indrelid
            cross join unnest((i.indkey::int2[])[0:i.indnkeyatts - 1]) as key (attnum)
            where c.relnamespace = (select n.oid from pg_namespace n where n.nspname = $1) and i.indislive
            group by i.indrelid, key.attnum
        )

        """;

    /// <summary>Empty for an app without a workspace; 400 when there are more columns than one answer may hold.</summary>
    public Task<IReadOnlyList<AppTable>> OfAsync(App app, CancellationToken cancel) =>
        reading.ReadAsync<IReadOnlyList<AppTable>>(app, [], ListAsync, cancel);

    async Task<IReadOnlyList<AppTable>> ListAsync(NpgsqlConnection reader, AppPlace place, CancellationToken cancel)
    {
        var columns = await ColumnsAsync(reader, place, cancel);
        var all = await sizes.OfAsync(reader, place, cancel);
        var shown = all.FindAll(table => table.IsShown);
        var counts = new RowCounts(reader, place);
        foreach (var table in shown.Where(table => !table.IsPartitioned))
            await counts.CountAsync(table, cancel);
        return
        [
            .. from table in shown
               let pieces = Pieces(table, all)
               let own = columns[table.Oid].Select(column => column.Column)
               select new AppTable(table.Name, pieces.Sum(counts.Of), pieces.Sum(piece => piece.Bytes), [.. own]),
        ];
    }

    static async Task<ILookup<uint, (uint Table, AppColumn Column)>> ColumnsAsync(
        NpgsqlConnection reader, AppPlace place, CancellationToken cancel)
    {
        var columns = await reader.QueryAsync(
            WithKeys + ColumnsSql, [place.Schema, MostColumns + 1],
            row => (Table: row.GetFieldValue<uint>(0), Column: Column(row)), cancel);
        return columns.Count <= MostColumns
            ? columns.ToLookup(column => column.Table)
            : throw ProblemException.Invalid(new Problem("id", "too_many", $"The app's tables have more than {MostColumns} columns."));
    }

    static AppColumn Column(NpgsqlDataReader row)
    {
        var (isKey, isIndexed) = (row.GetBoolean(4), row.GetBoolean(5));
        return new AppColumn(
            row.GetString(1), row.GetString(2), row.GetBoolean(3), isKey ? true : null, isIndexed && !isKey ? true : null);
    }

    /// <summary>The tables that hold a table's rows: itself, or what it is divided into, however often.</summary>
    static IReadOnlyList<SizedTable> Pieces(SizedTable table, List<SizedTable> all) => table.IsPartitioned
        ? [.. all.Where(piece => piece.Parent == table.Oid).SelectMany(piece => Pieces(piece, all))]
        : [table];
}
