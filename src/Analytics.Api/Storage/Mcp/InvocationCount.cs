using Analytics.Sketches;
using Analytics.Storage.Business;
using Analytics.Storage.Facts;

namespace Analytics.Storage.Mcp;

/// <summary>
/// What invocations of tools add to the two sections they count in: noted one by one, then packed when what they name has numbers. New
/// events and raw ones are counted alike.
/// </summary>
sealed class InvocationCount
{
    readonly record struct Noted(
        long Sequence, long Timestamp, byte[] Tool, byte[] Agent, UInt128? Session, Int128? Duration, bool IsError, Int128 Revenue,
        bool IsPortals);

    readonly List<Noted> invocations = [];
    readonly CommitFacts tools = new(McpFacts.OfTools);
    readonly CommitFacts agents = new(McpFacts.OfAgents);

    public IEnumerable<(ReadOnlyMemory<byte> Text, bool IsPortals)> Tools =>
        invocations.Select(one => ((ReadOnlyMemory<byte>)one.Tool, one.IsPortals));

    public IEnumerable<(ReadOnlyMemory<byte> Text, bool IsPortals)> Agents =>
        invocations.Select(one => ((ReadOnlyMemory<byte>)one.Agent, one.IsPortals));

    public IEnumerable<UInt128> Sessions => invocations.Select(one => one.Session).OfType<UInt128>();

    public void Clear() => invocations.Clear();

    /// <summary>Notes an invocation in a session, known by its hash.</summary>
    public void Add(long sequence, long timestamp, McpEvent says, UInt128? session, bool isPortals) => invocations.Add(
        new(sequence, timestamp, says.Tool, says.Agent, session, says.Duration, says.IsError, says.Revenue, isPortals));

    /// <summary>What it comes to, section by section; empty where nothing was noted.</summary>
    public IEnumerable<(Section Section, int Facts, byte[] Data)> Pack(TextNumbers texts, ByteWriter writer)
    {
        tools.Clear();
        agents.Clear();
        foreach (var one in invocations)
        {
            CountTool(one, texts.Of(TextKind.Tool, one.Tool, one.Sequence));
            var session = one.Session is { } hash ? texts.Of(TextKind.Session, hash) : 0;
            var agent = texts.Of(TextKind.Agent, one.Agent, one.Sequence);
            agents.Add(McpFacts.OfAgents.KeyOf(one.Timestamp, agent, session), one.Timestamp, 1, 0, one.Revenue);
        }

        foreach (var facts in (CommitFacts[])[tools, agents])
        {
            var data = facts.Pack(writer, out var count);
            yield return (facts.Section, count, data);
        }
    }

    void CountTool(in Noted one, int tool)
    {
        var key = McpFacts.OfTools.KeyOf(one.Timestamp, 0, tool);
        tools.Add(key, one.Timestamp, 1, one.IsError ? 1 : 0, one.Revenue);
        if (one.Duration is not { } duration)
            return;
        tools.Add(key, McpFacts.Timed, 1);
        tools.AddValue(key, McpFacts.Duration, duration, 1);
    }
}
