using Analytics.Contract;
using Analytics.Http.OpenApi;
using Analytics.Tenancy;
using Microsoft.AspNetCore.Mvc;

namespace Analytics.Features.AppStatistics;

/// <summary>Monthly active users, storage and bandwidth of apps, by days in UTC.</summary>
[ApiController, Route("statistics"), StatisticsRefusal]
sealed class AppStatisticsController(ScopeStatisticsQuery statistics) : ControllerBase
{
    /// <summary>An app's devices and storage of the last day, and its bandwidth of all days.</summary>
    [HttpGet("app/{app_id}"), RequireScope(Scopes.StatsRead, AppInPath = "app_id"), Example(Answer = """
        {"data":{"date":"2024-01-31","mau":15000,"storage":536870912,"bandwidth":1073741824}}
        """)]
    public Task<AppStatisticsAnswer> QueryAppStatistics([FromQuery] AppStatisticsRequest request, CancellationToken cancel)
    {
        var question = StatisticsQuestion.Of(request);
        return question.Days.Count > 0
            ? statistics.OfAppAsync(HttpContext.App, question, cancel)
            // There is no last day.
            : throw new ProblemException(400, StatisticsRefusalAttribute.BadDates);
    }

    /// <summary>
    /// All apps of all workspaces that the caller belongs to, day by day. A device counts once, however many workspaces it is in:
    /// exactly up to a million devices, within 2 % beyond. A workspace's key asks for its workspace.
    /// </summary>
    [HttpGet("user"), RequireScope(Scopes.StatsRead, SpansWorkspaces = true), Example(Answer = """
        {"data":[{"date":"2024-01-01","mau":25000,"storage":1073741824,"bandwidth":2147483648},
                 {"date":"2024-01-02","mau":25500,"storage":1074790400,"bandwidth":2148532224}]}
        """)]
    public Task<ScopeStatisticsAnswer> QueryUserStatistics([FromQuery] ScopeStatisticsRequest request, CancellationToken cancel) =>
        statistics.OfWorkspacesAsync(
            HttpContext.Caller is UserCaller user
                ? [.. user.Memberships.Where(own => own.Allows(Scopes.StatsRead)).Select(own => own.Workspace)]
                : [HttpContext.Workspace],
            StatisticsQuestion.Of(request), cancel);

    /// <summary>All apps of a workspace, by its id or slug, day by day; deleted ones included, but for the breakdown.</summary>
    [HttpGet("org/{org_id}"), RequireScope(Scopes.StatsRead, WorkspaceInPath = "org_id"), Example(Answer = """
        {"data":[{"date":"2024-01-01","mau":10000,"storage":536870912,"bandwidth":1073741824},
                 {"date":"2024-01-02","mau":10200,"storage":537919488,"bandwidth":1074790400}]}
        """)]
    public Task<ScopeStatisticsAnswer> QueryOrgStatistics([FromQuery] ScopeStatisticsRequest request, CancellationToken cancel) =>
        statistics.OfWorkspacesAsync([HttpContext.Workspace], StatisticsQuestion.Of(request), cancel);
}
