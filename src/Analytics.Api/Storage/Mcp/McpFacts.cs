using Analytics.Storage.Cells;
using Analytics.Storage.Facts;

namespace Analytics.Storage.Mcp;

/// <summary>
/// What events of MCP servers count for: invocations by tool, the same by agent and session, and sessions at their begin.
/// </summary>
static class McpFacts
{
    public const int Invocations = 0;

    /// <summary>Those whose status is an error.</summary>
    public const int Errors = 1;

    /// <summary>Cents, in units of 1e-12.</summary>
    public const int Revenue = 2;

    /// <summary>Those that say how long they took. Their milliseconds, zeros left out, are field <see cref="Duration"/>.</summary>
    public const int Timed = 3;

    public const int Sessions = 0;

    /// <summary>Those that have ended. How many seconds they lasted, zeros left out, is field <see cref="Duration"/>.</summary>
    public const int Ended = 1;

    public const short Duration = 1;

    public static readonly Section OfTools = new(
        35, "invocations of tools", Grain.QuarterHour, [Dimension.None, Dimension.Tool], ["invocations", "errors", "revenue", "timed"]);

    public static readonly Section OfAgents = new(
        36, "invocations by agents", Grain.QuarterHour, [Dimension.Agent, Dimension.Session], ["invocations", "", "revenue"]);

    public static readonly Section OfSessions = new(
        37, "sessions", Grain.QuarterHour, [Dimension.None], ["sessions", "ended"]);
}
