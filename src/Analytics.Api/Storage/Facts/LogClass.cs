using System.Text.Json;
using Analytics.Storage.Cells;

namespace Analytics.Storage.Facts;

/// <summary>How serious a record of the event log is, from the least on.</summary>
enum LogSeverity
{
    Info,
    Warn,
    Error,
    Critical,
}

/// <summary>What a record of the event log is about.</summary>
enum LogCategory
{
    Api,
    Billing,
    Auth,
    System,
    Usage,
}

/// <summary>
/// Severity and category of a record of the event log. An event may say its own in <c>metadata._log</c>; what it leaves out follows from
/// its name.
/// </summary>
readonly record struct LogClass(LogSeverity Severity, LogCategory Category)
{
    /// <summary>The words of severities and categories, in the order of their numbers.</summary>
    public static readonly string[] Severities = ["INFO", "WARN", "ERROR", "CRITICAL"];
    public static readonly string[] Categories = ["API", "BILLING", "AUTH", "SYSTEM", "USAGE"];

    /// <summary>How names of a category begin; all others are usage.</summary>
    static readonly (LogCategory Category, string[] Starts)[] Names =
    [
        (LogCategory.Api, ["api.", "request."]),
        (LogCategory.Billing, ["invoice.", "payment.", "subscription."]),
        (LogCategory.Auth, ["login.", "api_key.", "sso."]),
        (LogCategory.System, ["deploy.", "health_check.", "service.", "sync."]),
    ];

    static readonly string[] Failures = [".failed", ".error"];

    /// <summary>Its number in keys of facts and cells: from 1 on.</summary>
    public int Number => 1 + (int)Severity * Categories.Length + (int)Category;

    public string SeverityWord => Severities[(int)Severity];

    public string CategoryWord => Categories[(int)Category];

    /// <summary>The class that a number stands for.</summary>
    public static LogClass OfNumber(int number) =>
        new((LogSeverity)((number - 1) / Categories.Length), (LogCategory)((number - 1) % Categories.Length));

    /// <summary>The class of a record that says its own; the words are those of the lists.</summary>
    public static LogClass OfWords(string severity, string category) => Of("", LogWords.Of(severity, category));

    /// <summary>What follows from a name alone.</summary>
    public static LogClass Of(string name) => new(
        Array.Exists(Failures, end => name.EndsWith(end, StringComparison.Ordinal)) ? LogSeverity.Error : LogSeverity.Info,
        CategoryOf(name));

    /// <summary>What an event says of itself, and where it says nothing, or a word that there is not, what its name says.</summary>
    public static LogClass Of(string name, LogWords said)
    {
        var byName = Of(name);
        return new(said.Severity ?? byName.Severity, said.Category ?? byName.Category);
    }

    static LogCategory CategoryOf(string name)
    {
        foreach (var (category, starts) in Names)
            foreach (var start in starts)
                if (name.StartsWith(start, StringComparison.Ordinal))
                    return category;
        return LogCategory.Usage;
    }
}

/// <summary>What an event says of itself in <c>metadata._log</c>.</summary>
readonly record struct LogWords(LogSeverity? Severity, LogCategory? Category)
{
    /// <summary>Reads the words as they were sent, upper and lower case alike.</summary>
    public static LogWords Of(string? severity, string? category) =>
        new((LogSeverity?)PlaceOf(LogClass.Severities, severity), (LogCategory?)PlaceOf(LogClass.Categories, category));

    /// <summary>Reads them from an event's metadata as JSON.</summary>
    public static LogWords In(ReadOnlySpan<byte> metadata)
    {
        // Most events say nothing: the text is looked for before anything is parsed.
        if (metadata.IndexOf("\"_log\""u8) < 0)
            return default;
        using var document = JsonDocument.Parse(metadata.ToArray());
        return document.RootElement.TryGetProperty("_log", out var log) && log.ValueKind == JsonValueKind.Object
            ? Of(TextOf(log, "severity"), TextOf(log, "category"))
            : default;
    }

    static string? TextOf(JsonElement log, string name) =>
        log.TryGetProperty(name, out var word) && word.ValueKind == JsonValueKind.String ? word.GetString() : null;

    static int? PlaceOf(string[] words, string? said) =>
        Array.FindIndex(words, word => word.Equals(said, StringComparison.OrdinalIgnoreCase)) is var at and >= 0 ? at : null;
}

/// <summary>What events count for in the event log: minute by minute, by severity and category.</summary>
static class LogFacts
{
    public const int Records = 0;

    public static readonly Section Section = new(9, "log", Grain.Minute, [Dimension.None, Dimension.LogClass], ["records"]);
}
