using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Analytics.Storage;
using Analytics.Storage.Schema;
using Npgsql;

namespace Analytics.Features.Erasure;

/// <summary>
/// Alerts that name an erased person, by an id it ever had or by its email, and what was told of it: the pseudonym stands there from then
/// on. Called under the workspace's lock, before the ids are forgotten.
/// </summary>
sealed class ErasedAlerts(NpgsqlConnection connection, Customer customer, Guid pseudonym)
{
    // A look under way knows the alerts as they were: what it found is looked for again.
    const string TakeSql = "update alert_watches set revision = revision + 1 where workspace_id = $1";

    const string AlertsSql = "select id, name, query::text from alerts where workspace_id = $1";

    const string AlertSql = "update alerts set name = $3, query = $4::jsonb where workspace_id = $1 and id = $2";

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

    const string KeysSql = """
        update alert_crossings
        set key = to_jsonb($3::text)
        where workspace_id = $1
          and key <@ to_jsonb($2::text[])
        """;

    const string RecordsSql = """
        select timestamp, id, payload::text
        from audit
        where workspace_id = $1
          and target_type = 'alert'
        """;

    const string RecordSql = "update audit set payload = $4::jsonb where workspace_id = $1 and timestamp = $2 and id = $3";

    const string WaitingSql = """
        select number, metadata::text
        from outbox
        where workspace_id = $1
          and is_audit
          and metadata ->> 'TargetType' = 'alert'
        """;

    const string WaitSql = "update outbox set metadata = $3::jsonb where workspace_id = $1 and number = $2";

    string[] names = [];
    Regex inText = new("(?!)");

    public async Task RenameAsync(CancellationToken cancel)
    {
        if (await connection.ExecuteAsync(TakeSql, [customer.WorkspaceKey], cancel) == 0)
            return; // there never was an alert
        names = await ErasedNames.OfAsync(connection, customer, cancel);
        inText = new(@"(?<!\w)(" + string.Join('|', names.OrderByDescending(name => name.Length).Select(Regex.Escape)) + @")(?!\w)");
        foreach (var (id, name, query) in await connection.QueryAsync(
            AlertsSql, [customer.WorkspaceKey], row => (row.GetGuid(0), row.GetString(1), row.IsDBNull(2) ? null : row.GetString(2)), cancel))
            await connection.ExecuteAsync(AlertSql, [customer.WorkspaceKey, id, InText(name), SqlValue.Of(Filtered(query))], cancel);
        await connection.ExecuteAsync(OwnKeysSql, [customer.WorkspaceKey, names], cancel);
        await connection.ExecuteAsync(OwnersSql, [customer.WorkspaceKey, names], cancel);
        await connection.ExecuteAsync(KeysSql, [customer.WorkspaceKey, names, $"{pseudonym}"], cancel);
        await RenameToldAsync(cancel);
    }

    async Task RenameToldAsync(CancellationToken cancel)
    {
        foreach (var (timestamp, id, payload) in await connection.QueryAsync(
            RecordsSql, [customer.WorkspaceKey], row => (row.GetDateTime(0), row.GetGuid(1), row.GetString(2)), cancel))
            if (Told(JsonNode.Parse(payload)!) is { } renamed)
                await connection.ExecuteAsync(RecordSql, [customer.WorkspaceKey, timestamp, id, renamed.ToJsonString()], cancel);
        foreach (var (number, text) in await connection.QueryAsync(
            WaitingSql, [customer.WorkspaceKey], row => (row.GetInt64(0), row.GetString(1)), cancel))
        {
            var record = JsonNode.Parse(text)!;
            if (Told(record["Payload"]!) is not null)
                await connection.ExecuteAsync(WaitSql, [customer.WorkspaceKey, number, record.ToJsonString()], cancel);
        }
    }

    /// <summary>The payload of a record with the names in it replaced; null when there were none.</summary>
    JsonNode? Told(JsonNode payload)
    {
        var before = payload.ToJsonString();
        payload["key"] = Renamed(payload["key"]);
        payload["name"] = InText((string)payload["name"]!);
        return payload.ToJsonString() == before ? null : payload;
    }

    string InText(string text) => inText.Replace(text, $"{pseudonym}");

    string? Filtered(string? query)
    {
        if (query is null || JsonNode.Parse(query) is not { } asked)
            return query;
        foreach (var filter in asked["filters"] as JsonArray ?? [])
            if (filter!["value"] is JsonArray values)
                for (var at = 0; at < values.Count; at++)
                    values[at] = Renamed(values[at]);
            else
                filter["value"] = Renamed(filter["value"]);
        return asked.ToJsonString();
    }

    JsonNode? Renamed(JsonNode? value) => value is JsonValue text && text.TryGetValue<string>(out var name) && names.Contains(name)
        ? JsonValue.Create($"{pseudonym}")
        : value?.DeepClone();
}
