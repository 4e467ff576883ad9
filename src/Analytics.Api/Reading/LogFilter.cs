using System.Text.Json;
using Analytics.Storage.Facts;

namespace Analytics.Reading;

/// <summary>
/// Which records of the event log are asked for: of each kind of choice any of its texts, of different ones all. No text is no choice.
/// </summary>
/// <param name="Texts">Stand in the type or in a string of the payload, upper and lower case alike.</param>
/// <param name="Types">Names.</param>
/// <param name="CategoryWords">Categories, upper and lower case alike.</param>
/// <param name="SeverityWord">The least severity; null for any.</param>
/// <param name="Actors">Ids.</param>
/// <param name="TargetTypes">What sort of thing it is about.</param>
/// <param name="TargetIds">Which thing it is about.</param>
/// <param name="Correlations">What it belongs to.</param>
sealed record LogFilter(
    string[] Texts, string[] Types, string[] CategoryWords, string? SeverityWord, string[] Actors, string[] TargetTypes,
    string[] TargetIds, string[] Correlations)
{
    public static string[] Severities => LogClass.Severities;

    public static string[] Categories => LogClass.Categories;

    public static bool IsSeverity(string word) => LogWords.Of(word, null).Severity is not null;

    public static bool IsCategory(string word) => LogWords.Of(null, word).Category is not null;

    /// <summary>The categories that pass; empty for all.</summary>
    public LogCategory[] Categorised { get; } = [.. CategoryWords.Select(word => LogWords.Of(null, word).Category!.Value).Distinct()];

    /// <summary>The least severity that passes.</summary>
    public LogSeverity Least { get; } = LogWords.Of(SeverityWord, null).Severity ?? LogSeverity.Info;

    public bool HasClasses => Categorised.Length > 0 || Least > LogSeverity.Info;

    /// <summary>Whether every record passes.</summary>
    public bool IsAll =>
        !HasClasses && Texts is [] && Types is [] && Actors is [] && TargetTypes is [] && TargetIds is [] && Correlations is [];

    public bool Passes(LogClass said) => said.Severity >= Least && (Categorised is [] || Categorised.Contains(said.Category));

    /// <summary>Whether a record is asked for.</summary>
    public bool Passes(LogRecord record) =>
        Passes(LogClass.OfWords(record.Severity, record.Category))
        && Has(Types, record.EventType) && Has(Actors, record.ActorId) && Has(TargetTypes, record.TargetType)
        && Has(TargetIds, record.TargetId) && Has(Correlations, record.CorrelationId)
        && (Texts is [] || IsIn(record.EventType) || AnyIn(record.Payload));

    static bool Has(string[] wanted, string? text) => wanted is [] || (text is not null && wanted.Contains(text));

    bool AnyIn(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => IsIn(value.GetString()!),
        JsonValueKind.Array => value.EnumerateArray().Any(AnyIn),
        JsonValueKind.Object => value.EnumerateObject().Any(member => AnyIn(member.Value)),
        _ => false,
    };

    bool IsIn(string text) => Array.Exists(Texts, wanted => text.Contains(wanted, StringComparison.OrdinalIgnoreCase));
}
