using Analytics.Storage;
using Npgsql;

namespace Analytics.Features.Erasure;

/// <summary>Alerts that name an erased person, and the keys that they watch: the pseudonym stands there from then on.</summary>
sealed class ErasedAlerts(NpgsqlConnection connection, int workspace, ErasedNames names)
{
    // A look under way knows the alerts as they were: what it found is looked for again.
    const string TakeSql = "update alert_watches set revision = revision + 1 where workspace_id = $1";

    const string AlertsSql = "select id, name, query::text from alerts where workspace_id = $1";

    const string AlertSql = "update alerts set name = $3, query = $4::jsonb where workspace_id = $1 and id = $2";

    const string KeysSql = """
        update alert_crossings
        set key = to_jsonb($3::text)
        where workspace_id = $1
          and key <@ to_jsonb($2::text[])
        """;

    public async Task RenameAsync(CancellationToken cancel)
    {
        if (await connection.ExecuteAsync(TakeSql, [workspace], cancel) == 0)
            return; // there never was an alert
        foreach (var (id, name, query) in await connection.QueryAsync(
            AlertsSql, [workspace], row => (row.GetGuid(0), row.GetString(1), row.IsDBNull(2) ? null : row.GetString(2)), cancel))
            await connection.ExecuteAsync(
                AlertSql, [workspace, id, names.InText(name), SqlValue.Of(query is null ? null : names.InFilters(query))], cancel);
        await connection.ExecuteAsync(KeysSql, [workspace, names.All, names.Pseudonym], cancel);
    }
}
