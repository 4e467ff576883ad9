using System.Runtime.CompilerServices;
using Analytics.Sketches;
using Analytics.Storage.Cells;
using Analytics.Storage.Facts;
using Analytics.Storage.Rollups.Runs;
using Microsoft.Extensions.Caching.Memory;
using Npgsql;

namespace Analytics.Storage.Rollups.Reading;

/// <summary>The stored runs of a workspace's rollups, as a snapshot sees them.</summary>
sealed class StoredRuns(NpgsqlDataSource store, NpgsqlConnection connection, int workspace)
{
    /// <summary>Those of some rollups; each row is for <see cref="Add"/>.</summary>
    public const string ListSql = "select rollup, run, bytes, grains from rollup_runs where workspace_id = $1 and rollup = any($2)";

    const int FewLeads = 8;
    const long EveryRun = 0;

    // A few pages are read as quickly as their sum, and soon merged with others.
    const long LeastSummed = 8 * PageWriter.UsualSize;

    readonly List<(short Rollup, long Number, long Bytes, Grains Grains)> all = [];

    public void Add(NpgsqlDataReader row) =>
        all.Add((row.GetInt16(0), row.GetInt64(1), row.GetInt64(2), (Grains)row.GetInt16(3)));

    /// <summary>
    /// Gives the stored cells that a cover reads, run by run, by their bucket; a key may come again. A run's hours and longer slots may
    /// come as their sum, without their slot. The bytes are good until the next.
    /// </summary>
    public async Task EachAsync(
        Rollup rollup, Cover cover, HashSet<int> wanted, Action<int, CellKey, ReadOnlyMemory<byte>> each, CancellationToken cancel)
    {
        var mine = all.Where(run => run.Rollup == rollup.Id).ToList();
        var summed = SummedRun.IsOf(rollup, wanted.Count) ? SummedOf(mine, cover, wanted) : [];
        var ranges = new PageRanges();
        foreach (var alike in mine.GroupBy(run => run.Grains))
            foreach (var (grain, from, to) in cover.Ranges(alike.Key))
                if (!alike.Any(run => summed.ContainsKey(run.Number)))
                    ranges.Add(EveryRun, alike.Key, grain, from, to, wanted);
                else
                    foreach (var (_, run, _, _) in alike)
                        ranges.Add(run, alike.Key, grain, from, to, summed.GetValueOrDefault(run)?.ReadOf(grain.Span) ?? wanted);

        if (!ranges.AreNone)
            await ReadAsync(rollup, cover, wanted, ranges, summed, each, cancel);
        foreach (var sum in summed.Values)
        {
            sum.Each(each);
            sum.Dispose();
        }
    }

    Dictionary<long, SummedRun> SummedOf(
        List<(short Rollup, long Number, long Bytes, Grains Grains)> runs, Cover cover, HashSet<int> wanted) => runs
        .Where(run => run.Bytes >= LeastSummed)
        .GroupBy(run => run.Grains, (grains, alike) => (Slots: SummedRun.SlotsOf(cover, grains), Runs: alike))
        .Where(alike => alike.Slots.Count > 0)
        .SelectMany(alike => alike.Runs.Select(run => (
            run.Number, new SummedRun(store, new(workspace, run.Rollup, run.Number), alike.Slots, wanted))))
        .ToDictionary();

    async Task ReadAsync(
        Rollup rollup, Cover cover, HashSet<int> wanted, PageRanges ranges, Dictionary<long, SummedRun> summed,
        Action<int, CellKey, ReadOnlyMemory<byte>> each, CancellationToken cancel)
    {
        // One buffer for all pages: hundreds of them would otherwise be garbage after each question.
        var bytes = new byte[PageWriter.UsualSize];
        SummedRun? sum = null;
        var sql = wanted.Count > FewLeads || cover.IsScattered ? StoredPages.OfManySql : StoredPages.OfFewSql;
        await connection.EachAsync(sql, ranges.Values(workspace, rollup), row =>
        {
            var length = (int)row.GetBytes(0, 0, null, 0, 0);
            if (length > bytes.Length)
                bytes = new byte[length];
            row.GetBytes(0, 0, bytes, 0, length);
            var grains = (Grains)row.GetInt16(1);
            sum = summed.GetValueOrDefault(row.GetInt64(4));
            new PageReader(bytes.AsMemory(0, length))
                .Each(row.GetInt64(2), row.GetInt64(3), wanted, grain => cover.Buckets(grains, grain), Take);
        }, cancel);

        void Take(int bucket, CellKey key, ReadOnlyMemory<byte> cell)
        {
            if (sum is null || !sum.Takes(bucket, key, cell.Span))
                each(bucket, key, cell);
        }
    }
}

/// <summary>
/// What slots of some buckets come to in a run, lead by lead. A run never changes, so that its cells are added up once and kept in memory:
/// who asks again, of a range that ends a little later, reads but its last quarter hours. Each span of slots is a sum of its own, so that
/// an hour that ends leaves the days alone.
/// </summary>
sealed class SummedRun : IDisposable
{
    const long MostBytes = 48 * 1024 * 1024;
    const long MostOfOne = MostBytes / 4;
    const int FewPeople = 100;

    /// <summary>A run, of all workspaces' there are.</summary>
    public readonly record struct Place(int Workspace, short Rollup, long Run);

    readonly record struct Key(Place Place, int Lead, string Slots);

    /// <summary>Which slots of a span are a bucket's.</summary>
    public readonly record struct Piece(SlotSpan Span, int Bucket, string Slots);

    /// <summary>One sum of a lead.</summary>
    readonly record struct Part(int Lead, int Bucket, SlotSpan Span);

    static readonly SlotSpan[] Spans = [SlotSpan.Hour, SlotSpan.SixHours, SlotSpan.Day];

    // By store: several may be open in one process.
    static readonly ConditionalWeakTable<NpgsqlDataSource, MemoryCache> Known = [];

    readonly MemoryCache known;
    readonly Place place;
    readonly IReadOnlyCollection<int> leads;
    readonly HashSet<int>[] missing = [.. Enum.GetValues<SlotSpan>().Select(_ => new HashSet<int>())];
    readonly Dictionary<Part, KeptSum> sums = [];
    readonly Dictionary<Part, (string Slots, CellsByOwner Cells)> gathered = [];

    /// <param name="store">Where the run is.</param>
    /// <param name="place">The run.</param>
    /// <param name="pieces">Which of its slots (<see cref="SlotsOf"/>).</param>
    /// <param name="leads">Whose cells.</param>
    public SummedRun(NpgsqlDataSource store, Place place, List<Piece> pieces, IReadOnlyCollection<int> leads)
    {
        known = Known.GetValue(store, _ => new(new MemoryCacheOptions { SizeLimit = MostBytes }));
        (this.place, this.leads) = (place, leads);
        foreach (var (span, bucket, slots) in pieces)
            foreach (var lead in leads)
                if (known.TryGetValue(new Key(place, lead, slots), out KeptSum? sum))
                    sums.Add(new(lead, bucket, span), sum!);
                else
                {
                    gathered.Add(new(lead, bucket, span), (slots, new(CellParts.Everything)));
                    missing[(int)span].Add(lead);
                }
    }

    /// <summary>What of a cover is added up, in runs that have these grains; nothing of many buckets.</summary>
    public static List<Piece> SlotsOf(Cover cover, Grains stored) =>
    [
        .. from span in Spans
           from bucket in cover.SlotsOf(span, stored).Index()
           where bucket.Item.Length > 0
           select new Piece(span, bucket.Index, bucket.Item),
    ];

    /// <summary>Whether cells of some leads of a rollup are worth adding up beforehand: they have many of them.</summary>
    public static bool IsOf(Rollup rollup, int leads) =>
        rollup.Second != Dimension.None && (rollup.Lead != Dimension.Person || leads <= FewPeople);

    /// <summary>The leads of which cells of a span have to be read.</summary>
    public IReadOnlyCollection<int> ReadOf(SlotSpan span) => span == SlotSpan.Short ? leads : missing[(int)span];

    /// <summary>Takes a cell that belongs to a sum; false for any other.</summary>
    public bool Takes(int bucket, CellKey key, ReadOnlySpan<byte> cell)
    {
        if (key.Grain.Span is var span && span == SlotSpan.Short)
            return false;
        var part = new Part(key.Lead, bucket, span);
        if (gathered.TryGetValue(part, out var found))
            found.Cells.Add(key.Second, 0, cell);
        return found.Cells is not null || sums.ContainsKey(part);
    }

    /// <summary>Gives the sums, when all that was missing has been taken.</summary>
    public void Each(Action<int, CellKey, ReadOnlyMemory<byte>> each)
    {
        foreach (var (part, (slots, cells)) in gathered)
        {
            var sum = new KeptSum(cells);
            if (sum.Size <= MostOfOne)
                known.Set(new Key(place, part.Lead, slots), sum, new MemoryCacheEntryOptions { Size = sum.Size });
            sums.Add(part, sum);
        }

        foreach (var (part, sum) in sums)
            sum.Each(part.Bucket, part.Lead, each);
    }

    public void Dispose()
    {
        foreach (var (_, cells) in gathered.Values)
            cells.Dispose();
    }

    /// <summary>A lead's sums, second by second.</summary>
    sealed class KeptSum
    {
        // Fewer are added up before another thread is there.
        const int ManyOwners = 1_000;
        const int Overhead = 500;

        readonly (List<(int Second, int End)> Seconds, byte[] Cells)[] shares;

        public KeptSum(CellsByOwner cells)
        {
            shares = new (List<(int, int)>, byte[])[cells.Owners < ManyOwners ? 1 : 2];
            if (shares.Length == 1)
                AddUp(cells, 0);
            else
                Parallel.For(0, shares.Length, share => AddUp(cells, share));
        }

        public long Size => Overhead + shares.Sum(share => share.Cells.Length + (8L * share.Seconds.Count));

        public void Each(int bucket, int lead, Action<int, CellKey, ReadOnlyMemory<byte>> each)
        {
            foreach (var (seconds, cells) in shares)
            {
                var start = 0;
                foreach (var (second, end) in seconds)
                {
                    each(bucket, new(lead, Grain.All, 0, second), cells.AsMemory(start, end - start));
                    start = end;
                }
            }
        }

        void AddUp(CellsByOwner cells, int share)
        {
            using var writer = new ByteWriter();
            var seconds = new List<(int, int)>();
            cells.Each(share, shares.Length, (second, own) =>
            {
                if (own[0].Cell.IsEmpty)
                    return;
                CellFormat.Write(writer, own[0].Cell);
                seconds.Add((second, writer.Length));
            });
            seconds.TrimExcess();
            shares[share] = (seconds, writer.ToArray());
        }
    }
}
