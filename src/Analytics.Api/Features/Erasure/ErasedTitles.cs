using Analytics.Storage;
using Npgsql;

namespace Analytics.Features.Erasure;

/// <summary>
/// What billable units, what they count and products are shown as: where that names an erased person the pseudonym stands from then on.
/// The filters of units stay, for usage was counted by them.
/// </summary>
sealed class ErasedTitles(NpgsqlConnection connection, int workspace, ErasedNames names)
{
    const string UnitsSql = "select unit, name, unit_label from billable_units where workspace_id = $1";

    const string UnitSql = "update billable_units set name = $3, unit_label = $4 where workspace_id = $1 and unit = $2";

    const string ProductsSql = "select key, name from products where workspace_id = $1";

    const string ProductSql = "update products set name = $3 where workspace_id = $1 and key = $2";

    public async Task RenameAsync(CancellationToken cancel)
    {
        foreach (var (unit, name, label) in await connection.QueryAsync(
            UnitsSql, [workspace], row => (row.GetInt32(0), row.GetString(1), row.GetString(2)), cancel))
            if ((names.InText(name), names.InText(label)) is var renamed && renamed != (name, label))
                await connection.ExecuteAsync(UnitSql, [workspace, unit, renamed.Item1, renamed.Item2], cancel);
        foreach (var (key, name) in await connection.QueryAsync(
            ProductsSql, [workspace], row => (row.GetString(0), row.GetString(1)), cancel))
            if (names.InText(name) is var renamed && renamed != name)
                await connection.ExecuteAsync(ProductSql, [workspace, key, renamed], cancel);
    }
}
