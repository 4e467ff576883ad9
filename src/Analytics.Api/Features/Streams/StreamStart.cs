using Analytics.Feed;

namespace Analytics.Features.Streams;

/// <summary>Where a stream starts.</summary>
/// <param name="Positions">Every workspace of the stream, and the event after which it starts.</param>
/// <param name="IsReset">Whether the client's cursor could not be used: it missed events it will not get.</param>
public sealed record StreamStart(Positions Positions, bool IsReset)
{
    /// <summary>
    /// Goes on from the cursor when what came after it is still there in every workspace. Workspaces the cursor does not know are new to
    /// the reader; the cursor's others are none of the reader's any more.
    /// </summary>
    public static async Task<StreamStart> FindAsync(
        LiveStreams streams, IReadOnlyCollection<int> workspaces, string? cursor, CancellationToken cancel)
    {
        var asked = cursor is null ? null : Positions.Parse(cursor);
        var standings = await Standing.ReadAsync(
            streams.Store, [.. workspaces.Select(workspace => (workspace, asked?[workspace]))], streams.Clock.GetUtcNow(), cancel);
        // A cursor of other workspaces only is none of this stream's.
        var isKnown = asked is not null && (workspaces.Count == 0 || workspaces.Any(workspace => asked[workspace] is not null));
        var goesOn = isKnown && workspaces.All(
            workspace => asked![workspace] is null || (standings.TryGetValue(workspace, out var standing) && standing.CanResume));
        var positions = new Positions();
        foreach (var workspace in workspaces)
            positions[workspace] = (goesOn ? asked![workspace] : null) ?? standings.GetValueOrDefault(workspace).Now;
        return new StreamStart(positions, IsReset: cursor is not null && !goesOn);
    }
}
