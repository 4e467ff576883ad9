using Analytics.Sketches;
using Analytics.Storage.Business;
using Analytics.Storage.Facts;
using Npgsql;

namespace Analytics.Storage.Mcp;

/// <summary>Counts raw invocations of tools anew, and sessions from what is known of them.</summary>
sealed class McpRecount(RawCount count)
{
    const int EventsAtOnce = 20_000;

    const string TypesSql = "select type from event_types where workspace_id = $1 and name = 'mcp.tool_invoked'";

    const string InvocationsSql = """
        select e.timestamp, e.id, e.portal, e.metadata::text, e.seq
        from events e
        where e.workspace_id = $1
          and e.timestamp >= $2
          and (e.timestamp, e.id) > ($2, $4)
          and e.timestamp < $3
          and e.type = $5
        order by e.timestamp, e.id
        limit $6
        """;

    // Facts are not read: an event that names a session may be gone.
    const string SessionsSql = """
        select begin_at, end_at
        from mcp_sessions
        where workspace_id = $1
          and begin_at >= $2
          and begin_at < $3
        order by begin_at
        """;

    readonly ByteWriter packed = new();

    /// <summary>Whether the section is one of those that it counts.</summary>
    public static bool Counts(Section section) =>
        section == McpFacts.OfTools || section == McpFacts.OfAgents || section == McpFacts.OfSessions;

    public async Task RunAsync(CancellationToken cancel)
    {
        if (count.Only != McpFacts.OfSessions)
            await InvocationsAsync(cancel);
        if (count.Only is null || count.Only == McpFacts.OfSessions)
            await SessionsAsync(cancel);
    }

    async Task InvocationsAsync(CancellationToken cancel)
    {
        if (await count.Reading.ScalarAsync<int>(TypesSql, [count.Workspace], cancel) is not (not 0 and var type))
            return;
        var hashKey = await KeyHash.KeyOfAsync(count.Reading, count.Workspace, cancel);
        var invocations = new InvocationCount();
        var (from, after, read) = (count.FromTime, Guid.Empty, EventsAtOnce);
        while (read == EventsAtOnce)
        {
            read = 0;
            invocations.Clear();
            await count.Reading.EachForAsLongAsItTakesAsync(
                InvocationsSql, [count.Workspace, from, count.ToTime, after, type, EventsAtOnce], row =>
                {
                    read++;
                    (from, after) = (row.GetDateTime(0), row.GetGuid(1));
                    Add(invocations, row, hashKey);
                }, cancel);
            await GiveAsync(invocations, hashKey, cancel);
        }
    }

    static void Add(InvocationCount invocations, NpgsqlDataReader row, byte[] hashKey)
    {
        var says = McpEvent.Of(row.Bytes(3));
        UInt128? session = says.SessionId is { } id
            ? HashedId.Of(hashKey, KeyKind.Session, row.GetFieldValue<Guid?>(2), id)
            : null;
        invocations.Add(row.GetInt64(4), row.Microseconds(0), says, session, isPortals: false);
    }

    // The numbers were given when the events were written.
    async Task GiveAsync(InvocationCount invocations, byte[] hashKey, CancellationToken cancel)
    {
        var texts = new TextNumbers(count.Reading, count.Workspace, hashKey, new KnownTexts());
        await texts.LearnAsync(TextKind.Tool, invocations.Tools.Select(HashOf), cancel);
        await texts.LearnAsync(TextKind.Agent, invocations.Agents.Select(HashOf), cancel);
        await texts.LearnAsync(TextKind.Session, invocations.Sessions, cancel);
        foreach (var (section, facts, data) in invocations.Pack(texts, packed))
            if (facts > 0)
                await count.Add(section, data);

        UInt128 HashOf((ReadOnlyMemory<byte> Text, bool) named) => TextNumbers.HashOf(hashKey, named.Text.Span);
    }

    async Task SessionsAsync(CancellationToken cancel)
    {
        var sessions = new CommitFacts(McpFacts.OfSessions);
        await count.EachAsync(
            SessionsSql,
            row => McpSession.Add(sessions, row.Microseconds(0), row.IsDBNull(1) ? null : row.Microseconds(1), 1),
            async () =>
            {
                var data = sessions.Pack(packed, out var facts);
                sessions.Clear();
                if (facts > 0)
                    await count.Add(McpFacts.OfSessions, data);
            }, cancel);
    }
}
