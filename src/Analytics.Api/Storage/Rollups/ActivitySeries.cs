namespace Analytics.Storage.Rollups;

/// <summary>Whose activity is asked for; null is everybody's, an empty list nobody's.</summary>
/// <param name="Shares">Numbers of shares, from <see cref="ShareLookup"/>.</param>
/// <param name="People">Numbers of people, from <see cref="PeopleLookup"/>.</param>
sealed record ActivityScope(IReadOnlyCollection<int>? Shares, IReadOnlyCollection<int>? People)
{
    public static readonly ActivityScope Everything = new(null, null);
}

/// <summary>Activity by calendar bucket, as of one moment.</summary>
/// <param name="Before">What lies before the first bucket, since the beginning of time.</param>
/// <param name="Buckets">One for each bucket asked for; what lies after the moment is not in them.</param>
/// <param name="Users">Distinct people over the whole range.</param>
sealed record ActivitySeries(ActivityTotals Before, IReadOnlyList<ActivityBucket> Buckets, int Users);

/// <summary>One bucket: its sums, and the distinct people with events in it.</summary>
sealed record ActivityBucket(ActivityTotals Sums, int Users);

/// <summary>Sums of every measure and of costs. Money is in cents, <see cref="Cost"/> in units of 1e-12 of one.</summary>
sealed class ActivityTotals
{
    readonly Int128[] measures = new Int128[Measures.Count];

    public Int128 Cost { get; set; }

    public Int128 this[Measure measure]
    {
        get => measures[(int)measure];
        set => measures[(int)measure] = value;
    }

    public void Add(ActivityTotals other)
    {
        Cost += other.Cost;
        for (var at = 0; at < measures.Length; at++)
            measures[at] += other.measures[at];
    }

    internal void Add(Cell cell)
    {
        Cost += cell.OwnCost;
        if (cell.Measures is not { } theirs)
            return;
        for (var at = 0; at < measures.Length; at++)
            measures[at] += theirs[at];
    }
}
