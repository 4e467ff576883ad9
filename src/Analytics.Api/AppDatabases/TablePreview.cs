using System.Data;
using Analytics.Storage;
using Analytics.Storage.Schema;
using Npgsql;

namespace Analytics.AppDatabases;

/// <summary>Some rows of a table.</summary>
/// <param name="Rows">Each a JSON object.</param>
/// <param name="Total">How many rows the table has: counted when that takes no second, else estimated.</param>
/// <param name="Fields">The columns.</param>
sealed record PreviewedTable(IReadOnlyList<ReadOnlyMemory<byte>> Rows, long Total, IReadOnlyList<PreviewField> Fields);

/// <summary>A column of the rows.</summary>
/// <param name="Name">Its name.</param>
/// <param name="DataTypeID">The number of its type in Postgres; of a domain that of the type it restricts.</param>
public sealed record PreviewField(string Name, uint DataTypeID);

/// <summary>
/// Looks into a table of an app's, by its primary key, or as the rows lie where there is none: pages are stable as long as nobody writes.
/// </summary>
sealed class TablePreview(AppReading reading)
{
    const string TableSql = """
        select c.oid
        from pg_class c
        where c.relnamespace = (select n.oid from pg_namespace n where n.nspname = $1) and c.relkind in ('r', 'p') and c.relname = $2
        """;

    const string KeySql = """
        select a.attname::text
        from pg_index i
        cross join lateral unnest((i.indkey::int2[])[0:i.indnkeyatts - 1]) with ordinality as keys (attnum, place)
        join pg_attribute a on a.attrelid = i.indrelid and a.attnum = keys.attnum
        where i.indrelid = $1::oid and i.indisprimary
        order by keys.place
        """;

    const string TypesSql = """
        with recursive used (type) as (
            select a.atttypid
            from pg_attribute a
            where a.attrelid = $1::oid and a.attnum > 0 and not a.attisdropped
            union
            select part.type
            from used
            join pg_type t on t.oid = used.type
            cross join lateral (values (t.typbasetype), (t.typelem)) as part (type)
            where part.type <> 0
        )
        select t.oid, t.typbasetype, case when t.typoutput = 'array_out'::regproc then t.typelem else 0 end, t.typdelim::text
        from used
        join pg_type t on t.oid = used.type
        """;

    // Reading the table in its order, and nothing but the table.
    const string AsItLies = "set local enable_indexonlyscan = off";

    /// <summary>Null when the app has no table of exactly this name.</summary>
    public Task<PreviewedTable?> OfAsync(App app, string table, int limit, long offset, CancellationToken cancel) =>
        reading.ReadAsync(app, null, (reader, place, stop) => LookAsync(reader, place, table, limit, offset, stop), cancel);

    static async Task<PreviewedTable?> LookAsync(
        NpgsqlConnection reader, AppPlace place, string table, int limit, long offset, CancellationToken cancel)
    {
        if (!SizedTable.IsOfApp(table)
            || await reader.ScalarAsync<uint?>(TableSql, [place.Schema, table], cancel) is not { } oid)
            return null;
        PreviewedTable read;
        await using (await reader.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancel))
            read = await ReadAsync(reader, place, table, oid, limit, offset, cancel);
        var total = await RowCounts.CountAsync(reader, place, table, cancel)
            ?? await RowCounts.EstimateAsync(reader, place, table, cancel) ?? offset + read.Rows.Count;
        return read with { Total = total };
    }

    static async Task<PreviewedTable> ReadAsync(
        NpgsqlConnection reader, AppPlace place, string table, uint oid, int limit, long offset, CancellationToken cancel)
    {
        var key = await reader.QueryAsync(KeySql, [(long)oid], row => AppNames.Quoted(row.GetString(0)), cancel);
        var types = await reader.QueryAsync(TypesSql, [(long)oid], row => (row.GetFieldValue<uint>(0), Parts(row)), cancel);
        if (key.Count == 0)
            await reader.ExecuteAsync(AsItLies, [], cancel);
        var order = key.Count == 0 ? "" : $"order by {string.Join(", ", key)}";
        await using var select = reader.Command($"select * from {place.Quoted(table)} {order} limit $1 offset $2", [(long)limit, offset]);
        // As texts, by the types' own output: no cast is looked for, which the app could have made.
        select.AllResultTypesAreUnknown = true;
        await using var row = await select.ExecuteReaderAsync(CommandBehavior.SequentialAccess, cancel);
        var fields = Enumerable.Range(0, row.FieldCount).Select(at => new PreviewField(row.GetName(at), row.GetDataTypeOID(at))).ToArray();
        var known = types.ToDictionary();
        var rows = new PreviewRows(
            [.. fields.Select(field => field.Name)], [.. fields.Select(field => Shape.Of(field.DataTypeID, known))]);
        while (await row.ReadAsync(cancel))
            if (!await rows.AddAsync(row, cancel))
            {
                // The others may be as large, and are not to be waited for.
                select.Cancel();
                break;
            }

        return new PreviewedTable(rows.Rows, 0, fields);
    }

    static TypeParts Parts(NpgsqlDataReader row) =>
        new(row.GetFieldValue<uint>(1), row.GetFieldValue<uint>(2), row.GetString(3)[0]);
}
