using System.Runtime.InteropServices;
using Analytics.Sketches;
using Analytics.Time;

namespace Analytics.Storage.Rollups;

/// <summary>
/// Adds up activity bucket by bucket, as of one moment. Shares that run out by themselves stand in the rollups at the time they
/// will: whatever stands in the running quarter hour or later is left to <see cref="AddExpired"/>.
/// </summary>
sealed class ActivityBuckets
{
    // Events may be dated five minutes ahead, and clocks differ a little.
    const int QuartersAhead = 2;
    const int Before = 0;

    readonly IReadOnlyList<Bucket> buckets;
    readonly int[] starts;
    readonly int open;
    readonly Cell[] cells;
    readonly Dictionary<int, long>?[] counts;
    readonly Cell scratch = new();
    BucketCover? cover;

    public ActivityBuckets(IReadOnlyList<Bucket> buckets, DateTimeOffset now, IReadOnlySet<int> serviceTypes)
    {
        (this.buckets, Now, ServiceTypes) = (buckets, now, serviceTypes);
        starts = [.. buckets.Select(bucket => Timeline.QuarterOf(bucket.From)), Timeline.QuarterOf(buckets[^1].To)];
        open = Timeline.QuarterOf(now);
        cells = [.. Enumerable.Range(0, buckets.Count + 1).Select(_ => new Cell())];
        counts = new Dictionary<int, long>?[cells.Length];
    }

    public DateTimeOffset Now { get; }
    public IReadOnlySet<int> ServiceTypes { get; }
    public DateTimeOffset OpenSince => Timeline.StartOf(open).ToDateTimeOffset();
    public int FirstQuarter => starts[0];

    /// <summary>The last quarter hour that may hold anything to be counted.</summary>
    public int LastQuarter => Math.Max(0, Math.Min(starts[^1] - 1, open + QuartersAhead));

    /// <summary>The same buckets without anything in them.</summary>
    public ActivityBuckets Empty() => new(buckets, Now, ServiceTypes);

    /// <summary>The places of the timeline to read: as coarse as can be up to the running quarter hour, which follows with the next ones.</summary>
    public IEnumerable<(Level Level, List<(int From, int To)> Ranges)> PlacesToRead(Timeline timeline)
    {
        var past = starts.Prepend(0).Select(start => Timeline.StartOf(Math.Clamp(start, 0, open)).ToDateTimeOffset()).ToList();
        cover = new BucketCover([.. past.Zip(past.Skip(1), (from, to) => new Bucket(from, to, from, to))], timeline);
        foreach (var level in cover.Levels.Where(level => level != Level.Quarter))
            yield return (level, [.. cover.RangesOf(level)]);
        List<(int, int)> quarters = cover.Levels.Contains(Level.Quarter) ? [.. cover.RangesOf(Level.Quarter)] : [];
        yield return (Level.Quarter, [.. quarters, (open, open + QuartersAhead)]);
    }

    public void AddPlace(Level level, int place, ReadOnlySpan<byte> bytes)
    {
        var isOpen = level == Level.Quarter && place >= open;
        var bucket = isOpen ? BucketOf(place) : cover!.BucketOf(level, place);
        if (bucket < 0)
            return;
        if (!isOpen)
        {
            CellFormat.Merge(bytes, cells[bucket], bucket == Before ? CellParts.Counts : CellParts.CountsAndPeople);
            return;
        }

        scratch.Clear();
        CellFormat.Merge(bytes, scratch, CellParts.CountsAndPeople);
        AddOpen(cells[bucket], scratch);
    }

    /// <summary>A fact that is not folded yet, with its person when events were added.</summary>
    public void AddPresence(long key, Cell fact)
    {
        if (Add(CommitFacts.QuarterOf(key), fact) is var bucket and >= 0 && fact.Events > 0)
            cells[bucket].AddPerson(CommitFacts.PersonOf(key));
    }

    /// <summary>A cell or fact of one person, whose events are counted: they may have been taken away again.</summary>
    public void AddCounted(int person, int quarter, ReadOnlySpan<byte> bytes)
    {
        scratch.Clear();
        CellFormat.Merge(bytes, scratch, CellParts.Counts);
        AddCounted(person, quarter, scratch);
    }

    public void AddCounted(int person, int quarter, Cell fact)
    {
        if (Add(quarter, fact) is var bucket and >= 0 && person != 0 && fact.Events != 0)
            CollectionsMarshal.GetValueRefOrAddDefault(counts[bucket] ??= [], person, out _) += fact.Events;
    }

    public void AddExpired(long count)
    {
        if (BucketOf(open) is var bucket and >= 0)
            cells[bucket].Add(Measure.SessionExpiries, count);
    }

    /// <summary>Where sets of people are in doubt, what the people's own cells say decides.</summary>
    public void Decide(IReadOnlyCollection<int> people, ActivityBuckets certain)
    {
        for (var bucket = 0; bucket < cells.Length; bucket++)
            foreach (var person in people)
                if (certain.counts[bucket]?.GetValueOrDefault(person) is not > 0)
                    cells[bucket].People?.Remove(person);
    }

    public ActivitySeries ToSeries(LinkedPeople linked)
    {
        var everybody = new PersonSet();
        var series = new List<ActivityBucket>(buckets.Count);
        for (var bucket = 1; bucket < cells.Length; bucket++)
        {
            var people = cells[bucket].People ?? new PersonSet();
            foreach (var (person, events) in counts[bucket] ?? [])
                if (events > 0)
                    people.Add(person);
            everybody.UnionWith(people);
            series.Add(new ActivityBucket(TotalsOf(cells[bucket]), linked.CountOf(people)));
        }

        return new ActivitySeries(TotalsOf(cells[Before]), series, linked.CountOf(everybody));
    }

    static ActivityTotals TotalsOf(Cell cell)
    {
        var totals = new ActivityTotals();
        totals.Add(cell);
        return totals;
    }

    /// <summary>Adds what is settled by a quarter hour; gives the bucket, -1 when it is in none.</summary>
    int Add(int quarter, Cell fact)
    {
        var bucket = BucketOf(quarter);
        if (bucket < 0)
            return bucket;
        if (quarter < open)
            cells[bucket].Merge(fact);
        else
            AddOpen(cells[bucket], fact);
        return bucket;
    }

    static void AddOpen(Cell into, Cell fact)
    {
        into.Merge(fact);
        if (fact.Measures is { } measures)
            into.Add(Measure.SessionExpiries, -measures[(int)Measure.SessionExpiries]);
    }

    /// <summary>0 before the range, then one for each bucket; -1 after it.</summary>
    int BucketOf(int quarter)
    {
        if (quarter >= starts[^1] || quarter > open + QuartersAhead)
            return -1;
        var at = Array.BinarySearch(starts, quarter);
        return (at >= 0 ? at : ~at - 1) + 1;
    }
}
