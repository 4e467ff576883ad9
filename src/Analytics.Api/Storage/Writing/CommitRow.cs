using Analytics.Storage.Facts;
using Npgsql;

namespace Analytics.Storage.Writing;

/// <summary>The kinds of facts that streams tell, as <c>commits</c> has them.</summary>
enum StreamedKind : short
{
    Event = 0,
    Audit = 1,
    Request = 2,
}

/// <summary>The row of <c>commits</c> that a commit leaves for streams, which would otherwise need an index over all facts.</summary>
static class CommitRow
{
    const string AddSql = """
        insert into commits (workspace_id, first_log, last_log, first_seq, last_seq, committed_at, kind, ids)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        """;

    /// <summary>Events, which have their sequence, take their numbers in the log.</summary>
    public static NpgsqlBatchCommand Add(WorkspaceCounters counters, List<NewEvent> events, DateTime now) =>
        Add(counters, StreamedKind.Event, events, events[0].Sequence, counters.Sequence, now);

    /// <summary>Facts of another kind take their numbers in the log.</summary>
    public static NpgsqlBatchCommand Add(WorkspaceCounters counters, StreamedKind kind, IReadOnlyList<NewFact> facts, DateTime now) =>
        Add(counters, kind, facts, null, null, now);

    static NpgsqlBatchCommand Add(
        WorkspaceCounters counters, StreamedKind kind, IReadOnlyList<NewFact> facts, long? first, long? last, DateTime now)
    {
        var before = counters.Log;
        counters.Log += facts.Count;
        return Sql.Statement(AddSql,
        [
            counters.Workspace, before + 1, counters.Log, SqlValue.Of(first), SqlValue.Of(last), now, (short)kind,
            facts.Select(fact => fact.Id).ToArray(),
        ]);
    }
}
