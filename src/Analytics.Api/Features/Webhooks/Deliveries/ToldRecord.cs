using System.Text.Json;
using Analytics.Http;
using Analytics.Reading;
using Analytics.Storage;
using Analytics.Storage.Schema;
using Npgsql;

namespace Analytics.Features.Webhooks.Deliveries;

/// <summary>What a message says.</summary>
/// <param name="Type">The record's type.</param>
/// <param name="Timestamp">When it happened.</param>
/// <param name="Data">The record as the event log shows it.</param>
sealed record ToldRecord(string Type, DateTimeOffset Timestamp, LogRecord Data)
{
    static readonly string AuditSql = $"""
        select
        {StoredAudit.Columns}
        from audit a
        where a.workspace_id = $1
          and a.timestamp = $2
          and a.id = $3
        """;

    static readonly string EventSql = $"""
        select
        {EventRow.Columns}
        from events e
        where e.workspace_id = $1
          and e.timestamp = $2
          and e.id = $3
        """;

    /// <summary>
    /// The body of a message about a record, read when it is sent: what was erased since is erased in it. Null when it is not kept any
    /// more.
    /// </summary>
    public static async Task<byte[]?> BodyAsync(
        NpgsqlDataSource store, Workspace workspace, string type, Guid eventId, CancellationToken cancel)
    {
        await using var connection = await store.OpenConnectionAsync(cancel);
        SqlValue[] place = [workspace.Key, Storage.EventId.TimeOf(eventId)!.Value, eventId];
        var record = OwnNames.Events.Contains(type)
            ? await EventAsync(connection, workspace, place, cancel)
            : await connection.FirstAsync(AuditSql, place, row => StoredAudit.Read(row, workspace), cancel);
        return record is null
            ? null
            : JsonSerializer.SerializeToUtf8Bytes(new ToldRecord(record.EventType, record.CreatedAt, record), Json.Camel);
    }

    static async Task<LogRecord?> EventAsync(
        NpgsqlConnection connection, Workspace workspace, SqlValue[] place, CancellationToken cancel)
    {
        var rows = await connection.QueryAsync(EventSql, place, EventRow.Read, cancel);
        return await new NamedEvents(connection, workspace).OfAsync(rows, cancel) is [var found]
            ? LogRecord.Of(found.Shape(workspace, Place.Unknown(found)))
            : null;
    }
}
