using System.Runtime.CompilerServices;
using Analytics.Sketches;
using Analytics.Storage.Cells;
using Analytics.Storage.Facts;
using Analytics.Storage.Rollups.Runs;
using Microsoft.Extensions.Caching.Memory;
using Npgsql;

namespace Analytics.Storage.Rollups.Reading;

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

    /// <summary>One sum of a lead.</summary>
    readonly record struct Part(int Lead, int Bucket, SlotSpan Span);

    static readonly SlotSpan[] Spans = [SlotSpan.Hour, SlotSpan.SixHours, SlotSpan.Day];

    // By store: several may be open in one process.
    static readonly ConditionalWeakTable<NpgsqlDataSource, MemoryCache> Known = [];

    readonly MemoryCache known;
    readonly Place place;
    readonly IReadOnlyCollection<int> leads;
    readonly Dictionary<Part, KeptSum> sums = [];
    readonly Dictionary<Part, (string Slots, CellsByOwner Cells)> gathered = [];

    /// <param name="store">Where the run is.</param>
    /// <param name="place">The run.</param>
    /// <param name="slotsOf">Which of its slots, span by span, by bucket; an empty text for none.</param>
    /// <param name="leads">Whose cells.</param>
    public SummedRun(
        NpgsqlDataSource store, Place place, Func<SlotSpan, IReadOnlyList<string>> slotsOf, IReadOnlyCollection<int> leads)
    {
        known = Known.GetValue(store, _ => new(new MemoryCacheOptions { SizeLimit = MostBytes }));
        (this.place, this.leads) = (place, leads);
        foreach (var span in Spans)
            foreach (var (bucket, slots) in slotsOf(span).Index().Where(bucket => bucket.Item.Length > 0))
                foreach (var lead in leads)
                    if (known.TryGetValue(new Key(place, lead, slots), out KeptSum? sum))
                        sums.Add(new(lead, bucket, span), sum!);
                    else
                        gathered.Add(new(lead, bucket, span), (slots, new(CellParts.Everything)));
    }

    /// <summary>Whether cells of some leads of a rollup are worth adding up beforehand: they have many of them.</summary>
    public static bool IsOf(Rollup rollup, int leads) =>
        rollup.Second != Dimension.None && (rollup.Lead != Dimension.Person || leads <= FewPeople);

    /// <summary>Whether anything is added up.</summary>
    public bool IsAny => sums.Count + gathered.Count > 0;

    /// <summary>The leads of which cells of a span have to be read.</summary>
    public IReadOnlyCollection<int> ReadOf(SlotSpan span) => span == SlotSpan.Short
        ? leads
        : [.. gathered.Keys.Where(part => part.Span == span).Select(part => part.Lead).Distinct()];

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
