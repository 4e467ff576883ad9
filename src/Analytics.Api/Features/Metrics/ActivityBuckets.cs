using System.Runtime.InteropServices;
using Analytics.Sketches;
using Analytics.Storage.Cells;
using Analytics.Storage.Facts;
using Analytics.Storage.People;
using Analytics.Storage.Rollups;
using Analytics.Storage.Rollups.Reading;
using Analytics.Time;

namespace Analytics.Features.Metrics;

/// <summary>
/// Adds up activity bucket by bucket, as of one moment. Shares that end by themselves stand in the rollups at the time they will: of
/// the running quarter hour and the next ones, which are pieces of their own, that is left to <see cref="AddExpiries"/>.
/// </summary>
sealed class ActivityBuckets
{
    // Events may be dated five minutes ahead, and clocks differ a little.
    const int SlotsAhead = 2;
    const int Before = 0;

    /// <summary>A part of a bucket, 0 being what is before the first one.</summary>
    readonly record struct Piece(int Bucket, bool IsOpen);

    readonly int count;
    readonly List<Piece> pieces = [];
    readonly List<Bucket> times = [];
    readonly List<Cell> cells = [];
    readonly Dictionary<(int Piece, int Person), Cell> people = [];
    long expired;

    public ActivityBuckets(IReadOnlyList<Bucket> buckets, DateTimeOffset now, Timeline timeline)
    {
        (count, Now, First) = (buckets.Count, now, buckets[0].From);
        OpenSince = Timeline.StartOf(Timeline.QuarterOf(now)).ToDateTimeOffset();
        Add(Before, TimeRange.Earliest, First);
        for (var at = 0; at < buckets.Count; at++)
            Add(at + 1, buckets[at].From, buckets[at].To);
        Cover = new BucketCover(times, timeline, SalesRollups.Activity);
    }

    public DateTimeOffset Now { get; }
    public DateTimeOffset First { get; }
    public DateTimeOffset OpenSince { get; }

    /// <summary>The slots to read, as coarse as can be up to the running quarter hour; its buckets are pieces.</summary>
    public Cover Cover { get; }

    /// <summary>The last quarter hour that may hold anything to be counted.</summary>
    public int LastSlot => Timeline.QuarterOf(times[^1].To) - 1;

    /// <summary>A piece's cell for everybody.</summary>
    public Cell CellOf(int piece) => cells[piece];

    /// <summary>A piece's cell for one person, whose events are counted: they may have been taken away again.</summary>
    public Cell CellOf(int piece, int person)
    {
        ref var cell = ref CollectionsMarshal.GetValueRefOrAddDefault(people, (piece, person), out _);
        return cell ??= new Cell();
    }

    /// <summary>Adds shares that ended by themselves in the running quarter hour.</summary>
    public void AddExpiries(long shares) => expired = shares;

    /// <summary>Where sets of people are in doubt, what the people's own cells say decides.</summary>
    public void Decide(IReadOnlyCollection<int> doubted, ActivityBuckets certain)
    {
        var present = certain.PresentPeople();
        foreach (var (piece, cell) in pieces.Zip(cells))
            foreach (var person in doubted)
                if (!present.Contains((piece.Bucket, person)))
                    cell.Set?.Remove(person);
    }

    public ActivitySeries ToSeries(LinkedPeople linked)
    {
        var sums = Enumerable.Range(0, count + 1).Select(_ => new ActivityTotals()).ToArray();
        var sets = new PersonSet?[count + 1];
        foreach (var (piece, cell) in pieces.Zip(cells))
        {
            sums[piece.Bucket].Add(cell, piece.IsOpen);
            if (sets[piece.Bucket] is { } others && cell.Set is { } more)
                others.UnionWith(more);
            else
                sets[piece.Bucket] ??= cell.Set; // most buckets are one piece
        }

        foreach (var ((at, _), cell) in people)
            sums[pieces[at].Bucket].Add(cell, pieces[at].IsOpen);
        if (pieces.Find(piece => piece.IsOpen) is { IsOpen: true } running)
            sums[running.Bucket].AddExpired(expired);
        foreach (var (bucket, person) in PresentPeople())
            (sets[bucket] ??= new PersonSet()).Add(person);
        var everybody = new PersonSet();
        foreach (var set in sets.Skip(1).OfType<PersonSet>())
            everybody.UnionWith(set);
        return new ActivitySeries(
            sums[Before], [.. sums.Skip(1).Zip(sets.Skip(1), (sum, set) => new ActivityBucket(sum, linked.CountOf(set)))],
            linked.CountOf(everybody));
    }

    /// <summary>The people who have more than no events in a bucket.</summary>
    HashSet<(int Bucket, int Person)> PresentPeople() =>
    [
        .. people.Where(cell => cell.Key.Person != 0)
            .GroupBy(cell => (pieces[cell.Key.Piece].Bucket, cell.Key.Person), cell => EventFacts.Active(cell.Value))
            .Where(events => events.Aggregate((a, b) => a + b) > 0).Select(events => events.Key),
    ];

    void Add(int bucket, DateTimeOffset from, DateTimeOffset to)
    {
        Add(new Piece(bucket, IsOpen: false), from, Earlier(to, OpenSince));
        for (var slot = 0; slot <= SlotsAhead; slot++)
            Add(
                new Piece(bucket, IsOpen: true),
                Later(from, OpenSince.AddMinutes(15 * slot)), Earlier(to, OpenSince.AddMinutes(15 * (slot + 1))));
    }

    void Add(Piece piece, DateTimeOffset from, DateTimeOffset to)
    {
        if (from >= to)
            return;
        pieces.Add(piece);
        cells.Add(new Cell());
        times.Add(new Bucket(from, to, from, to));
    }

    static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

    static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
