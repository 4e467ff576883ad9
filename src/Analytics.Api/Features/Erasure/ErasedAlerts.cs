using Analytics.Storage;
using Npgsql;

namespace Analytics.Features.Erasure;

/// <summary>
/// Alerts that name an erased person, and the keys that they watch: the pseudonym stands there from then on. Keys that only its facts had
/// are gone.
/// </summary>
sealed class ErasedAlerts(NpgsqlConnection connection, int workspace, ErasedNames names)
{
    // A look under way knows the alerts as they were: what it found is looked for again.
    const string TakeSql = "update alert_watches set revision = revision + 1 where workspace_id = $1";

    const string AlertsSql = "select id, name, query::text from alerts where workspace_id = $1";

    const string AlertSql = "update alerts set name = $3, query = $4::json where workspace_id = $1 and id = $2";

    // Keys that nobody else's facts stand behind, of the crossings and of their records.
    const string OwnKeysSql = """
        with gone as (
            update alert_crossings c
            set key = 'null', owners = null
            from alert_crossings before
            where c.workspace_id = $1
              and c.owners <@ to_jsonb($2::text[])
              and c.owners <> '[]'
              and (before.workspace_id, before.alert_id, before.at, before.id) = (c.workspace_id, c.alert_id, c.at, c.id)
            returning c.alert_id, c.at, before.key
        ), told as (
            update outbox
            set metadata = jsonb_set(metadata, '{Payload,key}', 'null')
            from gone
            where outbox.workspace_id = $1
              and outbox.is_audit
              and outbox.metadata ->> 'TargetId' = gone.alert_id::text
              and outbox.metadata -> 'Payload' -> 'key' = gone.key
        )
        update audit
        set payload = jsonb_set(payload, '{key}', 'null')
        from gone
        where audit.workspace_id = $1
          and audit.timestamp = gone.at
          and audit.target_id = gone.alert_id::text
          and audit.payload -> 'key' = gone.key
        """;

    const string OwnersSql = """
        update alert_crossings
        set owners = owners - $2::text[]
        where workspace_id = $1
          and exists (select from jsonb_array_elements(owners) as owner where owner <@ to_jsonb($2::text[]))
        """;

    static readonly string KeysSql = $"""
        update alert_crossings
        set key = {ErasedNames.PseudonymSql("key", "dimension", "$2", "$3")}
        where workspace_id = $1
          and {ErasedNames.PseudonymSql("key", "dimension", "$2", "$3")} is not null
        """;

    const string DimensionsSql = "select distinct dimension from alert_crossings where workspace_id = $1 and dimension is not null";

    const string DimensionSql = "update alert_crossings set dimension = $3 where workspace_id = $1 and dimension = $2";

    public async Task RenameAsync(CancellationToken cancel)
    {
        if (await connection.ExecuteAsync(TakeSql, [workspace], cancel) == 0)
            return; // there never was an alert
        var question = new ErasedQuestion(names);
        foreach (var (id, name, query) in await connection.QueryAsync(
            AlertsSql, [workspace], row => (row.GetGuid(0), row.GetString(1), row.IsDBNull(2) ? null : row.GetString(2)), cancel))
            await connection.ExecuteAsync(
                AlertSql, [workspace, id, names.InText(name), SqlValue.Of(query is null ? null : question.Of(query))], cancel);
        await connection.ExecuteAsync(OwnKeysSql, [workspace, names.All], cancel);
        await connection.ExecuteAsync(OwnersSql, [workspace, names.All], cancel);
        await connection.ExecuteAsync(KeysSql, [workspace, names.Ids, names.Calls], cancel);
        foreach (var dimension in await connection.QueryAsync(DimensionsSql, [workspace], row => row.GetString(0), cancel))
            if (names.RenamedTerm(dimension) is var renamed && renamed != dimension)
                await connection.ExecuteAsync(DimensionSql, [workspace, dimension, renamed], cancel);
    }
}
