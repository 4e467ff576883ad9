using Analytics.Contract;
using Analytics.Http.OpenApi;
using Analytics.Tenancy;
using Microsoft.AspNetCore.Mvc;

namespace Analytics.Features.Apps;

/// <summary>How much an app is used.</summary>
[ApiController, Route("api/apps/{id}/stats"), CamelCase]
sealed class AppStatsController(AppStatsQuery stats, AppApiStatsQuery api) : ControllerBase
{
    /// <summary>An app's views, invocations and storage.</summary>
    [HttpGet, RequireScope(RequireScopeAttribute.AnyKey, AppInPath = "id"), Example(Answer = """
        {"appId":"d4f8a2b1-1234-5678-90ab-cdef12345678","totalViews":142,"uniqueViewers":23,"views7d":25,"views30d":89,
         "lastViewedAt":"2024-02-23T14:30:00Z",
         "viewsByDay":[{"day":"2024-02-23","count":12},{"day":"2024-02-22","count":8},{"day":"2024-02-21","count":5},
          {"day":"2024-02-20","count":0},{"day":"2024-02-19","count":0},{"day":"2024-02-18","count":0},{"day":"2024-02-17","count":0}],
         "api":{"totalInvocations":1200,"invocations7d":340,"invocations30d":780,"avgDurationMs":245,"errorCount30d":12,
          "errorRate30d":1.54,"peakMemoryBytes":52428800,"totalComputeMs":190740},
         "storage":{"hasWorkspace":true,"schemaSize":2097152,"tableCount":3,"quotaBytes":1073741824,"quotaPercent":0.2}}
        """)]
    public Task<AppStats> GetAppStats(CancellationToken cancel) => stats.AnswerAsync(HttpContext.App, cancel);

    /// <summary>The last 100 invocations of an app's server routes, and 30 days of them.</summary>
    [HttpGet("api"), RequireScope(Scopes.AppsWrite, AppInPath = "id"), Example(Answer = """
        {"recent":[{"method":"GET","path":"/api/datasets/123/search","username":"john.doe","startedAt":"2024-02-23T14:30:00Z",
          "durationMs":245,"statusCode":200,"memoryPeakBytes":52428800,"error":null}],
         "daily":[{"day":"2024-02-23","count":45,"avgDurationMs":234,"errorCount":1}]}
        """)]
    public Task<AppApiStats> GetAppApiStats(CancellationToken cancel) => api.AnswerAsync(HttpContext.App, cancel);
}
