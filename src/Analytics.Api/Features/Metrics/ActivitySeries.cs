using Analytics.Storage.Cells;
using Analytics.Storage.Facts;
using Analytics.Storage.People;
using Analytics.Storage.Sales;

namespace Analytics.Features.Metrics;

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

/// <summary>What sales and events come to. Money is in cents, <see cref="Cost"/> in units of 1e-12 of one.</summary>
sealed class ActivityTotals
{
    readonly Int128[] sums = new Int128[SalesFacts.Count];

    public Int128 Cost { get; private set; }

    public Int128 this[SalesSum sum] => sums[(int)sum];

    public void Add(ActivityTotals other)
    {
        Cost += other.Cost;
        for (var at = 0; at < sums.Length; at++)
            sums[at] += other.sums[at];
    }

    /// <summary>Adds a cell; what ends by itself in a time that is not over is left out.</summary>
    public void Add(Cell cell, bool isOpen)
    {
        Cost += cell.OwnCost;
        for (var at = 0; at < sums.Length; at++)
            if (!isOpen || at != (int)SalesSum.SessionExpiries)
                sums[at] += cell.Of((SalesSum)at);
    }

    /// <summary>Adds shares that have ended by themselves.</summary>
    public void AddExpired(long shares) => sums[(int)SalesSum.SessionExpiries] += shares;
}
