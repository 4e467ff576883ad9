using Analytics.Storage.Cells;
using Analytics.Storage.Facts;
using Analytics.Storage.Mcp;

namespace Analytics.Storage.Rollups;

/// <summary>The rollups of MCP servers: their tools, the agents that invoke them, and their sessions.</summary>
static class McpRollups
{
    /// <summary>Invocations over time, by tool: all that the section says.</summary>
    public static readonly Rollup Tools = new(
        60, "mcp tools", [McpFacts.OfTools], Dimension.None, Dimension.Tool, GrainSets.FromQuarters)
    {
        Values = true,
    };

    /// <summary>Invocations over time, by agent, and in which sessions.</summary>
    public static readonly Rollup Agents = new(
        61, "mcp agents", [McpFacts.OfAgents], Dimension.None, Dimension.Agent, GrainSets.FromQuarters)
    {
        Set = Dimension.Session,
    };

    /// <summary>Invocations of some agents, by session: all that the section says.</summary>
    public static readonly Rollup AgentSessions = new(
        62, "mcp agents' sessions", [McpFacts.OfAgents], Dimension.Agent, Dimension.Session, Grains.QuarterHour)
    {
        Values = true,
    };

    /// <summary>Sessions over time, and how long they lasted: all that the section says.</summary>
    public static readonly Rollup Sessions = new(
        63, "mcp sessions", [McpFacts.OfSessions], Dimension.None, Dimension.None, GrainSets.FromQuarters)
    {
        Values = true,
    };

    public static readonly Rollup[] All = [Tools, Agents, AgentSessions, Sessions];
}
