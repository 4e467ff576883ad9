using Analytics.Sketches;
using Analytics.Storage.Business;
using Analytics.Storage.Facts;
using Analytics.Storage.Writing;

namespace Analytics.Storage.Mcp;

/// <summary>What a commit's events say of MCP servers, on its way to the store. Used for one workspace at a time.</summary>
sealed class McpCommit
{
    readonly InvocationCount invocations = new();
    readonly CommitFacts sessions = new(McpFacts.OfSessions);
    readonly List<(UInt128 Session, McpEventKind Kind, Guid Id)> named = [];

    /// <summary>Under the lock: gives what the events name its numbers, and books the sessions.</summary>
    public async Task<IReadOnlyList<PackedDelta>> BookAsync(
        List<NewEvent> events, WorkspaceWrite write, TextNumbers texts, ByteWriter writer, CancellationToken cancel)
    {
        if (!Note(events, write.Workspace.HashKey))
            return [];
        await texts.AssignAsync(TextKind.Tool, invocations.Tools, cancel);
        await texts.AssignAsync(TextKind.Agent, invocations.Agents, cancel);
        await texts.AssignAsync(TextKind.Session, named.Select(e => e.Session), cancel);
        var ledger = new SessionLedger(write.Connection, write.Workspace.Key);
        var booked = named.Select(e => (texts.Of(TextKind.Session, e.Session), e.Kind, e.Id)).ToList();
        if (await ledger.BookAsync(booked, sessions, cancel) is { } saving)
            write.Save(saving);
        return
        [
            .. invocations.Pack(texts, writer).Select(delta => new PackedDelta(delta.Section, delta.Facts, delta.Data)),
            PackedDelta.Of(sessions, writer),
        ];
    }

    /// <summary>False when no event is of an MCP server.</summary>
    bool Note(List<NewEvent> events, byte[] hashKey)
    {
        invocations.Clear();
        sessions.Clear();
        named.Clear();
        var isAny = false;
        foreach (var e in events)
        {
            var kind = McpEvent.KindOf(e.Incoming.Name);
            if (kind == McpEventKind.None)
                continue;
            isAny = true;
            var says = McpEvent.Of(e.Incoming.Metadata.Span);
            UInt128? session = says.SessionId is { } id ? HashedId.Of(hashKey, KeyKind.Session, e.Incoming.Portal, id) : null;
            if (session is { } hash)
                named.Add((hash, kind, e.Id));
            if (kind == McpEventKind.ToolInvoked)
                invocations.Add(e.Sequence, e.Incoming.Timestamp, says, session, e.Incoming.Portal is not null);
        }

        return isAny;
    }
}
