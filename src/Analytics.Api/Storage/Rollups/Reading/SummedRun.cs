using System.Runtime.CompilerServices;
using Analytics.Sketches;
using Analytics.Storage.Cells;
using Analytics.Storage.Facts;
using Analytics.Storage.Rollups.Runs;
using Microsoft.Extensions.Caching.Memory;
using Npgsql;

namespace Analytics.Storage.Rollups.Reading;

/// <summary>
/// What the days, weeks and months of some buckets come to in a run, lead by lead. A run never changes, so that its cells are added up once
/// and kept in memory: who asks again, of a range that ends a little later, reads but what its ends cut of days.
/// </summary>
sealed class SummedRun : IDisposable
{
    const long MostBytes = 48 * 1024 * 1024;
    const long MostOfOne = MostBytes / 4;
    const int FewPeople = 100;

    /// <summary>A run, of all workspaces' there are.</summary>
    public readonly record struct Place(int Workspace, short Rollup, long Run);

    readonly record struct Key(Place Place, int Lead, string Times);

    // By store: several may be open in one process.
    static readonly ConditionalWeakTable<NpgsqlDataSource, MemoryCache> Known = [];

    readonly MemoryCache known;
    readonly Place place;
    readonly IReadOnlyList<string> times;
    readonly Dictionary<(int Lead, int Bucket), KeptSum> sums = [];
    readonly Dictionary<(int Lead, int Bucket), CellsByOwner> gathered = [];

    /// <param name="store">Where the run is.</param>
    /// <param name="place">The run.</param>
    /// <param name="times">Which of its slots, by bucket; an empty text for none.</param>
    /// <param name="leads">Whose cells.</param>
    public SummedRun(NpgsqlDataSource store, Place place, IReadOnlyList<string> times, IReadOnlyCollection<int> leads)
    {
        known = Known.GetValue(store, _ => new(new MemoryCacheOptions { SizeLimit = MostBytes }));
        (this.place, this.times) = (place, times);
        foreach (var (bucket, time) in times.Index().Where(bucket => bucket.Item.Length > 0))
            foreach (var lead in leads)
                if (known.TryGetValue(new Key(place, lead, time), out KeptSum? sum))
                    sums.Add((lead, bucket), sum!);
                else
                    gathered.Add((lead, bucket), new(CellParts.Everything));
        Missing = [.. gathered.Keys.Select(one => one.Lead).Distinct()];
    }

    /// <summary>The leads whose cells have to be read.</summary>
    public IReadOnlyCollection<int> Missing { get; }

    /// <summary>Whether cells of some leads of a rollup are worth adding up beforehand: they have many of them.</summary>
    public static bool IsOf(Rollup rollup, int leads) =>
        rollup.Second != Dimension.None && (rollup.Lead != Dimension.Person || leads <= FewPeople);

    /// <summary>Takes a cell that is missing; others are stepped over.</summary>
    public void Add(int bucket, CellKey key, ReadOnlySpan<byte> cell)
    {
        if (gathered.TryGetValue((key.Lead, bucket), out var cells))
            cells.Add(key.Second, 0, cell);
    }

    /// <summary>Gives the sums, when all that was missing has been added.</summary>
    public void Each(Action<int, CellKey, ReadOnlyMemory<byte>> each)
    {
        foreach (var ((lead, bucket), cells) in gathered)
        {
            var sum = new KeptSum(cells);
            if (sum.Size <= MostOfOne)
                known.Set(new Key(place, lead, times[bucket]), sum, new MemoryCacheEntryOptions { Size = sum.Size });
            sums.Add((lead, bucket), sum);
        }

        foreach (var ((lead, bucket), sum) in sums)
            sum.Each(bucket, lead, each);
    }

    public void Dispose()
    {
        foreach (var cells in gathered.Values)
            cells.Dispose();
    }

    /// <summary>A lead's sums, second by second.</summary>
    sealed class KeptSum
    {
        const int Shares = 2;
        const int Overhead = 500;

        readonly (List<(int Second, int End)> Seconds, byte[] Cells)[] shares = new (List<(int, int)>, byte[])[Shares];

        public KeptSum(CellsByOwner cells) => Parallel.For(0, Shares, share =>
        {
            using var writer = new ByteWriter();
            var seconds = new List<(int, int)>();
            cells.Each(share, Shares, (second, own) =>
            {
                if (own[0].Cell.IsEmpty)
                    return;
                CellFormat.Write(writer, own[0].Cell);
                seconds.Add((second, writer.Length));
            });
            seconds.TrimExcess();
            shares[share] = (seconds, writer.ToArray());
        });

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
    }
}
