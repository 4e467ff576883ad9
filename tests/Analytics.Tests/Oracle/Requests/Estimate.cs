namespace Analytics.Tests.Oracle.Requests;

/// <summary>
/// A percentile and how far an answer may be from it, in hundredths of a microsecond: interpolated between ranks; exact to the
/// microsecond for few values, within 1 % of the larger neighbour for more.
/// </summary>
readonly record struct Estimate(long Value, long Tolerance)
{
    public const int ExactValues = 100;
    public const long OfMillisecond = 100_000;
    const long HalfMicrosecond = 50;

    public long Low => Value - Tolerance;

    public long High => Value + Tolerance;

    /// <summary>Of sorted values; 0 where there are none.</summary>
    public static Estimate Of(long[] sorted, int percentile, bool exact)
    {
        if (sorted.Length == 0)
            return new(0, 0);
        var rank = percentile * (sorted.Length - 1);
        var (low, high) = (sorted[rank / 100], sorted[Math.Min(rank / 100 + 1, sorted.Length - 1)]);
        return new(low * 100 + (high - low) * (rank % 100), HalfMicrosecond + (exact ? 0 : high));
    }

    /// <summary>Whether it is at least so much; null when that depends on what an answer may be off.</summary>
    public bool? IsAtLeast(long value) => Low >= value ? true : High < value ? false : null;

    /// <summary>Whether it is more than so much; null when that depends on what an answer may be off.</summary>
    public bool? IsOver(long value) => Low > value ? true : High <= value ? false : null;

    public override string ToString() => $"{(decimal)Value / OfMillisecond} +- {(decimal)Tolerance / OfMillisecond}";
}
