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
sealed class CostCells(RollupSnapshot snapshot, IReadOnlyList<Bucket> whole, IReadOnlyList<Bucket> buckets)
{
    public static readonly Rollup[] Rollups =
        [CostRollups.PeopleCosts, CostRollups.CostKeys, CostRollups.Payers, CostRollups.KeysPeople];

    /// <summary>By the numbers of the person and of the cost key; 0 where one of them is not told apart.</summary>
    public Dictionary<(int Person, int CostKey), CostSums> Rows { get; } = [];

    /// <summary>By bucket.</summary>
    public CostSums[] Trend { get; } = [.. buckets.Select(_ => new CostSums())];

    /// <summary>The cost keys of everything in that time.</summary>
    public async Task<HashSet<int>> KeysAsync(CancellationToken cancel)
    {
        var keys = new HashSet<int>();
        if (whole is [])
            return keys;
        var cell = new Cell();
        await snapshot.ReadAsync(
            CostRollups.CostKeys, new BucketCover(whole, snapshot.Timeline, CostRollups.CostKeys), null, CellParts.Sums, (_, _, key) =>
            {
                keys.Add(key);
                return cell;
            }, cancel);
        return keys;
    }

    /// <summary>Everybody's, by cost key; of some when they are named.</summary>
    public Task ReadKeysAsync(HashSet<int>? only, CancellationToken cancel) =>
        ReadAsync(CostRollups.CostKeys, buckets, null, (_, key) => only?.Contains(key) == false ? null : (0, key), Add, cancel);

    /// <summary>Everybody's, by person. Of people there are many: the trend is read without them.</summary>
    public async Task ReadPeopleAsync(CancellationToken cancel)
    {
        await ReadAsync(CostRollups.Payers, whole, null, (_, person) => (person, 0), (_, key, cell) => AddRow(key, cell), cancel);
        await ReadTrendAsync(null, cancel);
    }

    /// <summary>Those of some cost keys, by person and key; the trend is read without people, too.</summary>
    public async Task ReadPeopleOfAsync(HashSet<int> keys, CancellationToken cancel)
    {
        await ReadAsync(CostRollups.KeysPeople, whole, keys, (key, person) => (person, key), (_, key, cell) => AddRow(key, cell), cancel);
        await ReadTrendAsync(keys, cancel);
    }

    Task ReadTrendAsync(HashSet<int>? only, CancellationToken cancel) =>
        ReadAsync(
            CostRollups.CostKeys, buckets, null, (_, key) => only?.Contains(key) == false ? null : (0, key),
            (at, _, cell) => AddTo(Trend[at], cell), cancel);

    /// <summary>Those of some people, by person and key; of some keys when they are named.</summary>
    public Task ReadKeysOfAsync(int[] people, HashSet<int>? only, CancellationToken cancel) =>
        ReadAsync(
            CostRollups.PeopleCosts, buckets, people, (person, key) => only?.Contains(key) == false ? null : (person, key), Add, cancel);

    async Task ReadAsync(
        Rollup rollup, IReadOnlyList<Bucket> times, IReadOnlyCollection<int>? leads, Func<int, int, (int Person, int CostKey)?> keyOf,
        Action<int, (int, int), Cell> add, CancellationToken cancel)
    {
        if (times.Count == 0 || leads?.Count == 0)
            return;
        var parts = new OneCell<(int Bucket, (int, int) Key)>((place, cell) => add(place.Bucket, place.Key, cell));
        await snapshot.ReadAsync(
            rollup, new BucketCover(times, snapshot.Timeline, rollup), leads, CellParts.Sums,
            (bucket, lead, second) => keyOf(lead, second) is { } key ? parts.For((bucket, key)) : null, cancel);
        parts.End();
    }

    void Add(int bucket, (int, int) key, Cell cell)
    {
        AddRow(key, cell);
        AddTo(Trend[bucket], cell);
    }

    void AddRow((int, int) key, Cell cell)
    {
        if (!Rows.TryGetValue(key, out var row))
            Rows.Add(key, row = new CostSums());
        AddTo(row, cell);
    }

    static void AddTo(CostSums sums, Cell cell) =>
        sums.Add((long)cell[CostFacts.Costs], (long)cell[CostFacts.Payments], cell[CostFacts.Cost], cell[CostFacts.Revenue]);
}
