using Analytics.Storage;
using Npgsql;

namespace Analytics.Features.Erasure;

/// <summary>What came while an erasure goes on, as far as it was looked at.</summary>
/// <param name="Last">The number of the last event that was.</param>
/// <param name="Found">How many events had to be looked at as the person's.</param>
/// <param name="IsWhole">False where it is not known any more which events came.</param>
sealed record SeenEvents(long Last, int Found, bool IsWhole)
{
    /// <summary>Whether nothing came since. Under the workspace's lock nothing will, until the transaction ends.</summary>
    public async Task<bool> IsAllAsync(NpgsqlConnection connection, int workspace, CancellationToken cancel) =>
        await connection.ScalarAsync<long>("select seq from workspace_seq where workspace_id = $1", [workspace], cancel) == Last;
}

/// <summary>Looks at events that are committed while an erasure goes on, wherever in time they are: no cursor would meet them.</summary>
sealed class NewEvents(NpgsqlConnection connection, int workspace, ErasedEvents events)
{
    const int LookedThroughAtOnce = 5_000;
    const int CommitsAtOnce = 50;

    // The order says by which index: the one that holds commits of events only.
    const string CommitsSql = """
        select first_seq, last_seq, ids
        from commits
        where workspace_id = $1
          and last_seq > $2
          and last_seq is not null
        order by last_seq
        limit $3
        """;

    const string LastSql = "select seq from workspace_seq where workspace_id = $1";

    /// <summary>The next of them; null where the workspace is gone.</summary>
    public async Task<SeenEvents?> StepAsync(long seen, CancellationToken cancel)
    {
        var last = await connection.ScalarAsync<long>(LastSql, [workspace], cancel);
        if (last <= seen)
            return new(seen, 0, true);
        var (reached, ids) = (seen, new List<Guid>());
        await connection.EachAsync(CommitsSql, [workspace, seen, CommitsAtOnce], row =>
        {
            if (ids.Count >= LookedThroughAtOnce || row.GetInt64(0) > reached + 1)
                return;
            ids.AddRange(row.GetFieldValue<Guid[]>(2));
            reached = row.GetInt64(1);
        }, cancel);
        // Commits are let go after a while: whoever missed some has to go through everything again.
        if (ids.Count == 0)
            return new(last, 0, false);
        return await events.ScrubNewAsync([.. ids], cancel) is { } step ? new(reached, step.Found, true) : null;
    }
}
