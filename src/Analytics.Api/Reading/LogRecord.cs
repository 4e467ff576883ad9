using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Analytics.Storage.Facts;
using Analytics.Storage.Schema;

namespace Analytics.Reading;

/// <summary>An event or an audit record as the event log shows it.</summary>
public sealed record LogRecord(
    Guid EventId, Guid TenantId, string EventType,
    [property: AllowedValues("API", "BILLING", "AUTH", "SYSTEM", "USAGE")] string Category, EventSource Source,
    [property: AllowedValues("INFO", "WARN", "ERROR", "CRITICAL")] string Severity, string? ActorType, string? ActorId,
    string? TargetType, string? TargetId, JsonElement Payload, string? CorrelationId, DateTimeOffset CreatedAt)
{
    /// <summary>Events may say more about themselves in <c>metadata._log</c>; without it the name decides.</summary>
    public static LogRecord Of(Event shown)
    {
        var said = shown.Metadata.ValueKind == JsonValueKind.Object && shown.Metadata.TryGetProperty("_log", out var log)
            && log.ValueKind == JsonValueKind.Object ? log : default;
        var logged = LogClass.Of(shown.Name, LogWords.Of(Text(said, "severity"), Text(said, "category")));
        return new(
            shown.Id, shown.WorkspaceId, shown.Name, logged.CategoryWord, shown.Source, logged.SeverityWord, Text(said, "actor_type"),
            Text(said, "actor_id"), Text(said, "target_type"), Text(said, "target_id"), shown.Metadata,
            Text(said, "correlation_id"), shown.Timestamp);
    }

    static string? Text(JsonElement said, string name) =>
        said.ValueKind != JsonValueKind.Object || !said.TryGetProperty(name, out var value) ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : value.ValueKind is JsonValueKind.Number ? value.GetRawText()
        : null;
}
