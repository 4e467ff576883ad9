using Analytics.Storage;
using Npgsql;

namespace Analytics.Features.Erasure;

/// <summary>
/// What somebody called things: billable units and what they count, products, the labels of event types, keys. Where that names an erased
/// person the pseudonym stands from then on. The filters of units stay, for usage was counted by them, and so do labels that are the
/// name of their events.
/// </summary>
sealed class ErasedTitles(NpgsqlConnection connection, int workspace, ErasedNames names)
{
    const string UnitsSql = "select unit, name, unit_label from billable_units where workspace_id = $1";

    const string UnitSql = "update billable_units set name = $3, unit_label = $4 where workspace_id = $1 and unit = $2";

    const string ProductsSql = "select key, name from products where workspace_id = $1";

    const string ProductSql = "update products set name = $3 where workspace_id = $1 and key = $2";

    const string LabelsSql = "select type, label from event_types where workspace_id = $1 and label <> name";

    const string LabelSql = "update event_types set label = $3 where workspace_id = $1 and type = $2";

    const string KeysSql = "select id, name from api_keys where workspace_id = $1";

    const string KeySql = "update api_keys set name = $3 where workspace_id = $1 and id = $2";

    public async Task RenameAsync(CancellationToken cancel)
    {
        foreach (var (unit, name, label) in await connection.QueryAsync(
            UnitsSql, [workspace], row => (row.GetInt32(0), row.GetString(1), row.GetString(2)), cancel))
            if ((names.InText(name), names.InText(label)) is var renamed && renamed != (name, label))
                await connection.ExecuteAsync(UnitSql, [workspace, unit, renamed.Item1, renamed.Item2], cancel);
        await RenameAsync(ProductsSql, ProductSql, row => row.GetString(0), cancel);
        await RenameAsync(LabelsSql, LabelSql, row => row.GetInt32(0), cancel);
        await RenameAsync(KeysSql, KeySql, row => row.GetString(0), cancel);
    }

    async Task RenameAsync(string readSql, string writeSql, Func<NpgsqlDataReader, SqlValue> keyOf, CancellationToken cancel)
    {
        foreach (var (key, name) in await connection.QueryAsync(readSql, [workspace], row => (keyOf(row), row.GetString(1)), cancel))
            if (names.InText(name) is var renamed && renamed != name)
                await connection.ExecuteAsync(writeSql, [workspace, key, renamed], cancel);
    }
}
