using Analytics.Storage.Business;
using Analytics.Storage.Cells;
using Analytics.Storage.Rollups;
using Analytics.Storage.Rollups.Reading;
using Analytics.Time;

namespace Analytics.Features.Business.Costs;

/// <summary>
/// Costs and revenue of a time, read from rollups in one snapshot: as many cells as there are customers or cost keys to tell apart, and
/// buckets, whatever the number of events.
/// </summary>
/// <param name="snapshot">What they are read in.</param>
/// <param name="whole">The time as one bucket, none of an empty time.</param>
/// <param name="buckets">The same time in those of the trend.</param>
/// <param name="withSubscriptions">Whether subscriptions are told apart: their rollups are read, too.</param>
sealed class CostCells(RollupSnapshot snapshot, IReadOnlyList<Bucket> whole, IReadOnlyList<Bucket> buckets, bool withSubscriptions)
{
    static readonly Rollup[] Plain = [CostRollups.PeopleCosts, CostRollups.CostKeys, CostRollups.Payers, CostRollups.KeysPeople];

    static readonly Rollup[] All =
        [.. Plain, CostRollups.PeopleSubscriptions, CostRollups.Subscriptions, CostRollups.SubscriptionsPeople];

    /// <summary>What is read of a snapshot.</summary>
    public static Rollup[] RollupsOf(bool withSubscriptions) => withSubscriptions ? All : Plain;

    // What is told apart is in the plain ones, too, and taken from them again: both are added up. Each with the cost keys in that time.
    readonly (Rollup ByKey, Rollup ByPerson, Rollup People, HashSet<int> Keys)[] told =
    [
        (CostRollups.CostKeys, CostRollups.KeysPeople, CostRollups.PeopleCosts, []),
        .. withSubscriptions
            ? ((Rollup, Rollup, Rollup, HashSet<int>)[])
                [(CostRollups.Subscriptions, CostRollups.SubscriptionsPeople, CostRollups.PeopleSubscriptions, [])]
            : [],
    ];

    /// <summary>By the numbers of the person and of the cost key; 0 where one of them is not told apart.</summary>
    public Dictionary<(int Person, int CostKey), CostSums> Rows { get; } = [];

    /// <summary>By bucket.</summary>
    public CostSums[] Trend { get; } = [.. buckets.Select(_ => new CostSums())];

    /// <summary>The cost keys of everything in that time.</summary>
    public async Task<HashSet<int>> KeysAsync(CancellationToken cancel)
    {
        foreach (var (byKey, _, _, keys) in told)
            await ReadAsync(byKey, whole, null, (_, key) =>
            {
                keys.Add(key);
                return null;
            }, Add, cancel);
        return [.. told.SelectMany(one => one.Keys)];
    }

    /// <summary>Everybody's, by cost key; of some when they are named.</summary>
    public async Task ReadKeysAsync(HashSet<int>? only, CancellationToken cancel)
    {
        foreach (var one in told)
            // What subscriptions tell apart comes to nothing in all, bucket by bucket: the trend does without.
            if (one.ByKey == CostRollups.Subscriptions && only is null)
                await ReadAsync(one.ByKey, whole, null, (_, key) => (0, key), AddRow, cancel);
            else
                await ReadAsync(one.ByKey, buckets, null, (_, key) => KeyOf(0, key, only), Add, cancel);
    }

    /// <summary>Everybody's, by person. Of people there are many: the trend is read without them.</summary>
    public async Task ReadPeopleAsync(CancellationToken cancel)
    {
        await ReadAsync(CostRollups.Payers, whole, null, (_, person) => (person, 0), AddRow, cancel);
        await ReadAsync(CostRollups.CostKeys, buckets, null, (_, _) => (0, 0), AddToTrend, cancel);
    }

    /// <summary>
    /// Those of some cost keys that are in that time, by person and the key that <paramref name="alike"/> has for all that are not told
    /// apart; the trend is read without people, too.
    /// </summary>
    public async Task ReadPeopleOfAsync(HashSet<int> keys, Dictionary<int, int> alike, CancellationToken cancel)
    {
        foreach (var one in told)
        {
            await ReadAsync(one.ByPerson, whole, [.. keys.Intersect(one.Keys)], (key, person) => (person, alike[key]), AddRow, cancel);
            await ReadAsync(one.ByKey, buckets, null, (_, key) => KeyOf(0, key, keys), AddToTrend, cancel);
        }
    }

    /// <summary>Those of some people, by person and key; of some keys when they are named.</summary>
    public async Task ReadKeysOfAsync(int[] people, HashSet<int>? only, CancellationToken cancel)
    {
        foreach (var one in told)
            await ReadAsync(one.People, buckets, people, (person, key) => KeyOf(person, key, only), Add, cancel);
    }

    static (int Person, int CostKey)? KeyOf(int person, int costKey, HashSet<int>? only) =>
        only?.Contains(costKey) == false ? null : (person, costKey);

    async Task ReadAsync(
        Rollup rollup, IReadOnlyList<Bucket> times, int[]? leads, Func<int, int, (int Person, int CostKey)?> keyOf,
        Action<int, (int, int), Cell> add, CancellationToken cancel)
    {
        if (times.Count == 0 || leads is [])
            return;
        var parts = new OneCell<(int Bucket, (int, int) Key)>((place, cell) => add(place.Bucket, place.Key, cell));
        await snapshot.ReadAsync(
            rollup, new BucketCover(times, snapshot.Timeline, rollup), leads, CellParts.Sums,
            (bucket, lead, second) => keyOf(lead, second) is { } key ? parts.For((bucket, key)) : null, cancel);
        parts.End();
    }

    void Add(int bucket, (int, int) key, Cell cell)
    {
        AddRow(bucket, key, cell);
        AddToTrend(bucket, key, cell);
    }

    void AddRow(int bucket, (int, int) key, Cell cell)
    {
        if (!Rows.TryGetValue(key, out var row))
            Rows.Add(key, row = new CostSums());
        AddTo(row, cell);
    }

    void AddToTrend(int bucket, (int, int) key, Cell cell) => AddTo(Trend[bucket], cell);

    static void AddTo(CostSums sums, Cell cell) =>
        sums.Add((long)cell[CostFacts.Costs], (long)cell[CostFacts.Payments], cell[CostFacts.Cost], cell[CostFacts.Revenue]);
}
