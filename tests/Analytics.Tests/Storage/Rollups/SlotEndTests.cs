using System.Text.Json.Nodes;
using Analytics.Storage;
using Analytics.Storage.Cells;
using Analytics.Storage.Facts;
using Analytics.Storage.Rollups;
using Analytics.Storage.Rollups.Reading;
using Analytics.Storage.Sales;
using Analytics.Tests.Commands;
using Analytics.Time;

namespace Analytics.Tests.Storage.Rollups;

/// <summary>
/// A range that ends within a quarter hour, after all its facts, reads the whole quarter hour: a question up to now does not count the
/// running one's raw facts, however many there are.
/// </summary>
public sealed class SlotEndTests(AnalyticsApi api)
{
    static readonly DateTimeOffset Slot = new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Raw_facts_are_counted_only_where_some_come_after_the_end()
    {
        var workspace = await api.NewWorkspaceAsync();
        foreach (var minute in (int[])[0, 3, 7])
            await workspace.IngestAsync([Some.Event("made", Slot.AddMinutes(minute))]);
        var key = await RandomLife.KeyOfAsync(workspace);
        // What is left of the raw facts shows which of both was read.
        await DeleteAsync(key, Slot.AddMinutes(3));

        Assert.Equal(3, await EventsAsync(key, Slot.AddHours(-1), Slot.AddMinutes(7).AddMicroseconds(1)));
        Assert.Equal(1, await EventsAsync(key, Slot.AddHours(-1), Slot.AddMinutes(7)));
        Assert.Equal(1, await EventsAsync(key, Slot.AddMicroseconds(1), Slot.AddMinutes(8)));
        await workspace.IngestAsync([Some.Event("made", Slot.AddMinutes(14))]);
        Assert.Equal(2, await EventsAsync(key, Slot.AddHours(-1), Slot.AddMinutes(8)));
        Assert.Equal(4, await EventsAsync(key, Slot.AddHours(-1), Slot.AddMinutes(14).AddMicroseconds(1)));
    }

    [Fact]
    public async Task What_is_gone_is_not_counted_again()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync([Some.Event("made", Slot)]);
        var key = await RandomLife.KeyOfAsync(workspace);
        await DeleteAsync(key, Slot);

        Assert.Equal(0, await EventsAsync(key, Slot.AddHours(-1), Slot.AddMinutes(5)));
    }

    [Fact]
    public async Task A_share_that_runs_out_after_the_end_is_not_counted_before_it()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(
        [
            Some.Event("file_share.created", Slot.AddMinutes(2), customer: "ann", metadata: new JsonObject
            {
                ["share_id"] = "s", ["expires_at"] = $"{Slot.AddMinutes(12).UtcDateTime:O}",
            }),
        ]);
        var key = await RandomLife.KeyOfAsync(workspace);

        Assert.Equal((1, 0), await SharesAsync(key, Slot.AddMinutes(11)));
        Assert.Equal((1, 1), await SharesAsync(key, Slot.AddMinutes(13)));
    }

    Task<int> DeleteAsync(int key, DateTimeOffset at) => api.Store.ExecuteAsync(
        "delete from events where workspace_id = $1 and timestamp = $2", [key, at.UtcDateTime], TestContext.Current.CancellationToken);

    async Task<int> EventsAsync(int key, DateTimeOffset from, DateTimeOffset to) =>
        (int)(await ReadAsync(EventRollups.Timeline, key, from, to))[EventFacts.Events];

    async Task<(int Made, int Expired)> SharesAsync(int key, DateTimeOffset to)
    {
        var cell = await ReadAsync(SalesRollups.Activity, key, Slot.AddHours(-1), to);
        return ((int)cell.Of(SalesSum.Sessions), (int)cell.Of(SalesSum.SessionExpiries));
    }

    async Task<Cell> ReadAsync(Rollup rollup, int key, DateTimeOffset from, DateTimeOffset to)
    {
        await using var snapshot = await RollupSnapshot.OpenAsync(api.Store, key, [rollup], TestContext.Current.CancellationToken);
        var cell = new Cell();
        await snapshot.ReadAsync(
            rollup, new BucketCover([new Bucket(from, to, from, to)], snapshot.Timeline, rollup), null, CellParts.Sums, (_, _, _) => cell,
            TestContext.Current.CancellationToken);
        return cell;
    }
}
