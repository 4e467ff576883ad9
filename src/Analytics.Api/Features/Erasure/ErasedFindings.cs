using System.Text.Json.Nodes;
using Analytics.Storage;
using Npgsql;

namespace Analytics.Features.Erasure;

/// <summary>What the log tells, or will, of alerts and reports that name an erased person.</summary>
sealed class ErasedFindings(NpgsqlConnection connection, int workspace, ErasedNames names)
{
    const string RecordsSql = """
        select timestamp, id, payload::text
        from audit
        where workspace_id = $1
          and target_type in ('alert', 'report')
        """;

    const string RecordSql = "update audit set payload = $4::jsonb where workspace_id = $1 and timestamp = $2 and id = $3";

    const string WaitingSql = """
        select number, metadata::text
        from outbox
        where workspace_id = $1
          and is_audit
          and metadata ->> 'TargetType' in ('alert', 'report')
        """;

    const string WaitSql = "update outbox set metadata = $3::jsonb where workspace_id = $1 and number = $2";

    KeyDimensions? dimensions;

    public async Task RenameAsync(CancellationToken cancel)
    {
        dimensions = await KeyDimensions.OfAsync(connection, workspace, cancel);
        foreach (var (timestamp, id, payload) in await connection.QueryAsync(
            RecordsSql, [workspace], row => (row.GetDateTime(0), row.GetGuid(1), row.GetString(2)), cancel))
            if (Renamed(JsonNode.Parse(payload)!) is { } renamed)
                await connection.ExecuteAsync(RecordSql, [workspace, timestamp, id, renamed.ToJsonString()], cancel);
        foreach (var (number, text) in await connection.QueryAsync(
            WaitingSql, [workspace], row => (row.GetInt64(0), row.GetString(1)), cancel))
        {
            var record = JsonNode.Parse(text)!;
            if (Renamed(record["Payload"]!) is not null)
                await connection.ExecuteAsync(WaitSql, [workspace, number, record.ToJsonString()], cancel);
        }
    }

    /// <summary>The payload of a record with the names in it replaced; null when there were none.</summary>
    JsonNode? Renamed(JsonNode payload)
    {
        var before = payload.ToJsonString();
        if (payload["key"] is { } key)
            payload["key"] = new ErasedQuestion(names).Renamed(dimensions!.Of(payload), key);
        payload["name"] = names.InText((string)payload["name"]!);
        return payload.ToJsonString() == before ? null : payload;
    }
}
