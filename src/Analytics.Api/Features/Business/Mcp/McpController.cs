using Analytics.Contract;
using Analytics.Http.OpenApi;
using Analytics.Storage;
using Analytics.Tenancy;
using Microsoft.AspNetCore.Mvc;

namespace Analytics.Features.Business.Mcp;

/// <summary>The tools, agents and sessions of MCP servers, from the events <c>mcp.*</c> that these send.</summary>
[ApiController, CamelCase, Route("api/v1/analytics/mcp"), RequireScope(Scopes.StatsRead)]
sealed class McpController(McpQuery mcp, TimeProvider clock) : ControllerBase
{
    /// <summary>
    /// Which tools were invoked: from <c>mcp.tool_invoked</c>, whose metadata says <c>tool</c>, <c>server</c>, <c>duration_ms</c>,
    /// <c>status</c> (<c>error</c> is one) and <c>revenue_cents</c>. Most used first, equal ones by name, then by server; an invocation
    /// without a tool's name is one of <c>unknown</c>. The 2 000 tools that a workspace named first count by themselves, and 500 that
    /// portal keys alone named; further ones under <c>__other__</c>. So it is with agents.
    /// </summary>
    [HttpGet("tools"), Example(Answer = """
        {"tools":[
          {"tool":"search","server":"docs","invocations":120,"errors":3,"errorRate":2.5,"avgDurationMs":84.2,"p95DurationMs":310.5,
           "revenueCents":1200.5,"sharePercent":75},
          {"tool":"fetch","server":null,"invocations":40,"errors":0,"errorRate":0,"avgDurationMs":0,"p95DurationMs":0,
           "revenueCents":0,"sharePercent":25}]}
        """)]
    public Task<ToolsAnswer> QueryMcpTools([FromQuery] McpRequest request, CancellationToken cancel) =>
        mcp.ToolsAsync(HttpContext.Workspace, Read(request), cancel);

    /// <summary>
    /// Sessions, each at its begin: its <c>mcp.session_started</c>, else the earliest event <c>mcp.*</c> that names it in
    /// <c>session_id</c>. It ends at the first other <c>mcp.session_ended</c> not before that; of those of one session the first thousand
    /// are known. What a portal key calls its sessions is a space of its customer's.
    /// </summary>
    [HttpGet("sessions"), Example(Answer = """
        {"totalSessions":42,"activeSessions":3,"avgDurationSeconds":371.25,"p95DurationSeconds":1804.4,
         "daily":[{"date":"2026-03-10","sessions":20},{"date":"2026-03-11","sessions":22,"partial":true}]}
        """)]
    public Task<SessionsAnswer> QueryMcpSessions([FromQuery] McpRequest request, CancellationToken cancel) =>
        mcp.SessionsAsync(HttpContext.Workspace, Read(request), cancel);

    /// <summary>
    /// Which agents invoked tools, most invocations first, equal ones by name; those without a name are one of <c>unknown</c>.
    /// </summary>
    [HttpGet("agents"), Example(Answer = """
        {"agents":[{"agent":"claude","invocations":120,"sessions":31,"revenueCents":1200.5,"sharePercent":75},
         {"agent":"unknown","invocations":40,"sessions":0,"revenueCents":0,"sharePercent":25}]}
        """)]
    public Task<AgentsAnswer> QueryMcpAgents([FromQuery] McpRequest request, CancellationToken cancel) =>
        mcp.AgentsAsync(HttpContext.Workspace, Read(request), cancel);

    AskedPeriod Read(McpRequest request) => new BusinessTimes(request, HttpContext.Workspace, clock.GetStoreNow()).Read();
}
