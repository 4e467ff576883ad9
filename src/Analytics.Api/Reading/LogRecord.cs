using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Analytics.Storage.Schema;

namespace Analytics.Reading;

/// <summary>An event or an audit record as the event log shows it.</summary>
public sealed record LogRecord(
    Guid EventId, Guid TenantId, string EventType,
    [property: AllowedValues("API", "BILLING", "AUTH", "SYSTEM", "USAGE")] string Category, EventSource Source,
    [property: AllowedValues("INFO", "WARN", "ERROR", "CRITICAL")] string Severity, string? ActorType, string? ActorId,
    string? TargetType, string? TargetId, JsonElement Payload, string? CorrelationId, DateTimeOffset CreatedAt)
{
    static readonly string[] Severities = ["INFO", "WARN", "ERROR", "CRITICAL"];
    static readonly string[] Categories = ["API", "BILLING", "AUTH", "SYSTEM", "USAGE"];

    static readonly (string Category, string[] Names)[] CategoryOfNames =
    [
        ("API", ["api.", "request."]),
        ("BILLING", ["invoice.", "payment.", "subscription."]),
        ("AUTH", ["login.", "api_key.", "sso."]),
        ("SYSTEM", ["deploy.", "health_check.", "service.", "sync."]),
    ];

    /// <summary>Events may say more about themselves in <c>metadata._log</c>; without it the name decides.</summary>
    public static LogRecord Of(Event shown)
    {
        var said = shown.Metadata.ValueKind == JsonValueKind.Object && shown.Metadata.TryGetProperty("_log", out var log)
            && log.ValueKind == JsonValueKind.Object ? log : default;
        return new(
            shown.Id, shown.WorkspaceId, shown.Name, OneOf(Categories, Text(said, "category")) ?? CategoryOf(shown.Name), shown.Source,
            OneOf(Severities, Text(said, "severity")) ?? SeverityOf(shown.Name), Text(said, "actor_type"), Text(said, "actor_id"),
            Text(said, "target_type"), Text(said, "target_id"), shown.Metadata, Text(said, "correlation_id"), shown.Timestamp);
    }

    /// <summary>The category of events that do not say theirs.</summary>
    public static string CategoryOf(string name) => CategoryOfNames
        .FirstOrDefault(category => Array.Exists(category.Names, start => name.StartsWith(start, StringComparison.Ordinal)))
        .Category ?? "USAGE";

    /// <summary>The severity of events that do not say theirs.</summary>
    public static string SeverityOf(string name) =>
        name.EndsWith(".failed", StringComparison.Ordinal) || name.EndsWith(".error", StringComparison.Ordinal) ? "ERROR" : "INFO";

    static string? OneOf(string[] known, string? said) => Array.Find(known, word => word.Equals(said, StringComparison.OrdinalIgnoreCase));

    static string? Text(JsonElement said, string name) =>
        said.ValueKind != JsonValueKind.Object || !said.TryGetProperty(name, out var value) ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : value.ValueKind is JsonValueKind.Number ? value.GetRawText()
        : null;
}
