using System.Text.Json;
using Analytics.Storage.Schema;
using Npgsql;

namespace Analytics.Reading;

/// <summary>An audit record's row, as the event log shows it.</summary>
static class StoredAudit
{
    /// <summary>Reads from <c>a</c>, a selection of rows of audit.</summary>
    public const string Columns = """
        a.id,
        a.timestamp,
        a.name,
        a.category,
        a.severity,
        a.actor_type,
        a.actor_id,
        a.target_type,
        a.target_id,
        a.correlation_id,
        a.payload
        """;

    public const int ColumnCount = 11;

    public static LogRecord Read(NpgsqlDataReader row, Workspace workspace) => new(
        row.GetGuid(0), workspace.Id, row.GetString(2), row.GetString(3), EventSource.System, row.GetString(4), Text(row, 5), Text(row, 6),
        Text(row, 7), Text(row, 8), JsonElement.Parse(row.GetFieldValue<byte[]>(10)), Text(row, 9), new DateTimeOffset(row.GetDateTime(1)));

    static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
