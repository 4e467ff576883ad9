using Analytics.Http;

namespace Analytics.Features.Business.Query;

/// <summary>The answer of a question, as a table.</summary>
/// <param name="Columns">
/// What stands in each place of a row: <c>timestamp</c> where an interval is asked for, the dimensions, the metrics.
/// </param>
/// <param name="Rows">
/// Times are RFC 3339, dimensions a text, a number, true, false, or null where a fact has no such value, metrics a number, or null of no
/// numbers.
/// </param>
/// <param name="Partial">Whether the time did not suffice: only what happened since <c>scannedFrom</c> is counted.</param>
/// <param name="ScannedFrom">The instant since which everything is counted; null when that is all.</param>
public sealed record QueryAnswer(
    IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<object?>> Rows, bool Partial, DateTimeOffset? ScannedFrom) : ITable
{
    internal static QueryAnswer Of(AskedQuery query, QueryGroups groups) =>
        new(query.Columns, QueryRows.Of(query, groups), groups.ScannedFrom is not null, groups.ScannedFrom);
}
