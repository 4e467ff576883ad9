using Analytics.Storage.Cells;
using Analytics.Storage.Rollups.Runs;
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
        var ranges = new Ranges();
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
        .Select(run => (run.Number, Sum: new SummedRun(
            store, new(workspace, run.Rollup, run.Number), span => cover.SlotsOf(span, run.Grains), wanted)))
        .Where(run => run.Sum.IsAny)
        .ToDictionary();

    async Task ReadAsync(
        Rollup rollup, Cover cover, HashSet<int> wanted, Ranges ranges, Dictionary<long, SummedRun> summed,
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

    /// <summary>What is asked for, as columns.</summary>
    sealed class Ranges
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
}
