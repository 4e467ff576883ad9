using Analytics.Storage.Facts;
using Npgsql;

namespace Analytics.Storage.Writing;

/// <summary>The row of <c>commits</c> that a commit leaves for streams, which would otherwise need an index over all events.</summary>
static class CommitRow
{
    public static NpgsqlBatchCommand Add(WorkspaceCounters counters, List<NewEvent> events, DateTime now) => Sql.Statement("""
        insert into commits (workspace_id, first_seq, last_seq, committed_at, ids)
        values ($1, $2, $3, $4, $5)
        """, [counters.Workspace, events[0].Sequence, counters.Sequence, now, events.Select(e => e.Id).ToArray()]);
}
