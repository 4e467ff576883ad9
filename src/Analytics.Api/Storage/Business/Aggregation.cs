namespace Analytics.Storage.Business;

/// <summary>What of the events that a billable unit matches makes its number.</summary>
enum Aggregation
{
    /// <summary>How many there are.</summary>
    Count,

    /// <summary>The sum of a numeric field.</summary>
    Sum,

    /// <summary>How many distinct values a field has: texts, numbers and truth values.</summary>
    Unique,

    /// <summary>The largest number of a field; 0 of none.</summary>
    Max,

    /// <summary>The mean of a field, of the events where it is a number.</summary>
    Average,

    /// <summary>The 95th percentile of a field.</summary>
    Percentile95,
}

/// <summary>The words of aggregations.</summary>
static class Aggregations
{
    /// <summary>In the order of <see cref="Aggregation"/>.</summary>
    public static readonly string[] Words = ["COUNT", "SUM", "UNIQUE", "MAX", "AVG", "PERCENTILE_95"];

    public static string Word(this Aggregation aggregation) => Words[(int)aggregation];

    public static Aggregation Of(string word) => (Aggregation)Array.IndexOf(Words, word);
}
