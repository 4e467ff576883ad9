using System.Text.Json.Nodes;
using Analytics.Storage;
using Npgsql;

namespace Analytics.Features.Erasure;

/// <summary>
/// What the log tells, or will, of alerts and reports that name an erased person. What comes into it after the erasure was asked for names
/// nobody any more.
/// </summary>
sealed class ErasedFindings(NpgsqlConnection connection, int workspace, ErasedNames names)
{
    const int RecordsAtOnce = 500;

    const string RecordsSql = """
        select timestamp, id, payload::text
        from audit
        where workspace_id = $1
          and timestamp >= $2
          and (timestamp, id) > ($2, $3)
          and target_type in ('alert', 'report')
          and commit <= (select asked_commit from erasures where workspace_id = $1 and job_id = $4)
        order by timestamp, id
        limit $5
        """;

    // One that another erasure changed meanwhile stays: the next pass finds it again.
    const string RenameSql = """
        update audit
        set payload = renamed.payload::jsonb
        from unnest($2::timestamptz[], $3::uuid[], $4::text[], $5::text[]) as renamed (timestamp, id, known, payload)
        where audit.workspace_id = $1
          and audit.timestamp between $6 and $7
          and audit.timestamp = renamed.timestamp
          and audit.id = renamed.id
          and audit.payload = renamed.known::jsonb
        """;

    const string WaitingSql = """
        select number, metadata::text
        from outbox
        where workspace_id = $1
          and is_audit
          and metadata ->> 'TargetType' in ('alert', 'report')
        """;

    const string WaitSql = "update outbox set metadata = $3::jsonb where workspace_id = $1 and number = $2";

    KeyDimensions? dimensions;

    /// <summary>The next of the records that there were when the erasure was asked for.</summary>
    public async Task<ErasureStep?> StepAsync(Guid job, ErasurePlace from, CancellationToken cancel)
    {
        dimensions ??= await KeyDimensions.OfAsync(connection, workspace, cancel);
        var records = await connection.QueryAsync(
            RecordsSql, [workspace, from.Time, from.Id, job, RecordsAtOnce],
            row => (Place: new ErasurePlace(row.GetDateTime(0), row.GetGuid(1)), Payload: row.GetString(2)), cancel);
        var named = records.ConvertAll(record => (record.Place, record.Payload, Renamed: Renamed(JsonNode.Parse(record.Payload)!)))
            .FindAll(record => record.Renamed is not null);
        if (named.Count > 0)
            await connection.ExecuteAsync(RenameSql,
            [
                workspace, named.Select(record => record.Place.Time).ToArray(), named.Select(record => record.Place.Id).ToArray(),
                named.Select(record => record.Payload).ToArray(), named.Select(record => record.Renamed!.ToJsonString()).ToArray(),
                named[0].Place.Time, named[^1].Place.Time,
            ], cancel);
        return new(0, named.Count == 0, records.Count == RecordsAtOnce ? records[^1].Place : null);
    }

    /// <summary>What waits to be told, all of it.</summary>
    public async Task RenameWaitingAsync(CancellationToken cancel)
    {
        dimensions ??= await KeyDimensions.OfAsync(connection, workspace, cancel);
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
