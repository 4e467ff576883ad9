using Analytics.Storage.Cells;
using Analytics.Storage.Facts;
using Analytics.Storage.Rollups;
using Analytics.Storage.Rollups.Runs;
using Analytics.Tests.Storage.Cells;
using Npgsql;

namespace Analytics.Tests.Storage.Rollups;

/// <summary>A run is a sorted file of cells; runs and deltas merge into larger ones. Each test is in a transaction that is not committed.</summary>
public sealed class RunTests(AnalyticsApi api)
{
    const int Workspace = 2_000_000_000;

    static readonly Section Visits = new(90, "visits", Grain.QuarterHour, [new("visitor"), new("page")], ["visits", "bounces", "seconds"]);

    static readonly Rollup Visitors = new(
        90, "visitors", [Visits], Visits.Key[0], Visits.Key[1], GrainSets.OfLeads | Grains.Month)
    {
        Values = true,
    };

    [Fact]
    public async Task A_run_is_sorted_and_merges_with_another()
    {
        await using var connection = await api.Store.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var (one, other, random) = (new SortedDictionary<CellKey, Cell>(), new SortedDictionary<CellKey, Cell>(), new Random(3));
        foreach (var cells in new[] { one, other })
            for (var cell = 0; cell < 2_000; cell++)
                cells[new(random.Next(40), Grain.QuarterHour, random.Next(500), random.Next(4))] = CellFormatTests.SomeCell(random);
        await WriteAsync(connection, one, Grains.QuarterHour);
        await WriteAsync(connection, other, Grains.QuarterHour);

        await MergeAsync(connection, Timeline.Utc, Grains.QuarterHour);

        foreach (var (key, cell) in other)
            if (!one.TryAdd(key, cell))
                one[key].Merge(cell);
        Assert.Equal(Describe(one), await ReadAsync(connection, 1));
    }

    [Fact]
    public void A_page_has_room_for_every_grain_and_reads_those_of_before()
    {
        var page = new PageWriter();
        CellKey[] keys = [.. Enum.GetValues<Grain>().Select(grain => new CellKey(5, grain, grain == Grain.All ? 0 : 123_456, 7))];
        foreach (var key in keys)
            page.Add(key, [1]);
        var reader = new PageReader(page.Bytes.ToArray());
        foreach (var key in keys)
        {
            Assert.True(reader.Read());
            Assert.Equal(key, reader.Key);
        }

        // As it was written when there were eight grains: lead 5, the third slot of months and then the one of all time.
        var before = new PageReader(new byte[] { 11, (3 << 3) | 4, 7, 1, 1, 1, 7, 7, 1, 1 });
        Assert.True(before.Read());
        Assert.Equal(new CellKey(5, Grain.Month, 3, 7), before.Key);
        Assert.True(before.Read());
        Assert.Equal(new CellKey(5, Grain.All, 0, 7), before.Key);
    }

    [Fact]
    public async Task A_run_with_coarse_grains_takes_in_one_without()
    {
        await using var connection = await api.Store.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var (timeline, all) = (Timeline.Of("Asia/Kathmandu"), new SortedDictionary<CellKey, Cell>());
        var random = new Random(4);
        foreach (var grains in new[] { Visitors.Grains, Grains.QuarterHour, Grains.QuarterHour | Grains.Day | Grains.LocalDay | Grains.Month })
        {
            var cells = new SortedDictionary<CellKey, Cell>();
            for (var cell = 0; cell < 300; cell++)
                Add(cells, timeline, new(random.Next(9), Grain.QuarterHour, random.Next(20_000), random.Next(3)), grains);
            await WriteAsync(connection, cells, grains);
            foreach (var key in cells.Keys.Where(key => key.Grain == Grain.QuarterHour))
                for (var visits = cells[key][0]; visits > 0; visits--)
                    Add(all, timeline, key, Visitors.Grains);
        }

        await MergeAsync(connection, timeline, Visitors.Grains);

        Assert.Equal(Describe(all), await ReadAsync(connection, 1));
    }

    [Fact]
    public async Task A_delta_is_flushed_to_cells_of_every_grain()
    {
        await using var connection = await api.Store.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var (timeline, all, facts) = (Timeline.Of("Europe/Paris"), new SortedDictionary<CellKey, Cell>(), new CommitFacts(Visits));
        var (random, deltas) = (new Random(5), new List<byte[]>());
        for (var fact = 0; fact < 900; fact++)
        {
            var key = Visits.KeyOf(Timeline.Year2000 + random.NextInt64(9_000 * Timeline.QuarterHour), random.Next(6), random.Next(3));
            facts.Add(key, 0, 1);
            Add(all, timeline, new(key.First, Grain.QuarterHour, key.Slot, key.Second), Visitors.Grains);
            if (fact % 100 == 99)
            {
                deltas.Add(facts.Pack(new(), out _));
                facts.Clear();
            }
        }

        await new Flush(connection, Workspace, timeline, new Catalogue([], [Visitors])).WriteAsync(Visits, deltas, 1, 1, 9, default);

        Assert.Equal(Describe(all), await ReadAsync(connection, 1));
    }

    [Fact]
    public async Task A_run_without_a_cell_is_none()
    {
        await using var connection = await api.Store.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await WriteAsync(connection, [], Grains.QuarterHour);
        Assert.Equal("", await ReadAsync(connection, 0));
    }

    static void Add(SortedDictionary<CellKey, Cell> cells, Timeline timeline, CellKey key, Grains grains)
    {
        foreach (var grain in grains.Each())
        {
            var coarse = new CellKey(key.Lead, grain, timeline.SlotOf(grain, Grain.QuarterHour, key.Slot), key.Second);
            cells.TryAdd(coarse, new Cell());
            cells[coarse][0]++;
        }
    }

    static async Task WriteAsync(NpgsqlConnection connection, SortedDictionary<CellKey, Cell> cells, Grains grains)
    {
        var target = new RunWriter(connection, Workspace, Visitors, Visits, grains);
        await new RunMerge(Visitors, Timeline.Utc, target).WriteAsync([new GatheredCells(cells, grains, new())], default);
        await target.FinishAsync(1, 1, 1, default);
    }

    static async Task MergeAsync(NpgsqlConnection connection, Timeline timeline, Grains grains)
    {
        var table = new RunTable(connection, Workspace);
        var runs = await table.RunsAsync(Visitors, Visits, default);
        var target = new RunWriter(connection, Workspace, Visitors, Visits, grains);
        await new RunMerge(Visitors, timeline, target)
            .WriteAsync(runs.Select(run => new RunCursor(connection, Workspace, Visitors, run)), default);
        await target.FinishAsync(2, 1, 1, default);
        await table.DeleteAsync(Visitors, runs, default);
    }

    static async Task<string> ReadAsync(NpgsqlConnection connection, int count)
    {
        var runs = await new RunTable(connection, Workspace).RunsAsync(Visitors, Visits, default);
        Assert.Equal(count, runs.Count);
        var cells = new List<KeyValuePair<CellKey, Cell>>();
        foreach (var run in runs)
            for (var cursor = new RunCursor(connection, Workspace, Visitors, run); await cursor.ReadAsync(default);)
            {
                var cell = new Cell();
                CellFormat.Merge(cursor.Bytes.Span, cell, CellParts.Everything);
                cells.Add(new(cursor.Key, cell));
            }

        return Describe(cells);
    }

    // Times are kept of all time only.
    static string Describe(IEnumerable<KeyValuePair<CellKey, Cell>> cells) => string.Join('\n', cells.Select(cell =>
    {
        cell.Value.ForgetTimes();
        return $"{cell.Key} {CellFormatTests.Describe(cell.Value)}";
    }));
}
