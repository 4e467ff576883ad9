using System.Text.Json;
using System.Text.Json.Serialization;
using Analytics.Features.Business.Query;
using Analytics.Features.Business.Units;
using Analytics.Http;
using Analytics.Http.OpenApi;
using Analytics.Storage.Facts;
using Analytics.Storage.Schema;
using static System.Text.Json.Serialization.JsonIgnoreCondition;

namespace Analytics.Features.Business.Alerts;

/// <summary>An alert to make: of a query or of a statistic, one of them.</summary>
/// <param name="Name">What it is shown as.</param>
/// <param name="Enabled">Whether it is looked at; true by default.</param>
/// <param name="Severity">How serious its records in the event log are; <c>WARN</c> by default.</param>
/// <param name="Query">The query whose answer is watched.</param>
/// <param name="Statistic">The statistic that is watched.</param>
/// <param name="Window">The time up to now that is looked at; <c>1d</c> or <c>30d</c> of a statistic.</param>
/// <param name="When">When it is crossed.</param>
public sealed record NewAlert(
    string? Name, bool? Enabled, string? Severity, AlertQuery? Query, AlertStatistic? Statistic, string? Window, AlertCondition? When);

/// <summary>What is to change about an alert: absent members stay; of query and statistic the one that is sent takes the place.</summary>
public sealed record AlertChange(
    string? Name, bool? Enabled, string? Severity, AlertQuery? Query, AlertStatistic? Statistic, string? Window, AlertCondition? When)
{
    /// <summary>The alert as it is then.</summary>
    internal NewAlert Of(NewAlert before) => new(
        Name ?? before.Name, Enabled ?? before.Enabled, Severity ?? before.Severity, Query ?? (Statistic is null ? before.Query : null),
        Statistic ?? (Query is null ? before.Statistic : null), Window ?? before.Window, When ?? before.When);
}

/// <summary>A query of one metric and at most one dimension, as <c>POST /api/v1/analytics/query</c> takes it.</summary>
/// <param name="Dataset">What is counted; events by default.</param>
/// <param name="Metrics">The metric that is watched.</param>
/// <param name="Events">The names of the events that count; all of them by default.</param>
/// <param name="Dimensions">Each value of it is watched by itself: the 100 biggest of this window and of the one before.</param>
/// <param name="Filters">What must hold of what counts.</param>
public sealed record AlertQuery(
    [property: JsonIgnore(Condition = WhenWritingNull)] string? Dataset,
    [property: JsonIgnore(Condition = WhenWritingNull)] IReadOnlyList<QueryMetric?>? Metrics,
    [property: JsonIgnore(Condition = WhenWritingNull)] IReadOnlyList<string?>? Events,
    [property: JsonIgnore(Condition = WhenWritingNull)] IReadOnlyList<string?>? Dimensions,
    [property: JsonIgnore(Condition = WhenWritingNull)] IReadOnlyList<UnitFilter?>? Filters)
{
    internal QueryRequest Asked => new(Dataset, Metrics, Events, Dimensions, Filters, null, null, null, null, null, null, null);
}

/// <summary>A statistic of an app or of all of them.</summary>
/// <param name="Scope">Of one app, or of all apps of the workspace.</param>
/// <param name="Id">The app's UUID or natural id; none of all apps.</param>
/// <param name="Measure">What is watched: <c>mau</c> and <c>storage</c> of today, <c>bandwidth</c> of the window's days.</param>
public sealed record AlertStatistic(
    [property: OneOf(typeof(AlertWords), nameof(AlertWords.Scopes))] string? Scope,
    [property: JsonIgnore(Condition = WhenWritingNull)] string? Id,
    [property: OneOf(typeof(AlertWords), nameof(AlertWords.Measures))] string? Measure);

/// <summary>When an alert is crossed: by its value, or by how it changed from the window before.</summary>
/// <param name="Operator">How the value is compared.</param>
/// <param name="Value">What it is compared with; at most 12 decimals.</param>
/// <param name="ChangePercent">By how much it has risen at least, or fallen where it is negative, at most 12 decimals; against 0 it never
/// is.</param>
public sealed record AlertCondition(
    [property: OneOf(typeof(AlertWords), nameof(AlertWords.Operators)), JsonIgnore(Condition = WhenWritingNull)] string? Operator,
    [property: Shown(Least = -1e15, Most = 1e15), JsonIgnore(Condition = WhenWritingNull)] ExactNumber? Value,
    [property: Shown(Least = -1e15, Most = 1e15), JsonIgnore(Condition = WhenWritingNull)] ExactNumber? ChangePercent);

/// <summary>An alert as clients see it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">What it is shown as.</param>
/// <param name="Enabled">Whether it is looked at.</param>
/// <param name="Severity">How serious its records in the event log are.</param>
/// <param name="Query">The query that is watched; null where a statistic is.</param>
/// <param name="Statistic">The statistic that is watched; null where a query is.</param>
/// <param name="Window">The time up to now that is looked at.</param>
/// <param name="When">When it is crossed.</param>
/// <param name="State">Whether it is watched, and whether it is crossed by now; <c>too large</c> when its window holds too much.</param>
/// <param name="CreatedAt">When it was made.</param>
[CsvRow]
public sealed record AlertAnswer(
    Guid Id, string Name, bool Enabled, [property: OneOf(typeof(LogClass), nameof(LogClass.Severities))] string Severity, AlertQuery? Query,
    AlertStatistic? Statistic, [property: OneOf(typeof(AlertWords), nameof(AlertWords.Windows))] string Window, AlertCondition When,
    [property: OneOf(typeof(AlertWords), nameof(AlertWords.States))] string State, DateTimeOffset CreatedAt)
{
    internal static AlertAnswer Of(Alert alert, bool isCrossed) => new(
        alert.Id, alert.Name, alert.Enabled, alert.Severity, Read<AlertQuery>(alert.Query), Read<AlertStatistic>(alert.Statistic),
        alert.Span, Read<AlertCondition>(alert.Condition)!,
        !alert.Enabled ? AlertWords.Disabled : alert.TooLarge ? AlertWords.TooLarge : isCrossed ? AlertWords.Crossed : AlertWords.Watching,
        alert.CreatedAt);

    internal static T? Read<T>(string? json) where T : class => json is null ? null : JsonSerializer.Deserialize<T>(json, Json.Camel);

    internal static string? Write<T>(T? asked) where T : class => asked is null ? null : JsonSerializer.Serialize(asked, Json.Camel);
}

/// <summary>A crossing.</summary>
/// <param name="EventId">The record of the event log that tells of it; null for the moment until it is there.</param>
/// <param name="At">The end of the window that crossed.</param>
/// <param name="Key">The dimension's value.</param>
/// <param name="Value">What the query came to.</param>
/// <param name="Limit">The value or the percent that was asked for.</param>
/// <param name="ChangePercent">How the value changed, where that was asked for.</param>
/// <param name="BackAt">When it was back; null while it is not.</param>
public sealed record AlertCrossing(
    Guid? EventId, DateTimeOffset At, object? Key, ExactNumber Value, ExactNumber Limit, ExactNumber? ChangePercent,
    DateTimeOffset? BackAt);

/// <summary>An alert that is to be tried on what there was.</summary>
/// <param name="Alert">The alert.</param>
/// <param name="Days">How many days are looked at; 30 by default.</param>
public sealed record AlertPreviewRequest(NewAlert? Alert, int? Days);

/// <summary>How an alert would have fired.</summary>
/// <param name="Data">Newest first; more than 1 000 are 400.</param>
public sealed record AlertPreview(IReadOnlyList<PreviewedCrossing> Data);

/// <summary>A crossing that would have been told.</summary>
/// <param name="At">The end of the window that crossed.</param>
/// <param name="Key">The dimension's value.</param>
/// <param name="Value">What the query came to.</param>
/// <param name="Limit">The value or the percent that was asked for.</param>
/// <param name="ChangePercent">How the value changed, where that was asked for.</param>
/// <param name="BackAt">When it was back; null while it is not.</param>
public sealed record PreviewedCrossing(
    DateTimeOffset At, object? Key, ExactNumber Value, ExactNumber Limit, ExactNumber? ChangePercent, DateTimeOffset? BackAt);
