using Analytics.Feed;

namespace Analytics.Features.Streams;

/// <summary>Where a stream starts.</summary>
/// <param name="Cursor">Every workspace of the stream, and the fact after which it starts.</param>
/// <param name="IsReset">Whether the client's cursor could not be used: it missed facts it will not get.</param>
sealed record StreamStart(Cursor Cursor, bool IsReset)
{
    /// <summary>
    /// Goes on from the cursor when what came after it is still there in every workspace. Workspaces the cursor does not know are new to
    /// the subscriber; those that only the cursor knows are ignored.
    /// </summary>
    public static async Task<StreamStart> FindAsync(
        LiveStreams streams, Track track, IReadOnlyCollection<int> workspaces, string? lastId, CursorSeal? seal, CancellationToken cancel)
    {
        var asked = lastId is null ? null : Cursor.Parse(lastId, track, seal);
        var points = await ResumePoint.ReadAsync(
            streams.Store, track, [.. workspaces.Select(workspace => (workspace, asked?[workspace]))], streams.Clock.GetUtcNow(), cancel);
        // A cursor of other workspaces only is none of this stream's.
        var isKnown = asked is not null && (workspaces.Count == 0 || workspaces.Any(workspace => asked[workspace] is not null));
        var goesOn = isKnown && workspaces.All(
            workspace => asked![workspace] is null || (points.TryGetValue(workspace, out var point) && point.CanResume));
        var from = new Cursor(track, seal);
        foreach (var workspace in workspaces)
            from[workspace] = (goesOn ? asked![workspace] : null) ?? points.GetValueOrDefault(workspace).Now;
        return new StreamStart(from, IsReset: lastId is not null && !goesOn);
    }
}
