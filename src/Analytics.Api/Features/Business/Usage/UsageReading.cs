using System.Collections.Concurrent;
using Analytics.Storage;
using Analytics.Storage.Business;
using Analytics.Storage.Cells;
using Analytics.Storage.Facts;
using Analytics.Storage.People;
using Analytics.Storage.Rollups;
using Analytics.Storage.Rollups.Reading;
using Analytics.Time;
using Npgsql;

namespace Analytics.Features.Business.Usage;

/// <summary>
/// Reads usage in one snapshot: from cells, and what came before a unit whose backfill is not done from raw events.
/// </summary>
sealed class UsageReading(RollupSnapshot snapshot, int workspace, AskedUnits units)
{
    /// <summary>Takes some usage, in a bucket, of a person; 0 is nobody, and everybody where they are not told apart.</summary>
    public delegate void Take(int bucket, AskedUsage usage, int person, Cell cell);

    const int FewestPieces = 8;

    public static readonly Rollup[] Rollups = [UsageRollups.Usage, UsageRollups.UsagePeople, UsageRollups.PeopleUsage];

    readonly CellParts parts = new(
        units.All.Any(unit => unit.Counted.Aggregation == Aggregation.Unique),
        units.All.Any(unit => unit.Counted.Aggregation == Aggregation.Percentile95),
        units.All.Any(unit => unit.Counted.Aggregation == Aggregation.Percentile95) ? 1UL << UsageFacts.Field : 0);

    readonly HashSet<int> seen = [];

    /// <summary>The usage of everybody together, without what <see cref="ReadUnreadyAsync"/> reads.</summary>
    public Task ReadAsync(IReadOnlyList<Bucket> buckets, Take take, CancellationToken cancel) =>
        CellsAsync(UsageRollups.Usage, buckets, null, (bucket, _, usage) => (bucket, usage, 0), take, cancel);

    /// <summary>
    /// The usage of everybody in a time, person by person; of what <see cref="ReadAsync"/> found in that time or a longer one.
    /// </summary>
    public async Task<UsageOfPeople> ReadPeopleAsync(IReadOnlyList<Bucket> whole, LinkedPeople linked, CancellationToken cancel)
    {
        var people = new UsageOfPeople(parts);
        var used = units.PeoplesOf(seen).ToDictionary(usage => usage, usage => people.GroupOf(units.Of(usage)));
        if (used.Count > 0 && whole.Count > 0)
            await snapshot.ReadBytesAsync(
                UsageRollups.UsagePeople, new BucketCover(whole, snapshot.Timeline, UsageRollups.UsagePeople), used.Keys,
                (_, usage, person, cell) => people.Add(linked.MainOf(person), used[usage], cell.Span), cancel);
        return people;
    }

    /// <summary>The same in buckets and as it comes, nobody's too.</summary>
    public async Task ReadEachAsync(IReadOnlyList<Bucket> buckets, Take take, CancellationToken cancel)
    {
        if (buckets.Count == 0)
            return;
        var (first, last) = (buckets[0], buckets[^1]);
        await ReadAsync([new Bucket(first.From, last.To, first.From, last.To)], (_, _, _, _) => { }, cancel);
        await CellsAsync(
            UsageRollups.UsagePeople, buckets, [.. units.PeoplesOf(seen)],
            (bucket, usage, person) => (bucket, usage, person), take, cancel);
    }

    /// <summary>The usage of some people, without what <see cref="ReadUnreadyAsync"/> reads.</summary>
    public Task ReadOfAsync(IReadOnlyList<Bucket> buckets, int[] people, Take take, CancellationToken cancel) =>
        CellsAsync(UsageRollups.PeopleUsage, buckets, people, (bucket, person, usage) => (bucket, usage, person), take, cancel);

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

    /// <summary>What came before units whose backfill is not done, person by person, from raw events; null is everybody's.</summary>
    public async Task ReadUnreadyAsync(IReadOnlyList<Bucket> buckets, int[]? people, Take take, CancellationToken cancel)
    {
        var (added, counted) = (units.Unready.FindAll(UnreadyUsage.IsOf), units.Unready.FindAll(unit => !UnreadyUsage.IsOf(unit)));
        if (added.Count > 0)
            await AddedAsync(added, buckets, people, take, cancel);
        await CountedAsync(UsageFacts.People, counted, buckets, people, take, cancel);
    }

    /// <summary>The same of everybody together, product by product.</summary>
    public Task ReadUnreadyProductsAsync(IReadOnlyList<Bucket> buckets, Take take, CancellationToken cancel) =>
        CountedAsync(UsageFacts.Everybody, units.Unready, buckets, null, take, cancel);

    async Task AddedAsync(
        List<AskedUnit> unready, IReadOnlyList<Bucket> buckets, int[]? people, Take take, CancellationToken cancel)
    {
        var raw = await UnreadyUsage.OpenAsync(snapshot.Connection, workspace, unready, people, snapshot.Lent, cancel);
        var guard = new Lock();
        await InPiecesAsync(buckets, (connection, piece) => raw.ReadAsync(connection, piece.From, piece.To, (usage, person, cell) =>
        {
            lock (guard)
                take(piece.Bucket, usage, person, cell);
        }, cancel), cancel);
    }

    Task CountedAsync(
        Section section, List<AskedUnit> unready, IReadOnlyList<Bucket> buckets, int[]? people, Take take,
        CancellationToken cancel)
    {
        if (unready.Count == 0)
            return Task.CompletedTask;
        var some = people?.ToHashSet();
        int[] numbers = [.. unready.Select(unit => unit.Counted.Number)];
        return InPiecesAsync(buckets, async (connection, piece) =>
            await (await UsageRecount.OpenAsync(
                new RawCount(connection, workspace, piece.From, piece.To, (_, data) =>
                {
                    Told(section, piece.Bucket, data, some, take);
                    return Task.CompletedTask;
                }) { Units = numbers, Only = section, Lent = snapshot.Lent }, cancel)).RunAsync(cancel), cancel);
    }

    // What came before may be everything there is: two connections read it, in pieces of time.
    async Task InPiecesAsync(
        IReadOnlyList<Bucket> buckets, Func<NpgsqlConnection, (int Bucket, long From, long To), Task> read, CancellationToken cancel)
    {
        if (buckets.Count == 0)
            return;
        var pieces = new ConcurrentQueue<(int Bucket, long From, long To)>(PiecesOf(buckets));
        await using var second = await SecondReader.TryOpenAsync(snapshot.Store, snapshot.Connection, cancel);
        await Task.WhenAll(((NpgsqlConnection?[])[snapshot.Connection, second?.Connection]).OfType<NpgsqlConnection>().Select(ReadAsync));

        async Task ReadAsync(NpgsqlConnection connection)
        {
            while (pieces.TryDequeue(out var piece))
                await read(connection, piece);
        }
    }

    static IEnumerable<(int Bucket, long From, long To)> PiecesOf(IReadOnlyList<Bucket> buckets)
    {
        var each = Math.Max(1, FewestPieces / buckets.Count);
        foreach (var (at, bucket) in buckets.Index())
        {
            var (from, to) = (Rfc3339.Microseconds(bucket.From), Rfc3339.Microseconds(bucket.To));
            for (var piece = 0; piece < each; piece++)
                yield return (at, from + (to - from) / each * piece, piece == each - 1 ? to : from + (to - from) / each * (piece + 1));
        }
    }

    void Told(Section section, int bucket, byte[] data, HashSet<int>? people, Take take)
    {
        for (var fact = new DeltaReader(data); fact.Read();)
        {
            var (usage, person) = section == UsageFacts.People ? (fact.Key.First, fact.Key.Second) : (fact.Key.Second, 0);
            if (people?.Contains(person) == false)
                continue;
            var cell = new Cell();
            CellFormat.Merge(fact.Cell.Span, cell, CellParts.Everything);
            take(bucket, units.Of(usage), person, cell);
        }
    }
}

/// <summary>The usage of people, gathered: by the units that events match together.</summary>
sealed class UsageOfPeople(CellParts parts) : IDisposable
{
    readonly List<AskedUnit[]> groups = [];
    readonly Dictionary<string, int> known = new(StringComparer.Ordinal);
    readonly CellsByOwner gathered = new(parts);

    /// <summary>The number of the units that something counts for.</summary>
    public int GroupOf(AskedUsage usage)
    {
        var together = string.Join(',', usage.Units.Select(unit => unit.Place));
        if (known.TryAdd(together, groups.Count))
            groups.Add(usage.Units);
        return known[together];
    }

    public void Dispose() => gathered.Dispose();

    /// <summary>Adds to what a person used; what 0, nobody, used is not kept.</summary>
    public void Add(int person, int group, ReadOnlySpan<byte> cell)
    {
        if (person != 0)
            gathered.Add(person, group, cell);
    }

    /// <summary>
    /// Tells what one in so many people used, for threads that share the work: units, and a cell that is good until it returns.
    /// </summary>
    public void Each(int share, int shares, Action<int, IEnumerable<(AskedUnit[] Units, Cell Cell)>> take) =>
        gathered.Each(share, shares, (person, own) => take(person, own.Select(one => (groups[one.Which], one.Cell))));
}
