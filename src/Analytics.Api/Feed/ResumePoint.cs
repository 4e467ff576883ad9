using Analytics.Storage;

namespace Analytics.Feed;

/// <summary>Where a workspace is, and whether a reader can go on from where it was.</summary>
/// <param name="Now">Its last number in the track.</param>
/// <param name="CanResume">Whether everything after the asked position is still kept for replay.</param>
readonly record struct ResumePoint(long Now, bool CanResume)
{
    /// <summary>The most facts of its track a reader may be behind.</summary>
    public const int MaxBehind = 100_000;

    /// <summary>How long what a reader missed first may be ago.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    static string Sql(Track track) => $"""
        select now.workspace_id, now.{track.Now}, asked.position, missed.{track.First}, missed.committed_at
        from unnest($1::int[], $2::bigint[]) as asked (workspace_id, position)
        join workspace_seq now on now.workspace_id = asked.workspace_id
        left join lateral (
            select {track.First}, committed_at
            from commits
            where workspace_id = now.workspace_id
              and {track.Last} > asked.position
            order by {track.Last}
            limit 1
        ) missed on true
        """;

    /// <summary>Looks at each workspace, with the position a reader has in it or null. One that is gone is not in the answer.</summary>
    public static async Task<Dictionary<int, ResumePoint>> ReadAsync(
        FeedStore store, Track track, IReadOnlyCollection<(int Workspace, long? Position)> readers, DateTimeOffset now,
        CancellationToken cancel)
    {
        var workspaces = readers.Select(reader => reader.Workspace).ToArray();
        var positions = readers.Select(reader => reader.Position ?? long.MaxValue).ToArray();
        var found = new Dictionary<int, ResumePoint>();
        await store.Source.EachAsync(Sql(track), [workspaces, positions], row =>
        {
            var (last, position) = (row.GetInt64(1), row.GetInt64(2));
            var canResume = position == last
                || (position < last && last - position <= MaxBehind && !row.IsDBNull(3)
                    && row.GetInt64(3) <= position + 1 && row.GetDateTime(4) >= (now - Longest).UtcDateTime);
            found[row.GetInt32(0)] = new ResumePoint(last, canResume);
        }, cancel);
        return found;
    }
}
