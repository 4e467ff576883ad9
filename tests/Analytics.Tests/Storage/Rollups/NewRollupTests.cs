using Analytics.Storage;
using Analytics.Storage.Cells;
using Analytics.Storage.Facts;
using Analytics.Storage.Rollups;
using Analytics.Storage.Rollups.Reading;
using Analytics.Storage.Rollups.Rebuilding;
using Analytics.Storage.Rollups.Runs;
using Analytics.Storage.Verification;
using Analytics.Tests.Commands;
using Analytics.Time;
using Npgsql;
using Zones = Analytics.Time.Zones;

namespace Analytics.Tests.Storage.Rollups;

/// <summary>
/// A rollup over an existing section is one row of the catalogue, and nothing else: it is flushed, compacted, re-zoned, read, sealed,
/// rebuilt and verified, and a fault in it is found. The service's clock stands still, so that only the test compacts.
/// </summary>
[Collection<Timed>]
public sealed class NewRollupTests(TimedApi timed)
{
    static readonly Rollup TypesOfPeople = new(
        90, "people by event type", [EventFacts.Section], Dimension.EventType, Dimension.None,
        Grains.QuarterHour | Grains.Hour | Grains.Day | Grains.LocalDay | Grains.Month | Grains.All)
    {
        Set = Dimension.Person, Times = true,
    };

    static readonly Catalogue Catalogue = new(Catalogue.Default.Kinds, [.. Catalogue.Default.Rollups, TypesOfPeople]);

    const string RawSql = """
        select count(*), count(distinct e.person), min(e.timestamp), max(e.timestamp)
        from events e
        where e.workspace_id = $1
          and e.type = $2
          and e.timestamp >= $3
          and e.timestamp < $4
        """;

    [Fact]
    public async Task A_row_is_enough()
    {
        var (workspace, key) = await LivedAsync();
        await HoldsAsync(key, "waiting");

        await CompactAsync(key);
        await HoldsAsync(key, "flushed");

        for (var more = 0; more < 2 * Piles.FanOut; more++)
        {
            await workspace.IngestAsync(Some.Events(20, at: Some.Day.AddHours(-5 * more)));
            await CompactAsync(key);
        }

        await HoldsAsync(key, "compacted");

        await workspace.PatchAsync($"/api/workspaces/{workspace.Id}", new { timezone = "Asia/Kathmandu" });
        await CompactAsync(key);
        await HoldsAsync(key, "re-zoned");

        await RebuildAsync(key);
        await HoldsAsync(key, "rebuilt");
    }

    [Fact]
    public async Task Its_sealed_days_outlive_their_events()
    {
        var (_, key) = await LivedAsync();
        await CompactAsync(key);
        var before = await ReadAsync(key, Some.Day.AddDays(-300), Some.Day.AddDays(300));
        var horizon = Some.Day.AddDays(-1).UtcDateTime.Date;
        await ExecuteAsync(key, $"update workspace_seq set horizon = '{horizon:yyyy-MM-dd}Z' where workspace_id = $1");
        Assert.NotEqual(0, await ExecuteAsync(key, $"delete from events where workspace_id = $1 and timestamp < '{horizon:yyyy-MM-dd}Z'"));

        await RebuildAsync(key);

        Assert.Equal(before, await ReadAsync(key, Some.Day.AddDays(-300), Some.Day.AddDays(300)));
        Assert.Empty(await DifferencesAsync(key));
    }

    [Theory]
    [InlineData("delete from rollup_pages where workspace_id = $1 and rollup = 90 and page = 0")]
    [InlineData("delete from rollup_runs where workspace_id = $1 and rollup = 90")]
    [InlineData("update rollup_pages set data = (select p.data from rollup_pages p where p.workspace_id = $1 and p.rollup = 1 limit 1) where workspace_id = $1 and rollup = 90")]
    public async Task A_fault_in_it_is_found(string fault)
    {
        var (_, key) = await LivedAsync();
        await CompactAsync(key);
        Assert.Empty(await DifferencesAsync(key));

        Assert.NotEqual(0, await ExecuteAsync(key, fault));

        Assert.Contains(await DifferencesAsync(key), difference => difference.Rollup is "people by event type" or "runs");
    }

    [Fact]
    public async Task A_cell_of_every_grain_that_is_changed_is_found()
    {
        foreach (var grain in TypesOfPeople.Grains.Each())
        {
            var (_, key) = await LivedAsync();
            await CompactAsync(key);
            await ChangeAsync(key, grain);
            Assert.Contains(await DifferencesAsync(key), difference => difference.Rollup == "people by event type");
        }
    }

    /// <summary>Reads by day, hour and month, cut where they may be cut, and compares with the events; nothing differs in a verification.</summary>
    async Task HoldsAsync(int key, string what)
    {
        foreach (var (from, to) in new[]
        {
            (Some.Day.AddDays(-40), Some.Day.AddDays(40)), (Some.Day.AddHours(-30), Some.Day.AddHours(4)),
            (Some.Day.AddMinutes(-361), Some.Day.AddMinutes(7).AddMicroseconds(3)), (Some.Day.AddMinutes(2), Some.Day.AddMinutes(3)),
        })
            Assert.Equal((what, await RawAsync(key, from, to)), (what, await ReadAsync(key, from, to)));
        Assert.Empty(await DifferencesAsync(key));
    }

    async Task<string> ReadAsync(int key, DateTimeOffset from, DateTimeOffset to)
    {
        await using var snapshot = await RollupSnapshot.OpenAsync(timed.Api.Store, key, [TypesOfPeople], default);
        var types = await TypesAsync(key);
        var cells = types.ToDictionary(type => type, _ => new Cell());
        await snapshot.ReadAsync(
            TypesOfPeople, new BucketCover([new Bucket(from, to, from, to)], snapshot.Timeline, TypesOfPeople), types,
            CellParts.SumsAndSet, (_, type, _) => cells[type], default);
        return string.Join('\n', types.Select(type => $"{type}: {cells[type].Events} {cells[type].Set?.Count ?? 0}"));
    }

    async Task<string> RawAsync(int key, DateTimeOffset from, DateTimeOffset to)
    {
        var lines = new List<string>();
        await using var connection = await timed.Api.Store.OpenConnectionAsync();
        foreach (var type in await TypesAsync(key))
            lines.Add(await connection.FirstAsync(
                RawSql, [key, type, from.UtcDateTime, to.UtcDateTime], row => $"{type}: {row.GetInt64(0)} {row.GetInt64(1)}", default) ?? "");
        return string.Join('\n', lines);
    }

    Task<List<int>> TypesAsync(int key) => timed.Api.Store.QueryAsync(
        "select type from event_types where workspace_id = $1 order by type", [key], row => row.GetInt32(0), default);

    async Task<IReadOnlyList<Difference>> DifferencesAsync(int key)
    {
        var log = new DifferenceLog();
        await new Verifier(timed.Api.Store, key, log) { Catalogue = Catalogue }.RunAsync(default);
        return log.Shown;
    }

    Task CompactAsync(int key) => Until.HoldsAsync(
        async () => await new Compaction(timed.Api.Store, key, Catalogue).RunAsync(default) == Compaction.Outcome.Done, "There is no compaction.");

    Task RebuildAsync(int key) =>
        Until.HoldsAsync(() => new Rebuild(timed.Api.Store, key, Catalogue).RunAsync(null, default), "There is no rebuild.");

    Task<int> ExecuteAsync(int key, string sql) => timed.Api.Store.ExecuteAsync(sql, [key], default);

    /// <summary>Writes its run again with a cell of the grain that says one event more.</summary>
    async Task ChangeAsync(int key, Grain grain)
    {
        await using var connection = await timed.Api.Store.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var table = new RunTable(connection, key);
        var runs = await table.RunsAsync(TypesOfPeople, EventFacts.Section, default);
        var cells = new Dictionary<CellKey, Cell>();
        for (var cursor = new RunCursor(connection, key, TypesOfPeople, Assert.Single(runs)); await cursor.ReadAsync(default);)
        {
            cells.Add(cursor.Key, new Cell());
            CellFormat.Merge(cursor.Bytes.Span, cells[cursor.Key], CellParts.Everything);
        }

        cells.First(cell => cell.Key.Grain == grain).Value.Events++;
        var target = new RunWriter(connection, key, TypesOfPeople, EventFacts.Section, runs[0].Grains);
        await new RunMerge(TypesOfPeople, Timeline.Utc, target).WriteAsync([new GatheredCells(cells, runs[0].Grains, new())], default);
        await target.FinishAsync(1, 1, 1, default);
        await table.DeleteAsync(TypesOfPeople, runs, default);
        await transaction.CommitAsync();
    }

    async Task<(WorkspaceClient Workspace, int Key)> LivedAsync()
    {
        var workspace = await timed.Api.NewWorkspaceAsync("Europe/Paris");
        var random = new Random(8);
        await workspace.IngestAsync(Enumerable.Range(0, 300).Select(number => Some.Event(
            $"type-{random.Next(4)}", Some.Day.AddSeconds(random.Next(-3_000_000, 3_000)), customer: $"person-{random.Next(30)}", cost: number % 3)));
        return (workspace, await RandomLife.KeyOfAsync(workspace));
    }
}
