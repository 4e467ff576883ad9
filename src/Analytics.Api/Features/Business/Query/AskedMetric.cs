using System.Globalization;

namespace Analytics.Features.Business.Query;

/// <summary>How a number is made of facts.</summary>
enum MetricKind
{
    Count,
    Sum,
    Average,
    Least,
    Largest,
    Unique,
    Percentile,
}

/// <summary>A number that is wanted.</summary>
/// <param name="Kind">How it is made.</param>
/// <param name="Percent">Which percentile it is; 0 of all else.</param>
/// <param name="Field">Of what; null where facts are counted.</param>
/// <param name="Column">What its column is called.</param>
sealed record AskedMetric(MetricKind Kind, int Percent, string? Field, string Column)
{
    // In the order of MetricKind; a percentile is no word.
    static readonly string[] Words = ["count", "sum", "avg", "min", "max", "unique"];

    public const string Pattern = "^(count|sum|avg|min|max|unique|p[1-9][0-9]?)$";

    /// <summary>Whether it is made of numbers alone.</summary>
    public bool OfNumbers => Kind is not (MetricKind.Count or MetricKind.Unique);

    public static bool IsAggregation(string word) => Array.IndexOf(Words, word) >= 0 || PercentOf(word) > 0;

    /// <summary>Of one that its rules let pass.</summary>
    public static AskedMetric Of(QueryMetric metric)
    {
        var (word, percent) = (metric.Aggregation!, PercentOf(metric.Aggregation!));
        return new(
            percent > 0 ? MetricKind.Percentile : (MetricKind)Array.IndexOf(Words, word), percent, metric.Field,
            metric.Field is null ? word : $"{word}({metric.Field})");
    }

    static int PercentOf(string word) => word is ['p', >= '1' and <= '9'] or ['p', >= '1' and <= '9', >= '0' and <= '9']
        ? int.Parse(word.AsSpan(1), CultureInfo.InvariantCulture)
        : 0;
}
