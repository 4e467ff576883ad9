using System.Runtime.InteropServices;

namespace Analytics.Features.Business.Query;

/// <summary>What a field of some facts comes to. What no metric asks for need not be filled in.</summary>
sealed class FieldTotal
{
    HashSet<string>? distinct;
    Dictionary<Int128, long>? values;
    ExactPercentiles? percentiles;

    /// <summary>Facts that have a value there that is not null.</summary>
    public long Present { get; set; }

    /// <summary>Those whose value is a number that may be aggregated.</summary>
    public long Numbers { get; set; }

    /// <summary>Of these, in units of 1e-12.</summary>
    public Int128 Sum { get; set; }

    public Int128? Least { get; set; }

    public Int128? Largest { get; set; }

    /// <summary>How many values are told apart, where they are not known themselves.</summary>
    public long? DistinctCount { get; set; }

    /// <summary>Gives percentiles, where the numbers are known by their distribution.</summary>
    public Func<int, Int128?>? Distribution { get; set; }

    public long Distinct => DistinctCount ?? distinct?.Count ?? 0;

    /// <summary>Notes a value, as a text that no other one has; whether it is a new one.</summary>
    public bool AddDistinct(string value) => (distinct ??= new(StringComparer.Ordinal)).Add(value);

    /// <summary>Notes a number for percentiles, so many times; whether it is a new one.</summary>
    public bool AddValue(Int128 units, long times)
    {
        percentiles = null;
        ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(values ??= [], units, out var exists);
        known += times;
        return !exists;
    }

    /// <summary>The percentile, interpolated linearly between ranks; null of no numbers.</summary>
    public Int128? Percentile(int percent) =>
        Distribution is not null ? Distribution(percent) : values is null ? null : (percentiles ??= new(values)).Of(percent);
}
