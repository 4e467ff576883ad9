using Analytics.Storage.Business;
using Analytics.Storage.Cells;
using Analytics.Storage.Facts;
using Analytics.Storage.Rollups;
using Analytics.Storage.Rollups.Reading;
using Analytics.Time;

namespace Analytics.Features.Business.Usage;

/// <summary>
/// Reads usage in one snapshot: from cells, and what came before a unit whose backfill is not done from raw events.
/// </summary>
sealed class UsageReading(RollupSnapshot snapshot, int workspace, AskedUnits units)
{
    /// <summary>Takes some usage, in a bucket, of a person; 0 is nobody, and everybody where they are not told apart.</summary>
    public delegate void Take(int bucket, AskedUsage usage, int person, Cell cell);

    public static readonly Rollup[] Rollups = [UsageRollups.Usage, UsageRollups.UsagePeople, UsageRollups.PeopleUsage];

    readonly CellParts parts = new(
        units.All.Any(unit => unit.Counted.Aggregation == Aggregation.Unique),
        units.All.Any(unit => unit.Counted.Aggregation == Aggregation.Percentile95),
        units.All.Any(unit => unit.Counted.Aggregation == Aggregation.Percentile95) ? 1UL << UsageFacts.Field : 0);

    readonly HashSet<int> seen = [];

    /// <summary>The usage of everybody together.</summary>
    public async Task ReadAsync(IReadOnlyList<Bucket> buckets, Take take, CancellationToken cancel)
    {
        await CellsAsync(UsageRollups.Usage, buckets, null, (bucket, _, usage) => (bucket, usage, 0), take, cancel);
        await RawAsync(buckets, (bucket, usage, _, cell) => take(bucket, usage, 0, cell), cancel);
    }

    /// <summary>The usage of everybody, person by person; of what <see cref="ReadAsync"/> found in these buckets or longer ones.</summary>
    public async Task ReadPeopleAsync(IReadOnlyList<Bucket> buckets, Take take, CancellationToken cancel)
    {
        int[] used = [.. seen.Where(usage => units.Of(usage).Units.Length > 0)];
        await CellsAsync(UsageRollups.UsagePeople, buckets, used, (bucket, usage, person) => (bucket, usage, person), take, cancel);
        await RawAsync(buckets, take, cancel);
    }

    /// <summary>The usage of some people.</summary>
    public async Task ReadOfAsync(IReadOnlyList<Bucket> buckets, int[] people, Take take, CancellationToken cancel)
    {
        await CellsAsync(UsageRollups.PeopleUsage, buckets, people, (bucket, person, usage) => (bucket, usage, person), take, cancel);
        var some = people.ToHashSet();
        await RawAsync(buckets, (bucket, usage, person, cell) =>
        {
            if (some.Contains(person))
                take(bucket, usage, person, cell);
        }, cancel);
    }

    async Task CellsAsync(
        Rollup rollup, IReadOnlyList<Bucket> buckets, int[]? leads, Func<int, int, int, (int Bucket, int Usage, int Person)> keyOf,
        Take take, CancellationToken cancel)
    {
        if (buckets.Count == 0 || units.All.Count == 0 || leads is [])
            return;
        var read = new OneCell<(int Bucket, int Usage, int Person)>((key, cell) =>
        {
            seen.Add(key.Usage);
            take(key.Bucket, units.Of(key.Usage), key.Person, cell);
        });
        await snapshot.ReadAsync(
            rollup, new BucketCover(buckets, snapshot.Timeline, rollup), leads, parts,
            (bucket, lead, second) => read.For(keyOf(bucket, lead, second)), cancel);
        read.End();
    }

    async Task RawAsync(IReadOnlyList<Bucket> buckets, Take take, CancellationToken cancel)
    {
        if (units.Unready is not { Length: > 0 } unready)
            return;
        foreach (var (at, bucket) in buckets.Index())
        {
            var (from, to) = (Rfc3339.Microseconds(bucket.From), Rfc3339.Microseconds(bucket.To));
            var recount = await UsageRecount.OpenAsync(
                new RawCount(snapshot.Connection, workspace, from, to, (_, data) =>
                {
                    Told(at, data, take);
                    return Task.CompletedTask;
                }) { Units = unready, Lent = snapshot.Lent }, cancel);
            await recount.RunAsync(cancel);
        }
    }

    void Told(int bucket, byte[] data, Take take)
    {
        for (var fact = new DeltaReader(data); fact.Read();)
        {
            var cell = new Cell();
            CellFormat.Merge(fact.Cell.Span, cell, CellParts.Everything);
            take(bucket, units.Of(fact.Key.First), fact.Key.Second, cell);
        }
    }
}
