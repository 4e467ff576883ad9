using Analytics.Feed;

namespace Analytics.Tests.Features.Streams;

/// <summary>Where streams are, and whether they go on from there.</summary>
public static class Cursors
{
    /// <summary>Right after the workspace's newest event, which is made for it.</summary>
    public static async Task<string> OfAsync(WorkspaceClient workspace)
    {
        await using var stream = await OpenStream.OfAsync(workspace);
        await workspace.IngestAsync(Numbered.Event(0));
        return (await stream.NextAsync()).Id!;
    }

    /// <summary>Returns when the stream of one workspace is there without having sent anything.</summary>
    public static async Task MovesToAsync(OpenStream stream, long sequence)
    {
        await Until.HoldsAsync(() => PositionOf(stream) == sequence, $"The cursor does not move to {sequence}.");
        Assert.Empty(stream.TakeAll());
    }

    /// <summary>The cursor is refused with a reset, and the stream goes live.</summary>
    public static async Task ResetsAsync(WorkspaceClient workspace, string cursor)
    {
        await using var stream = await OpenStream.OfAsync(workspace, "?last_event_id=" + Uri.EscapeDataString(cursor));
        var reset = await stream.NextAsync();
        Assert.Equal("reset", reset.Event);
        await workspace.IngestAsync(Numbered.Event(42));
        var live = await stream.NextAsync();
        Assert.Null(live.Event);
        Assert.Equal(42, live.Number);
        await using var afterReset = await OpenStream.OfAsync(workspace, lastEventId: reset.Id);
        Assert.Equal(42, (await afterReset.NextAsync()).Number);
    }

    static long? PositionOf(OpenStream stream) =>
        stream.LastId is { } id && Cursor.Parse(id, Track.Events) is { Count: 1 } cursor ? cursor[cursor.Workspaces.Single()] : null;
}
