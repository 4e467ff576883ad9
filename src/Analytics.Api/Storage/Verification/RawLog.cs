using System.Text.Json;

namespace Analytics.Storage.Verification;

/// <summary>
/// The number of an event's severity and category, by the rules of the contract in a way of its own: five categories, four severities,
/// from 1 on, categories first.
/// </summary>
static class RawLog
{
    public static int ClassOf(string name, string? metadata)
    {
        var (severity, category) = Said(metadata);
        var byName = name.Split('.', 2) is [var first, _] ? first : "";
        var categoryNumber = category switch
        {
            "API" => 0,
            "BILLING" => 1,
            "AUTH" => 2,
            "SYSTEM" => 3,
            "USAGE" => 4,
            _ => byName switch
            {
                "api" or "request" => 0,
                "invoice" or "payment" or "subscription" => 1,
                "login" or "api_key" or "sso" => 2,
                "deploy" or "health_check" or "service" or "sync" => 3,
                _ => 4,
            },
        };
        var last = name[(name.LastIndexOf('.') + 1)..];
        var isFailure = name.Contains('.', StringComparison.Ordinal) && last is "failed" or "error";
        var severityNumber = severity switch { "INFO" => 0, "WARN" => 1, "ERROR" => 2, "CRITICAL" => 3, _ => isFailure ? 2 : 0 };
        return (severityNumber * 5) + categoryNumber + 1;
    }

    static (string? Severity, string? Category) Said(string? metadata)
    {
        if (metadata is null)
            return default;
        using var document = JsonDocument.Parse(metadata);
        return document.RootElement.TryGetProperty("_log", out var log) && log.ValueKind == JsonValueKind.Object
            ? (Word(log, "severity"), Word(log, "category"))
            : default;
    }

    static string? Word(JsonElement log, string name) =>
        log.TryGetProperty(name, out var word) && word.ValueKind == JsonValueKind.String ? word.GetString()!.ToUpperInvariant() : null;
}
