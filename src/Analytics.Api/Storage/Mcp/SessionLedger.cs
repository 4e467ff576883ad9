using System.Collections.Immutable;
using Analytics.Storage.Facts;
using Npgsql;
using NpgsqlTypes;

namespace Analytics.Storage.Mcp;

/// <summary>
/// Books what a group's events mean for MCP sessions, in whatever order they come: what is known of each is changed, and the difference
/// between what it counted for before and counts for now is added to the facts. Runs under the workspace's lock.
/// </summary>
sealed class SessionLedger(NpgsqlConnection connection, int workspace)
{
    // Lateral and by whole keys, as everywhere under the lock: no plan may scan. The order says by which index; see docs/decisions/0014.
    const string FindSql = """
        select wanted.session, s.started, s.named, s.ends, s.heard
        from unnest($2) as wanted (session)
        cross join lateral (
            select started, named, ends, heard
            from mcp_sessions
            where workspace_id = $1
              and session between wanted.session and wanted.session
            order by session
            limit 1
        ) s
        """;

    const string SaveSql = """
        insert into mcp_sessions (workspace_id, session, started, named, ends, heard, begin_at, end_at)
        select $1, changed.*
        from unnest($2, $3, $4, $5, $6, $7, $8) as changed
        on conflict (workspace_id, session) do update
        set started = excluded.started, named = excluded.named, ends = excluded.ends, heard = excluded.heard,
            begin_at = excluded.begin_at, end_at = excluded.end_at
        """;

    const int IdBytes = 16;

    /// <summary>Adds what changes to <paramref name="facts"/>; gives the statement that saves it.</summary>
    public async Task<NpgsqlBatchCommand?> BookAsync(
        IReadOnlyCollection<(int Session, McpEventKind Kind, Guid Id)> events, CommitFacts facts, CancellationToken cancel)
    {
        if (events.Count == 0)
            return null;
        var bySession = events.ToLookup(e => e.Session);
        var known = new Dictionary<int, McpSession>();
        await connection.EachAsync(
            FindSql, [workspace, bySession.Select(session => session.Key).ToArray()],
            row => known.Add(row.GetInt32(0), Read(row)), cancel);
        var changed = new List<McpSession>();
        foreach (var session in bySession)
        {
            var before = known.GetValueOrDefault(session.Key) ?? McpSession.Unknown(session.Key);
            var now = session.Aggregate(before, (state, e) => state.With(e.Kind, e.Id));
            before.AddTo(facts, -1);
            now.AddTo(facts, 1);
            changed.Add(now);
        }

        return Save(changed);
    }

    NpgsqlBatchCommand Save(List<McpSession> sessions) => Sql.Statement(SaveSql,
    [
        workspace, Column(sessions, s => s.Number), Column(sessions, s => s.Started), Column(sessions, s => s.Named),
        Column(sessions, s => Packed(s.Ends)), Column(sessions, s => s.Heard), Column(sessions, s => Sql.TimeOf(s.BeginAt)),
        SqlValue.Column(sessions.Select(s => s.EndAt is { } end ? Sql.TimeOf(end) : (DateTime?)null).ToArray(), NpgsqlDbType.TimestampTz),
    ]);

    static McpSession Read(NpgsqlDataReader row) => new(
        row.GetInt32(0), row.GetFieldValue<Guid?>(1), row.GetFieldValue<Guid?>(2), Unpacked(row.GetFieldValue<byte[]>(3)),
        row.GetGuid(4));

    static byte[] Packed(ImmutableArray<Guid> ids)
    {
        var bytes = new byte[ids.Length * IdBytes];
        foreach (var (at, id) in ids.Index())
            id.TryWriteBytes(bytes.AsSpan(at * IdBytes), bigEndian: true, out _);
        return bytes;
    }

    static ImmutableArray<Guid> Unpacked(byte[] bytes) =>
        [.. Enumerable.Range(0, bytes.Length / IdBytes).Select(at => new Guid(bytes.AsSpan(at * IdBytes, IdBytes), bigEndian: true))];

    static SqlValue Column<T>(List<McpSession> sessions, Func<McpSession, T> value) => SqlValue.Of(sessions.Select(value).ToArray());
}
