using System.Data.Common;
using System.Globalization;
using System.Text.Json;

namespace Analytics.Benchmarks.Query;

/// <summary>What somebody answered: count and sum by group. Whoever answers, they must be the same.</summary>
static class QueryGroups
{
    /// <summary>Of rows that begin with so many texts, a count and a sum.</summary>
    public static async Task<Dictionary<string, (long Count, decimal Sum)>> ReadAsync(DbCommand command, int dimensions, CancellationToken cancel)
    {
        var groups = new Dictionary<string, (long, decimal)>(StringComparer.Ordinal);
        await using var rows = await command.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel))
            groups.Add(
                string.Join(' ', Enumerable.Range(0, dimensions).Select(at => rows.IsDBNull(at) ? null : rows.GetString(at))),
                (Convert.ToInt64(rows.GetValue(dimensions), CultureInfo.InvariantCulture), Decimal(rows.GetValue(dimensions + 1))));
        return groups;
    }

    public static Dictionary<string, (long Count, decimal Sum)> Of(JsonElement answer, int dimensions) =>
        answer.GetProperty("rows").EnumerateArray().ToDictionary(
            row => string.Join(' ', row.EnumerateArray().Take(dimensions).Select(value => value.GetString())),
            row => (row[dimensions].GetInt64(), row[dimensions + 1].GetDecimal()), StringComparer.Ordinal);

    public static bool AreSame(Dictionary<string, (long Count, decimal Sum)> one, Dictionary<string, (long Count, decimal Sum)> other) =>
        one.Count == other.Count && one.All(group => other.TryGetValue(group.Key, out var found) && found == group.Value);

    // DuckDB's sums are whole numbers of 128 bits.
    static decimal Decimal(object value) => value is System.Numerics.BigInteger whole
        ? (decimal)whole
        : Convert.ToDecimal(value, CultureInfo.InvariantCulture);
}
