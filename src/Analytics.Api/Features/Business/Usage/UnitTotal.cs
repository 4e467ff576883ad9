using Analytics.Http;
using Analytics.Sketches;
using Analytics.Storage.Business;
using Analytics.Storage.Cells;

namespace Analytics.Features.Business.Usage;

/// <summary>What some events come to under a unit of an aggregation.</summary>
sealed class UnitTotal(Aggregation aggregation)
{
    static readonly Int128 Hundredth = DecimalUnits.One / 100;

    long numbers;
    Int128 sum;
    Int128? largest;
    PersonSet? distinct;
    ValueBag? values;

    /// <summary>Events that match.</summary>
    public long Matches { get; private set; }

    /// <summary>The number that the unit makes of them; 0 of none.</summary>
    public ExactNumber Value => aggregation switch
    {
        Aggregation.Count => ExactNumber.Of(Matches),
        Aggregation.Sum => new(sum),
        Aggregation.Unique => ExactNumber.Of(distinct?.Count ?? 0),
        Aggregation.Max => new(largest ?? 0),
        Aggregation.Average => new(numbers == 0 ? 0 : DecimalUnits.DivideRounded(sum, numbers * Hundredth) * Hundredth),
        // Zeros are left out of distributions.
        _ => new(numbers == 0 ? 0 : Percentiles.Of(values ??= new(), numbers - values.Count, 95)),
    };

    /// <summary>Forgets all that was added.</summary>
    public void Clear()
    {
        (Matches, numbers, sum, largest) = (0, 0, 0, null);
        distinct?.Clear();
        values?.Clear();
    }

    public void Add(Cell cell)
    {
        Matches += (long)cell[UsageFacts.Matches];
        numbers += (long)cell[UsageFacts.Numbers];
        sum += cell[UsageFacts.Sum];
        if (aggregation == Aggregation.Max && cell.Maximum is { } maximum && !(largest >= maximum))
            largest = maximum;
        if (aggregation == Aggregation.Unique && cell.Set is { } set)
            (distinct ??= new()).UnionWith(set);
        if (aggregation == Aggregation.Percentile95 && cell.Field(UsageFacts.Field) is { } totals)
            (values ??= new()).Merge(totals.Values);
    }

    /// <summary>Adds what other events come to.</summary>
    public void Add(UnitTotal other)
    {
        (Matches, numbers, sum) = (Matches + other.Matches, numbers + other.numbers, sum + other.sum);
        if (other.largest is { } maximum && !(largest >= maximum))
            largest = maximum;
        if (other.distinct is not null)
            (distinct ??= new()).UnionWith(other.distinct);
        if (other.values is not null)
            (values ??= new()).Merge(other.values);
    }
}
