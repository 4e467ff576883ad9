using System.Text.Json;
using Analytics.Storage.Business;
using Analytics.Storage.Cells;
using Analytics.Storage.Facts;
using Analytics.Storage.Mcp;

namespace Analytics.Storage.Verification;

/// <summary>
/// What raw events say of MCP servers and what they count for; and whether what is known of the sessions that they name was said by them
/// or by others that count before.
/// </summary>
sealed class McpReading(StoreSnapshot snapshot, DifferenceLog log)
{
    // Lateral and by whole keys; see docs/decisions/0014.
    const string TextsSql = """
        select wanted.hash, t.number, t.text, t.since
        from (select distinct one from unnest($3) as asked (one)) wanted (hash)
        cross join lateral (
            select number, text, since
            from texts
            where workspace_id = $1
              and kind = $2
              and hash between wanted.hash and wanted.hash
            order by hash
            offset 0
        ) t
        """;

    const string SessionsSql = $"""
        select {SessionRow.Columns}
        from (select distinct one from unnest($2) as asked (one)) wanted
        cross join lateral (
            select *
            from mcp_sessions
            where workspace_id = $1
              and session between wanted.one and wanted.one
            order by session
            offset 0
        ) s
        """;

    const string BeginsSql = """
        select begin_at, end_at
        from mcp_sessions
        where workspace_id = $1
          and begin_at >= $2
          and begin_at < $3
        order by begin_at
        """;

    static readonly RawNumbers Numbers = new(new Dictionary<short, string> { [1] = "duration_ms", [2] = "revenue_cents" });

    sealed record Said(RawEvent Event, string Name, string? Tool, string? Server, string? Agent, Guid? Session, bool IsError);

    /// <summary>Counts the invocations among some events, and looks whether the sessions know of all of them.</summary>
    public async Task CountAsync(IEnumerable<RawEvent> events, Action<Entry> add, CancellationToken cancel)
    {
        var said = events.Where(e => snapshot.TypeName(e.Type).StartsWith("mcp.", StringComparison.Ordinal)).Select(Read).ToList();
        if (said.Count == 0)
            return;
        var sessions = await NumbersAsync(TextKind.Session, said.Select(e => e.Session).OfType<Guid>(), _ => null, cancel);
        var invoked = said.Where(e => e.Name == "mcp.tool_invoked").ToList();
        var tools = await TextsAsync(TextKind.Tool, invoked.Select(ToolOf), "[\"__other__\",null]", cancel);
        var agents = await TextsAsync(TextKind.Agent, invoked.Select(e => e.Agent ?? ""), "__other__", cancel);
        foreach (var e in invoked)
            Count(
                e, tools(e, ToolOf(e)), agents(e, e.Agent ?? ""),
                e.Session is { } session ? sessions.GetValueOrDefault(session).Number : 0, add);
        await CompareAsync(said, sessions, cancel);
    }

    /// <summary>Counts the sessions that begin in [from, to).</summary>
    // That the columns say what they should is checked session by session.
    public Task SessionsAsync(long from, long to, Action<Entry> add, CancellationToken cancel) =>
        snapshot.EachAsync(BeginsSql, [Sql.TimeOf(from), Sql.TimeOf(to)], row =>
        {
            var (begin, end) = (row.Microseconds(0), row.IsDBNull(1) ? (long?)null : row.Microseconds(1));
            add(new Entry(McpFacts.OfSessions, KeyOf(begin, 0, 0), (McpFacts.Sessions, 1), (McpFacts.Ended, end is null ? 0 : 1))
            {
                Values = new Dictionary<short, Int128> { [McpFacts.Duration] = (Int128)((end ?? begin) - begin) * 1_000_000 },
            });
        }, cancel);

    Said Read(RawEvent e)
    {
        using var document = e.Metadata is null ? null : JsonDocument.Parse(e.Metadata);
        string? Text(string member) => document?.RootElement.TryGetProperty(member, out var value) == true
            && value.ValueKind == JsonValueKind.String && value.GetString() is var text and not "" ? text : null;
        Guid? session = Text("session_id") is { } id
            ? HashedId.Of(snapshot.Counters.HashKey, KeyKind.Session, e.Portal, id).ToUuid()
            : null;
        return new Said(
            e, snapshot.TypeName(e.Type), Text("tool"), Text("server"), Text("agent"), session, Text("status") == "error");
    }

    static string ToolOf(Said e) => e.Tool is null && e.Server is null ? "" : JsonSerializer.Serialize(new[] { e.Tool, e.Server });

    void Count(Said e, int tool, int agent, int session, Action<Entry> add)
    {
        var (time, numbers) = (e.Event.Timestamp, Numbers.Of(e.Event.Metadata));
        Int128? duration = numbers.TryGetValue(1, out var milliseconds) && milliseconds >= 0 ? milliseconds : null;
        var revenue = numbers.GetValueOrDefault<short, Int128>(2);
        add(new Entry(
            McpFacts.OfTools, KeyOf(time, 0, tool), (McpFacts.Invocations, 1), (McpFacts.Errors, e.IsError ? 1 : 0),
            (McpFacts.Revenue, revenue), (McpFacts.Timed, duration is null ? 0 : 1))
        {
            Values = new Dictionary<short, Int128> { [McpFacts.Duration] = duration ?? 0 },
        });
        add(new Entry(McpFacts.OfAgents, KeyOf(time, agent, session), (McpFacts.Invocations, 1), (McpFacts.Revenue, revenue)));
    }

    async Task CompareAsync(List<Said> said, Dictionary<Guid, (int Number, long Since)> numbers, CancellationToken cancel)
    {
        var asked = numbers.Values.Select(given => given.Number).ToArray();
        var rows = (await snapshot.ReadAsync(SessionsSql, [asked], SessionRow.Read, cancel))
            .ToDictionary(row => row.Number);
        foreach (var e in said)
            if (e.Session is { } session && rows.TryGetValue(numbers.GetValueOrDefault(session).Number, out var row))
                row.CompareWith(e.Event.Id, e.Name, log);
            else if (e.Session is not null)
                log.Add(SessionRow.Table, $"session of event {e.Event.Id}", "row", null, "a session");
    }

    // Those without a number are those that there was no room for, up to the event that got them one.
    async Task<Func<Said, string, int>> TextsAsync(TextKind kind, IEnumerable<string> texts, string other, CancellationToken cancel)
    {
        var hashes = texts.Where(text => text.Length > 0).Append(other).Distinct()
            .ToDictionary(text => snapshot.Counters.HashOf(text, KeyKind.Text));
        var numbers = await NumbersAsync(kind, hashes.Keys, hash => hashes[hash], cancel);
        var given = numbers.ToDictionary(one => hashes[one.Key], one => one.Value);
        return (said, text) => text.Length == 0 ? 0
            : given.TryGetValue(text, out var own) && own.Since < said.Event.Sequence ? own.Number
            : given.GetValueOrDefault(other).Number;
    }

    async Task<Dictionary<Guid, (int Number, long Since)>> NumbersAsync(
        TextKind kind, IEnumerable<Guid> hashes, Func<Guid, string?> textOf, CancellationToken cancel)
    {
        var numbers = new Dictionary<Guid, (int Number, long Since)>();
        await snapshot.EachAsync(TextsSql, [(short)kind, hashes.ToArray()], row =>
        {
            var (hash, number) = (row.GetGuid(0), row.GetInt32(1));
            numbers.Add(hash, (number, row.GetInt64(3)));
            log.Compare("texts", $"{kind} {number}", "text", RawEvent.Text(row, 2), textOf(hash));
        }, cancel);
        return numbers;
    }

    FactKey KeyOf(long time, int first, int second) => new(first, snapshot.Calendar.SlotOf(Grain.QuarterHour, time), second);
}
