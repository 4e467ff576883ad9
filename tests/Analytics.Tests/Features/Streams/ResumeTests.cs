using System.Diagnostics;
using Analytics.Feed;
using Analytics.Tests.Commands;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Analytics.Tests.Features.Streams;

public sealed class ResumeTests(AnalyticsApi api)
{
    [Fact]
    public async Task Whatever_was_missed_comes_first_and_once()
    {
        var workspace = await api.NewWorkspaceAsync();
        await using var first = await OpenStream.OfAsync(workspace);
        await workspace.IngestAsync(Numbered.Events(0, 10));
        var cursor = (await first.TakeAsync(4))[3].Id!;
        await workspace.IngestAsync(Numbered.Events(10, 1_000));

        await using var again = await OpenStream.OfAsync(workspace, lastEventId: cursor);
        await using var byQuery = await OpenStream.OfAsync(workspace, "?last_event_id=" + cursor);
        await workspace.IngestAsync(Numbered.Events(1_010, 10));
        await workspace.IngestAsync(Numbered.Event(1_020));

        foreach (var stream in (OpenStream[])[again, byQuery])
            Assert.Equal(Enumerable.Range(4, 1_017), (await stream.TakeAsync(1_017)).Select(message => message.Number));
    }

    [Fact]
    public async Task Who_comes_back_is_told_where_the_replay_is_over()
    {
        var workspace = await api.NewWorkspaceAsync();
        await using var first = await OpenStream.OfAsync(workspace);
        await workspace.IngestAsync(Numbered.Events(0, 3));
        var ids = (await first.TakeAsync(3)).Select(message => message.Id).ToList();

        using var patience = new CancellationTokenSource(Until.Patience);
        var again = await workspace.Http.GetStreamAsync(
            new Uri($"/api/stream/workspaces/{workspace.Id}?last_event_id={ids[0]}", UriKind.Relative), patience.Token);
        using var lines = new StreamReader(again);
        var told = new List<string>();
        while (told.Count(line => line.Length == 0) < 4)
            told.Add((await lines.ReadLineAsync(patience.Token))!);

        string[] kinds = [.. told.Where(line => line.Length > 0).Select(line => line.StartsWith("data:", StringComparison.Ordinal) ? "data" : line)];
        Assert.Equal(["retry: 3000", $"id: {ids[0]}", $"id: {ids[1]}", "data", $"id: {ids[2]}", "data", $"id: {ids[2]}"], kinds);
    }

    [Fact]
    public async Task Every_stream_takes_the_cursor_by_the_same_name()
    {
        var workspace = await api.NewWorkspaceAsync();
        await using var first = await OpenStream.OpenAsync(workspace, "/api/v1/events/stream");
        await workspace.IngestAsync(Numbered.Events(0, 3));
        var cursor = (await first.NextAsync()).Id;

        await using var again = await OpenStream.OpenAsync(workspace, $"/api/v1/events/stream?last_event_id={cursor}");

        Assert.Equal([1, 2], (await again.TakeAsync(2)).Select(message => message.Json.GetProperty("payload").GetProperty("n").GetInt32()));
    }

    [Fact]
    public async Task Coming_back_again_and_again_while_events_are_written_misses_none_and_repeats_none()
    {
        const int all = 3_000;
        var workspace = await api.NewWorkspaceAsync();
        await using var start = await OpenStream.OfAsync(workspace);
        await workspace.IngestAsync(Numbered.Event(0));
        var cursor = (await start.NextAsync()).Id;
        var writing = Task.Run(async () =>
        {
            for (var n = 1; n < all; n += 10)
                await workspace.IngestAsync(Numbered.Events(n, Math.Min(10, all - n)));
        });

        var seen = new List<int>();
        var clock = Stopwatch.StartNew();
        while (seen.Count < all - 1)
        {
            Assert.True(clock.Elapsed < Until.Patience, $"Nothing came after {seen.LastOrDefault()}.");
            await using var stream = await OpenStream.OfAsync(workspace, lastEventId: cursor);
            for (var more = Random.Shared.Next(1, 200); more > 0 && seen.Count < all - 1; more--)
            {
                if (await stream.NextUnlessEndedAsync() is not { } message)
                    break;
                Assert.Null(message.Event);
                seen.Add(message.Number);
                cursor = message.Id;
                clock.Restart();
            }
        }

        await writing;
        Assert.Equal(Enumerable.Range(1, all - 1), seen);
    }

    [Fact]
    public async Task A_client_that_was_cut_off_before_the_first_event_misses_none()
    {
        var workspace = await api.NewWorkspaceAsync();
        var stream = await OpenStream.OfAsync(workspace);
        await Until.HoldsAsync(() => stream.LastId is not null, "No id came.");
        await stream.DisposeAsync();
        await workspace.IngestAsync(Numbered.Event(1));

        await using var again = await OpenStream.OfAsync(workspace, lastEventId: stream.LastId);

        Assert.Equal(1, (await again.NextAsync()).Number);
    }

    [Fact]
    public async Task Filters_hold_for_what_was_missed_too()
    {
        var workspace = await api.NewWorkspaceAsync();
        await using var first = await OpenStream.OfAsync(workspace);
        await workspace.IngestAsync(Numbered.Event(0));
        var cursor = (await first.NextAsync()).Id;
        await workspace.IngestAsync(Enumerable.Range(1, 600).Select(n => Numbered.Event(n, n % 100 == 0 ? "rare" : "frequent")));

        await using var stream = await OpenStream.OfAsync(workspace, "?names=rare", cursor);

        Assert.Equal([100, 200, 300, 400, 500, 600], (await stream.TakeAsync(6)).Select(message => message.Number));
    }

    [Fact]
    public async Task The_cursor_moves_past_missed_events_that_are_filtered_out()
    {
        var workspace = await api.NewWorkspaceAsync();
        var cursor = await Cursors.OfAsync(workspace);
        await workspace.IngestAsync(Numbered.Events(1, 600));

        await using var stream = await OpenStream.OfAsync(workspace, "?names=rare", cursor);

        await Cursors.MovesToAsync(stream, 601);
        await workspace.IngestAsync(Numbered.Event(1_000, "rare"));
        Assert.Equal(1_000, (await stream.NextAsync()).Number);
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("12345")]
    [InlineData("%%%")]
    [InlineData("AAAA")]
    [InlineData("0")]
    public async Task A_senseless_cursor_is_reset_and_goes_live(string cursor)
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(Numbered.Event(0));
        await Cursors.ResetsAsync(workspace, cursor);
    }

    [Fact]
    public async Task Another_workspaces_cursor_is_reset()
    {
        var other = await api.NewWorkspaceAsync();
        var workspace = await api.NewWorkspaceAsync();
        await Cursors.ResetsAsync(workspace, await Cursors.OfAsync(other));
    }

    [Fact]
    public async Task A_cursor_from_the_future_is_reset()
    {
        var workspace = await api.NewWorkspaceAsync();
        var cursor = Cursor.Parse(await Cursors.OfAsync(workspace), Track.Events)!;
        cursor[cursor.Workspaces.Single()] += 1;
        await Cursors.ResetsAsync(workspace, cursor.ToString());
    }

    [Fact]
    public async Task A_cursor_reaches_back_100_000_events_and_no_further()
    {
        var (near, cursor) = await BehindAsync(99_999);
        await using (var stream = await OpenStream.OfAsync(near, lastEventId: cursor))
            Assert.Equal(7, (await stream.NextAsync()).Number);

        var (far, late) = await BehindAsync(100_000);
        await Cursors.ResetsAsync(far, late);
    }

    /// <summary>A cursor, and an event after it; as if so many more had been written: the last commit says that it holds them all.</summary>
    async Task<(WorkspaceClient Workspace, string Cursor)> BehindAsync(int more)
    {
        var workspace = await api.NewWorkspaceAsync();
        var cursor = await Cursors.OfAsync(workspace);
        // A stream that has just closed may still be read for, and would see that commits are missing.
        var (feed, key) = (api.Services.GetRequiredService<EventFeed>(), await RandomLife.KeyOfAsync(workspace));
        await Until.HoldsAsync(() => !feed.LiveWorkspaces.Contains(key), "The stream does not close.");
        await workspace.IngestAsync(Numbered.Event(7));
        await ChangeAsync(workspace, $"update workspace_seq set seq = seq + {more} where workspace_id = $1");
        return (workspace, cursor);
    }

    async Task ChangeAsync(WorkspaceClient workspace, string sql)
    {
        await using var command = api.Store.CreateCommand(
            sql.Replace("$1", "(select workspace_id from workspaces where id = $1)", StringComparison.Ordinal));
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = workspace.Id });
        await command.ExecuteNonQueryAsync();
    }
}
