using System.Text.Json.Serialization;
using Analytics.Http;

namespace Analytics.Features.Requests;

/// <summary>When requests came, by hour.</summary>
/// <param name="Cells">All hours of a week; by endpoint all hours of the range, of the busiest endpoint first.</param>
public sealed record HeatmapAnswer(IReadOnlyList<HeatmapCell> Cells);

/// <summary>An hour of the week, or an hour of an endpoint.</summary>
/// <param name="Weekday">1 for Monday to 7 for Sunday; not by endpoint.</param>
/// <param name="Hour">The hour of the day, 0 to 23; not by endpoint.</param>
/// <param name="Endpoint">The endpoint; by endpoint only.</param>
/// <param name="Timestamp">The hour's calendar start; by endpoint only.</param>
/// <param name="Partial">Whether the hour is not over yet or cut by the range; by endpoint only.</param>
/// <param name="Value">What was asked for; 0 without requests.</param>
public sealed record HeatmapCell(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Weekday,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Hour,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Endpoint,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? Timestamp,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Partial,
    ExactNumber Value);
