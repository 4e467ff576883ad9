using System.Numerics;
using Analytics.Features.Business.Query;
using Analytics.Sketches;
using Analytics.Storage.Facts;

namespace Analytics.Features.Business.Alerts;

/// <summary>What a fact says to a metric.</summary>
/// <param name="IsThere">Whether the field has a value that is not null.</param>
/// <param name="Number">The field as a number in units of 1e-12.</param>
/// <param name="HasNumber">Whether it is one.</param>
/// <param name="Distinct">What tells its value from others, where distinct ones are counted and it has one.</param>
readonly record struct FactValue(bool IsThere, Int128 Number, bool HasNumber, byte[]? Distinct);

/// <summary>
/// The facts of one key in one window, such that each can be taken out again: counts, an exact sum, and where it has to be the values
/// themselves, with how often each is there.
/// </summary>
sealed class KeyTally
{
    long there;
    long numbers;
    Int128 sum;
    SortedCounts<Int128>? values;
    Dictionary<byte[], int>? distinct;

    public long Facts { get; private set; }

    /// <summary>About how much it holds.</summary>
    public int Size => 1 + (values?.Keys.Length ?? 0) + (distinct?.Count ?? 0);

    /// <summary>Puts a fact in, or takes it out where the times are negative. False when it was not there.</summary>
    public bool Add(AskedMetric metric, in FactValue value, int times)
    {
        Facts += times;
        there += value.IsThere ? times : 0;
        if (value.HasNumber)
        {
            numbers += times;
            sum += value.Number * times;
            if (NeedsValues(metric))
                (values ??= new(4)).Add(value.Number, times);
        }

        if (value.Distinct is { } one)
            AddDistinct(one, times);
        return Facts >= 0;
    }

    /// <summary>What a metric is of no facts at all; null where it is nothing.</summary>
    public static Int128? OfNone(AskedMetric metric) =>
        metric.Kind is MetricKind.Count or MetricKind.Sum or MetricKind.Unique ? 0 : null;

    /// <summary>What a metric makes of it; null where it is nothing.</summary>
    public Int128? Of(AskedMetric metric) => metric.Kind switch
    {
        MetricKind.Count => (metric.Field is null ? Facts : there) * DecimalUnits.One,
        MetricKind.Sum => sum,
        MetricKind.Unique => (distinct?.Count ?? 0) * DecimalUnits.One,
        _ when numbers == 0 => null,
        MetricKind.Average => DecimalUnits.DivideRounded(sum, numbers),
        MetricKind.Least => values!.Keys[0],
        MetricKind.Largest => values!.Keys[^1],
        _ => Percentile(metric.Percent),
    };

    // It takes all of them to say what is left when one goes.
    static bool NeedsValues(AskedMetric metric) => metric.Kind is MetricKind.Least or MetricKind.Largest or MetricKind.Percentile;

    void AddDistinct(byte[] one, int times)
    {
        distinct ??= new(new WorkspaceNames.BytesComparer());
        var count = distinct.GetValueOrDefault(one) + times;
        if (count == 0)
            distinct.Remove(one);
        else
            distinct[one] = count;
    }

    // Interpolated between ranks, as percentile_cont does.
    Int128 Percentile(int percent)
    {
        var (rank, part) = Math.DivRem(percent * (numbers - 1), 100L);
        var lower = At(rank);
        if (part == 0)
            return lower;
        var twice = 2 * ((BigInteger)lower * (100 - part) + (BigInteger)At(rank + 1) * part);
        return (Int128)((twice + twice.Sign * 100) / 200);
    }

    Int128 At(long rank)
    {
        var at = 0;
        foreach (var count in values!.Counts)
        {
            if (rank < count)
                break;
            rank -= count;
            at++;
        }

        return values.Keys[at];
    }
}
