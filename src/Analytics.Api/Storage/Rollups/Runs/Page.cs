using Analytics.Sketches;
using Analytics.Storage.Cells;

namespace Analytics.Storage.Rollups.Runs;

/// <summary>
/// Where a cell stands: lead, grain and slot in 63 bits, in the order of which pages are kept, then the second dimension's number.
/// All grains of a lead stand together, in the order of their numbers.
/// </summary>
readonly record struct CellKey(long Place, int Second) : IComparable<CellKey>
{
    const int SlotBits = 28;
    const int GrainBits = 4;
    const int LeadShift = SlotBits + GrainBits;

    public CellKey(int lead, Grain grain, int slot, int second) : this(PlaceOf(lead, grain, slot), second)
    {
    }

    public static long PlaceOf(int lead, Grain grain, int slot) =>
        ((long)lead << LeadShift) | ((long)grain << SlotBits) | (uint)slot & ((1u << SlotBits) - 1);

    public int Lead => (int)(Place >> LeadShift);
    public Grain Grain => (Grain)((Place >> SlotBits) & ((1 << GrainBits) - 1));
    public int Slot => (int)(Place & ((1 << SlotBits) - 1));

    public int CompareTo(CellKey other) => Place != other.Place ? Place.CompareTo(other.Place) : Second.CompareTo(other.Second);

    public static bool operator <(CellKey one, CellKey other) => one.CompareTo(other) < 0;
    public static bool operator >(CellKey one, CellKey other) => one.CompareTo(other) > 0;
    public static bool operator <=(CellKey one, CellKey other) => one.CompareTo(other) <= 0;
    public static bool operator >=(CellKey one, CellKey other) => one.CompareTo(other) >= 0;
}

/// <summary>
/// Fills pages of a run with cells in the order of their keys. Of each cell only what differs from the one before is written: the
/// lead, then grain and slot, or within a grain how many slots later it is.
/// </summary>
/// <remarks>
/// A grain takes three bits. Those numbered above all time's follow in four bits of what is its slot otherwise: that is always 0.
/// </remarks>
sealed class PageWriter
{
    /// <summary>Pages stay below the size at which Postgres would move them out of line.</summary>
    public const int UsualSize = 7_800;

    readonly ByteWriter writer = new(2 * UsualSize);

    public CellKey First { get; private set; }
    public CellKey Last { get; private set; }
    public bool IsEmpty => writer.Length == 0;
    public ReadOnlySpan<byte> Bytes => writer.WrittenSpan;

    public bool HasRoomFor(int bytes) => IsEmpty || writer.Length + bytes + 20 <= UsualSize;

    public void Add(CellKey key, ReadOnlySpan<byte> cell)
    {
        var isFirst = IsEmpty;
        if (isFirst)
            (First, Last) = (key, default);
        var isNewGrain = isFirst || key.Lead != Last.Lead || key.Grain != Last.Grain;
        writer.WriteVarint(((ulong)(key.Lead - Last.Lead) << 1) | (isNewGrain ? 1UL : 0));
        writer.WriteVarint(isNewGrain ? PlaceOf(key.Grain, key.Slot) : (ulong)(key.Slot - Last.Slot));
        writer.WriteVarint((ulong)key.Second);
        writer.WriteVarint((ulong)cell.Length);
        writer.WriteBytes(cell);
        Last = key;
    }

    public void Clear() => writer.Reset();

    static ulong PlaceOf(Grain grain, int slot) => grain <= Grain.All
        ? ((ulong)slot << 3) | (ulong)grain
        : ((((ulong)slot << 4) | (ulong)(grain - Grain.All)) << 3) | (ulong)Grain.All;
}

/// <summary>Reads a page, cell by cell.</summary>
struct PageReader(ReadOnlyMemory<byte> page)
{
    readonly ReadOnlyMemory<byte> page = page;
    int at;
    int lead;
    Grain grain;
    int slot;
    int second;

    public readonly CellKey Key => new(lead, grain, slot, second);
    public ReadOnlyMemory<byte> Cell { get; private set; }

    public bool Read()
    {
        var bytes = page.Span;
        if (at >= bytes.Length)
            return false;
        var head = Varint.Read(bytes, ref at);
        lead += (int)(head >> 1);
        var place = Varint.Read(bytes, ref at);
        if ((head & 1) == 0)
            slot += (int)place;
        else if ((Grain)(place & 7) is var said and not Grain.All)
            (slot, grain) = ((int)(place >> 3), said);
        else
            (slot, grain) = ((int)(place >> 7), Grain.All + (byte)((place >> 3) & 15));
        second = (int)Varint.Read(bytes, ref at);
        var length = (int)Varint.Read(bytes, ref at);
        Cell = page.Slice(at, length);
        at += length;
        return true;
    }

    /// <summary>Reads on and gives the cells that lie from one place to another, of some leads and in a bucket.</summary>
    /// <param name="low">The first place.</param>
    /// <param name="high">The last one.</param>
    /// <param name="leads">A page has cells of others, too.</param>
    /// <param name="bucketsOf">The bucket of each slot of a grain; -1 for none.</param>
    /// <param name="each">Takes the bucket, the key and the cell, whose bytes are good for as long as the page's.</param>
    public void Each(
        long low, long high, HashSet<int> leads, Func<Grain, Func<int, int>> bucketsOf, Action<int, CellKey, ReadOnlyMemory<byte>> each)
    {
        var (last, of, isWanted) = (-1, default(Grain?), false);
        Func<int, int> bucketOf = _ => -1;
        while (Read() && Key is var key && key.Place <= high)
        {
            if (key.Place < low)
                continue;
            if (key.Lead != last)
                (last, isWanted) = (key.Lead, leads.Contains(key.Lead));
            if (!isWanted)
                continue;
            if (key.Grain != of)
                (of, bucketOf) = (key.Grain, bucketsOf(key.Grain));
            if (bucketOf(key.Slot) is var bucket and >= 0)
                each(bucket, key, Cell);
        }
    }
}

/// <summary>The ranges of <see cref="StoredPages"/>, as columns.</summary>
sealed class PageRanges
{
    readonly List<long> lows = [];
    readonly List<long> highs = [];
    readonly List<short> grains = [];
    readonly List<long> runs = [];

    public bool AreNone => lows.Count == 0;

    public void Add(long run, Grains stored, Grain grain, int from, int to, IReadOnlyCollection<int> leads)
    {
        foreach (var lead in leads)
        {
            lows.Add(CellKey.PlaceOf(lead, grain, from));
            highs.Add(CellKey.PlaceOf(lead, grain, to));
            grains.Add((short)stored);
            runs.Add(run);
        }
    }

    public SqlValue[] Values(int workspace, Rollup rollup) =>
        [workspace, rollup.Id, lows.ToArray(), highs.ToArray(), grains.ToArray(), runs.ToArray()];
}

/// <summary>
/// Finds pages of a workspace and rollup: those whose keys meet some ranges, low to high, in a run, or 0 for all that have some grains.
/// Answers their data, those grains, from where to where of the page is meant, and the run.
/// </summary>
static class StoredPages
{
    const string Last = "9223372036854775807";

    // A range begins in the last page that starts before it.
    const string Meeting = """
        from unnest($3, $4, $5, $6) as range (low, high, grains, run)
        join rollup_runs run on run.workspace_id = $1 and run.rollup = $2 and run.grains = range.grains and range.run in (0, run.run)
        cross join lateral (
            select p.first_key, p.page, p.data
            from rollup_pages p
            where p.workspace_id = $1
              and p.rollup = $2
              and p.run = run.run
              and p.first_key <= range.high
              and p.last_key >= range.low
              and p.first_key >= coalesce((
                  select max(q.first_key)
                  from rollup_pages q
                  where q.workspace_id = $1
                    and q.rollup = $2
                    and q.run = run.run
                    and q.first_key < range.low), 0)
            offset 0
        ) met
        """;

    /// <summary>A page comes as often as it meets a range, for that range.</summary>
    public const string OfFewSql = $"select met.data, run.grains, range.low, range.high, run.run {Meeting}";

    /// <summary>Of many leads some hundred lie in one page: it comes once, for all ranges.</summary>
    // By whole keys; see docs/decisions/0014.
    public const string OfManySql = $"""
        select page.data, wanted.grains, 0::bigint, {Last}, wanted.run
        from (
            select distinct run.run, run.grains, met.first_key, met.page
            {Meeting}
            order by run.run, met.first_key, met.page
        ) wanted
        cross join lateral (
            select p.data
            from rollup_pages p
            where p.workspace_id = $1
              and p.rollup = $2
              and p.run = wanted.run
              and p.first_key = wanted.first_key
              and p.page = wanted.page
            offset 0
        ) page
        """;
}
