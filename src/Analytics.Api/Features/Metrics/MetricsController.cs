using Analytics.Contract;
using Analytics.Http;
using Analytics.Http.OpenApi;
using Analytics.Storage;
using Analytics.Tenancy;
using Analytics.Time;
using Microsoft.AspNetCore.Mvc;

namespace Analytics.Features.Metrics;

/// <summary>The metrics dashboard.</summary>
[ApiController, Route("api/metrics"), RequireScope(Scopes.MetricsRead, OfCustomer = true)]
sealed class MetricsController(MetricsQuery metrics, TimeProvider clock) : ControllerBase
{
    /// <summary>File sharing, revenue, costs and users per calendar bucket and in total, compared with a range before when asked.</summary>
    /// <response code="200">Exact numbers; quotients are rounded to 12 decimals, half away from zero. <c>ETag</c> says whether they
    /// changed.</response>
    /// <response code="304">Nothing changed since the answer whose ETag <c>If-None-Match</c> names.</response>
    /// <response code="400">Parameters are missing or wrong: all of them are told.</response>
    [HttpGet, ProducesResponseType<MetricsAnswer>(200), ProducesResponseType(304), Example(Answer = ExampleAnswer)]
    public async Task<ActionResult<MetricsAnswer>> QueryMetrics([FromQuery] MetricsRequest request, CancellationToken cancel)
    {
        var (workspace, boundTo) = (HttpContext.Workspace, HttpContext.BoundCustomer);
        var question = MetricsQuestion.Of(request, workspace, clock.GetStoreNow());
        var tag = new MetricsTag(workspace, boundTo, question, Csv.IsAskedBy(Request));
        // A portal key's tag follows from its answer: the workspace's version tells when others are active.
        if (boundTo is null && ETags.HasTags(Request)
            && ETags.IsKnown(HttpContext, tag.Of(await metrics.VersionAsync(workspace, question.Now, cancel))))
            return StatusCode(304);
        var (answer, version) = await metrics.AnswerAsync(workspace, boundTo, question, cancel);
        var found = boundTo is null ? tag.Of(version) : tag.Of(answer);
        if (boundTo is not null && ETags.IsKnown(HttpContext, found))
            return StatusCode(304);
        ETags.Describe(Response, found);
        return answer;
    }

    /// <summary>How far back the dashboard goes and how long a range may be, both dates counted, by interval.</summary>
    [HttpGet("limits"), Example(Answer = """{"min_date":"2000-01-01","intervals":{"hour":{"max_days":31},"day":{"max_days":1100}}}""")]
    public RangeLimits GetMetricLimits() => RangeLimits.OfDashboards;

    const string ExampleAnswer = """
        {"periods":[
          {"timestamp":"2026-03-10T00:00:00Z","file_share_revenue":4900,"active_users":3,"cost_per_user":0.841666666667},
          {"timestamp":"2026-03-11T00:00:00Z","partial":true,"file_share_revenue":1900,"active_users":2,"cost_per_user":0.0025}],
         "totals":{"file_share_revenue":6800,"active_users":4,"cost_per_user":0.6325},
         "metrics":{
          "file_share_revenue":{"slug":"file_share_revenue","display_name":"File Share Revenue","type":"currency"},
          "active_users":{"slug":"active_users","display_name":"Active Users","type":"scalar"},
          "cost_per_user":{"slug":"cost_per_user","display_name":"Cost Per User","type":"currency_sub_cent"}},
         "previous":{"periods":[
          {"timestamp":"2026-03-08T00:00:00Z","file_share_revenue":0,"active_users":1,"cost_per_user":0},
          {"timestamp":"2026-03-09T00:00:00Z","file_share_revenue":5000,"active_users":2,"cost_per_user":0}],
          "totals":{"file_share_revenue":5000,"active_users":2,"cost_per_user":0}},
         "change":{"file_share_revenue":0.36,"active_users":1,"cost_per_user":null}}
        """;
}
