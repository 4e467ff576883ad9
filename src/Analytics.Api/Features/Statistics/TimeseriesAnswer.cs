using Analytics.Http;
using System.Text.Json.Serialization;

namespace Analytics.Features.Statistics;

/// <summary>Statistics per period and over the whole range. Every period lists every name seen in the range, in one order.</summary>
public sealed record TimeseriesAnswer(IReadOnlyList<TimeseriesPeriod> Periods, IReadOnlyList<TraceStatistics> Totals);

/// <summary>
/// A calendar bucket: it starts at its calendar start and ends, exclusively, at its calendar end or the range's. Partial when it is
/// not over yet or cut by the range.
/// </summary>
public sealed record TimeseriesPeriod(
    DateTimeOffset Timestamp,
    DateTimeOffset PeriodStart,
    DateTimeOffset PeriodEnd,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Partial,
    [property: InnerRows] IReadOnlyList<TraceStatistics> Stats);

/// <summary>
/// Traces of one name: how many, by how many distinct customers, and per field (dots written as underscores) what they add
/// up to. Decimal strings with up to 12 decimals.
/// </summary>
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
