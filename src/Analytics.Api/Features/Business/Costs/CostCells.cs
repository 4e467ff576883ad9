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
sealed class CostCells(RollupSnapshot snapshot, IReadOnlyList<Bucket> buckets)
{
    public static readonly Rollup[] Rollups =
        [CostRollups.PeopleCosts, CostRollups.CostKeys, CostRollups.Payers, CostRollups.KeysPeople];

    /// <summary>By the numbers of the person and of the cost key; 0 where one of them is not told apart.</summary>
    public Dictionary<(int Person, int CostKey), CostSums> Rows { get; } = [];

    /// <summary>By bucket.</summary>
    public CostSums[] Trend { get; } = [.. buckets.Select(_ => new CostSums())];

    /// <summary>The cost keys of everything in a time.</summary>
    public static async Task<HashSet<int>> KeysAsync(RollupSnapshot snapshot, IReadOnlyList<Bucket> whole, CancellationToken cancel)
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
        ReadAsync(CostRollups.CostKeys, null, (_, key) => only?.Contains(key) == false ? null : (0, key), cancel);

    /// <summary>Everybody's, by person.</summary>
    public Task ReadPeopleAsync(CancellationToken cancel) => ReadAsync(CostRollups.Payers, null, (_, person) => (person, 0), cancel);

    /// <summary>Those of some cost keys, by person and key.</summary>
    public Task ReadPeopleOfAsync(HashSet<int> keys, CancellationToken cancel) =>
        ReadAsync(CostRollups.KeysPeople, keys, (key, person) => (person, key), cancel);

    /// <summary>Those of some people, by person and key; of some keys when they are named.</summary>
    public Task ReadKeysOfAsync(int[] people, HashSet<int>? only, CancellationToken cancel) =>
        ReadAsync(CostRollups.PeopleCosts, people, (person, key) => only?.Contains(key) == false ? null : (person, key), cancel);

    async Task ReadAsync(
        Rollup rollup, IReadOnlyCollection<int>? leads, Func<int, int, (int Person, int CostKey)?> keyOf, CancellationToken cancel)
    {
        if (buckets.Count == 0 || leads?.Count == 0)
            return;
        var parts = new OneCell<(int Bucket, (int, int) Key)>((place, cell) => Add(place.Bucket, place.Key, cell));
        await snapshot.ReadAsync(
            rollup, new BucketCover(buckets, snapshot.Timeline, rollup), leads, CellParts.Sums,
            (bucket, lead, second) => keyOf(lead, second) is { } key ? parts.For((bucket, key)) : null, cancel);
        parts.End();
    }

    void Add(int bucket, (int, int) key, Cell cell)
    {
        if (!Rows.TryGetValue(key, out var row))
            Rows.Add(key, row = new CostSums());
        foreach (var sums in (CostSums[])[row, Trend[bucket]])
            sums.Add((long)cell[CostFacts.Costs], (long)cell[CostFacts.Payments], cell[CostFacts.Cost], cell[CostFacts.Revenue]);
    }
}
