using Analytics.Http;
using System.Text.Json.Serialization;

namespace Analytics.Features.Statistics;

/// <summary>Statistics per period and over the whole range. Every period lists every name seen in the range, in one order.</summary>
/// <remarks>Large ones are never there as a whole: rows are made while they are written.</remarks>
public sealed record TimeseriesAnswer(IEnumerable<TimeseriesPeriod> Periods, IEnumerable<TraceStatistics> Totals);

/// <summary>
/// A calendar bucket: it starts at its calendar start and ends, exclusively, at its calendar end or the range's. Partial when it is
/// not over yet or cut by the range.
/// </summary>
public sealed record TimeseriesPeriod(
    DateTimeOffset Timestamp,
    DateTimeOffset PeriodStart,
    DateTimeOffset PeriodEnd,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Partial,
    [property: InnerRows] IEnumerable<TraceStatistics> Stats);

/// <summary>
/// Traces of one name: how many, by how many distinct customers, and per field (dots written as underscores) what they add
/// up to. Decimal strings with up to 12 decimals.
/// </summary>
/// <param name="Name">The roots' name.</param>
/// <param name="Label">The event type's label.</param>
/// <param name="EventTypeId">The event type.</param>
/// <param name="Occurrences">Traces that began.</param>
/// <param name="Customers">Distinct customers behind the roots.</param>
/// <param name="Totals">Sums by field.</param>
/// <param name="Averages">Sums over occurrences by field.</param>
/// <param name="P10">Of ten traces one has less, by field.</param>
/// <param name="P50">The median by field.</param>
/// <param name="P90">Of ten traces one has more, by field.</param>
/// <param name="P95">Of twenty traces one has more, by field.</param>
/// <param name="P99">Of a hundred traces one has more, by field.</param>
public sealed record TraceStatistics(
    string Name,
    string Label,
    Guid EventTypeId,
    long Occurrences,
    long Customers,
    NamedDecimals Totals,
    NamedDecimals Averages,
    NamedDecimals P10,
    NamedDecimals P50,
    NamedDecimals P90,
    NamedDecimals P95,
    NamedDecimals P99);
