namespace Analytics.Tests.Features.Streams;

/// <summary>What a stream promises in seconds and hours, by a clock that moves only when the test says so.</summary>
[Collection<Timed>]
public sealed class StreamTimesTests(TimedApi timed)
{
    static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    [Fact]
    public async Task A_sign_of_life_comes_every_15_seconds()
    {
        var workspace = await timed.Api.NewWorkspaceAsync();
        await using var stream = await OpenStream.OfAsync(workspace);
        timed.Clock.Advance(TimeSpan.FromSeconds(7));
        await using var later = await OpenStream.OfAsync(workspace);

        for (var signs = 1; signs <= 3; signs++)
        {
            await PassAsync(8, stream, signs);
            await PassAsync(7, later, signs);
        }

        // A sign comes when so many seconds have gone by, and none sooner: what is sent a moment before is not after it.
        async Task PassAsync(int seconds, OpenStream next, int signs)
        {
            timed.Clock.Advance(TimeSpan.FromSeconds(seconds) - Moment);
            for (var n = 0; n < 2; n++)
            {
                await workspace.IngestAsync(Numbered.Event(n));
                Assert.Equal(n, (await stream.NextAsync()).Number);
                Assert.Equal(n, (await later.NextAsync()).Number);
            }

            Assert.Equal(signs - 1, next.Pings);
            timed.Clock.Advance(Moment);
            await Until.HoldsAsync(() => next.Pings == signs, "No sign of life came.");
        }
    }

    [Fact]
    public async Task An_event_is_there_within_a_second_of_the_answer()
    {
        var workspace = await timed.Api.NewWorkspaceAsync();
        await using var stream = await OpenStream.OfAsync(workspace);
        var quickest = TimeSpan.MaxValue;
        for (var n = 0; n < 5; n++)
        {
            // Not a moment goes by on the service's clock, which no busy machine makes longer: nothing waits before the event is sent.
            await workspace.IngestAsync(Numbered.Event(n));
            var answered = TimeProvider.System.GetTimestamp();
            Assert.Equal(n, (await stream.NextAsync()).Number);
            quickest = TimeSpan.FromTicks(Math.Min(quickest.Ticks, TimeProvider.System.GetElapsedTime(answered).Ticks));
        }

        // In real time the quickest counts, which a busy machine hardly makes slower.
        Assert.InRange(quickest, TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_token_opens_streams_for_60_seconds()
    {
        var workspace = await timed.Api.NewWorkspaceAsync();
        var made = await workspace.PostAsync("/api/stream/tokens", null, 201);
        var path = $"/api/stream/workspaces/{workspace.Id}?access_token={made.GetProperty("token").GetString()}";
        Assert.Equal(timed.Now.AddSeconds(60), made.GetProperty("expires_at").GetDateTimeOffset());

        timed.Clock.Advance(TimeSpan.FromSeconds(60) - Moment);
        await using var stream = await OpenStream.OpenAsync(timed.Api.Anonymous, path);
        timed.Clock.Advance(Moment);
        await timed.Api.Anonymous.GetAsync(path, 401);

        timed.Clock.Advance(TimeSpan.FromHours(1));
        await workspace.IngestAsync(Numbered.Event(1));
        Assert.Equal(1, (await stream.NextAsync()).Number);
    }

    [Fact]
    public async Task The_cursor_moves_past_live_events_that_are_filtered_out()
    {
        var workspace = await timed.Api.NewWorkspaceAsync();
        await using var filtered = await OpenStream.OfAsync(workspace, "?names=rare");
        await using var witness = await OpenStream.OfAsync(workspace);
        await workspace.IngestAsync(Numbered.Event(0, "rare"));
        Assert.Equal(0, (await filtered.NextAsync()).Number);
        await workspace.IngestAsync(Numbered.Events(1, 600));
        await timed.Clock.RunAsync(witness.TakeAsync(601));

        timed.Clock.Advance(TimeSpan.FromSeconds(15));
        await Cursors.MovesToAsync(filtered, 601);
        await workspace.IngestAsync(Numbered.Event(1_000, "rare"));
        Assert.Equal(1_000, (await filtered.NextAsync()).Number);
        await using var again = await OpenStream.OfAsync(workspace, "?names=rare", filtered.LastId);
        await workspace.IngestAsync(Numbered.Event(1_001, "rare"));
        Assert.Equal(1_001, (await again.NextAsync()).Number);
    }

    [Fact]
    public async Task A_cursor_is_good_while_what_came_next_is_not_older_than_a_day()
    {
        var workspace = await timed.Api.NewWorkspaceAsync();
        var cursor = await Cursors.OfAsync(workspace);
        await workspace.IngestAsync(Numbered.Event(7));

        timed.Clock.Advance(TimeSpan.FromHours(24));
        await using (var stream = await OpenStream.OfAsync(workspace, lastEventId: cursor))
            Assert.Equal(7, (await stream.NextAsync()).Number);

        timed.Clock.Advance(Moment);
        await Cursors.ResetsAsync(workspace, cursor);
    }
}
