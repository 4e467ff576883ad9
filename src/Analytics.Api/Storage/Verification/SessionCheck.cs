using Analytics.Storage.Business;

namespace Analytics.Storage.Verification;

/// <summary>
/// Do sessions of MCP servers begin and end when their own rows say so, and were the events sent that these point to, naming them? That no
/// earlier one was is checked where raw events are counted.
/// </summary>
sealed class SessionCheck(StoreSnapshot snapshot, DifferenceLog log)
{
    static readonly string RowsSql = $"""
        select {SessionRow.Columns},
            (
                select hash
                from texts
                where workspace_id = $1
                  and kind = {(short)TextKind.Session}
                  and number = s.session)
        from mcp_sessions s
        where s.workspace_id = $1
          and s.session > $2
        order by s.session
        limit $3
        """;

    // Lateral and by whole keys, as wherever single events are looked for.
    const string EventsSql = """
        select e.id, e.type, e.portal, e.metadata->>'session_id'
        from unnest($2, $3) as wanted (at, name)
        cross join lateral (
            select *
            from events
            where workspace_id = $1
              and timestamp = wanted.at
              and id = wanted.name
            offset 0
        ) e
        """;

    /// <summary>The next sessions in the order of their numbers; gives the last one's, or null after the end.</summary>
    public async Task<int?> RowsAsync(int after, int most, CancellationToken cancel)
    {
        var rows = await snapshot.ReadAsync(
            RowsSql, [after, most],
            row => (Session: SessionRow.Read(row), Hash: row.GetFieldValue<Guid?>(SessionRow.Width)), cancel);
        var events = await EventsAsync(rows.SelectMany(row => row.Session.Points).Select(point => point.Id), cancel);
        foreach (var (session, hash) in rows)
        {
            var (begin, end) = session.Span;
            log.Compare(SessionRow.Table, session.Words, "begin_at", session.BeginAt, begin);
            log.Compare(SessionRow.Table, session.Words, "end_at", session.EndAt, end);
            foreach (var (what, id) in session.Points)
                if (!snapshot.IsSealed(id) && !(events.TryGetValue(id, out var e) && e.Hash == hash && IsOne(e.Name, what)))
                    log.Add(SessionRow.Table, session.Words, what, id, null);
        }

        return rows.Count < most ? null : rows[^1].Session.Number;
    }

    static bool IsOne(string name, string what) => what switch
    {
        "started" => name == "mcp.session_started",
        "ends" => name == "mcp.session_ended",
        "named" => name is not ("mcp.session_started" or "mcp.session_ended") && IsOfMcp(name),
        _ => IsOfMcp(name),
    };

    static bool IsOfMcp(string name) => name.StartsWith("mcp.", StringComparison.Ordinal);

    async Task<Dictionary<Guid, (string Name, Guid? Hash)>> EventsAsync(IEnumerable<Guid> ids, CancellationToken cancel)
    {
        var wanted = ids.Where(id => EventId.TimeOf(id) is not null).Distinct().ToArray();
        var found = await snapshot.ReadAsync(
            EventsSql, [wanted.Select(id => EventId.TimeOf(id)!.Value).ToArray(), wanted],
            row => (
                Id: row.GetGuid(0), Said: (snapshot.TypeName(row.GetInt32(1)), HashOf(row.GetFieldValue<Guid?>(2), RawEvent.Text(row, 3)))),
            cancel);
        return found.ToDictionary(e => e.Id, e => e.Said);
    }

    Guid? HashOf(Guid? portal, string? id) =>
        id is null ? null : HashedId.Of(snapshot.Counters.HashKey, KeyKind.Session, portal, id).ToUuid();
}
