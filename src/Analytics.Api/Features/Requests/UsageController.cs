using Analytics.Contract;
using Analytics.Http.OpenApi;
using Analytics.Storage;
using Analytics.Tenancy;
using Microsoft.AspNetCore.Mvc;

namespace Analytics.Features.Requests;

/// <summary>API usage: requests of a day, over time, and by hour.</summary>
[ApiController, Route("api/requests"), CamelCase, RequireScope(Scopes.StatsRead, OfCustomer = true)]
sealed class UsageController(DashboardQuery dashboard, SeriesQuery series, HeatmapQuery heatmap, TimeProvider clock) : ControllerBase
{
    /// <summary>
    /// A day of API requests: how many, how fast, with how many errors, the busiest endpoints and customers, and how many come right now.
    /// A portal key sees its customer's requests only.
    /// </summary>
    [HttpGet("dashboard"), Example(Answer = """
        {"totalRequests":1200,"errorRate":2.5,"clientErrorRate":2,"serverErrorRate":0.5,"avgLatency":84.31,
         "latency":{"p50":41.5,"p90":180.25,"p95":260,"p99":1204.75},
         "statusBreakdown":{"2xx":1150,"3xx":20,"4xx":24,"5xx":6},
         "topEndpoints":[{"endpoint":"GET:/orders/:id","count":700,"avgLatency":35.02,"errorRate":1.43,"p99":240.5}],
         "topCustomers":[{"customerId":"acme","count":600,"totalBytes":1843200,"sharePercent":50}],
         "realtimeRPS":0.35}
        """)]
    public Task<DashboardAnswer> GetRequestDashboard([FromQuery] DashboardRequest request, CancellationToken cancel)
    {
        var times = new RequestTimes(request.Timezone, HttpContext.Workspace, clock.GetStoreNow());
        var day = times.OfDate(request.Date);
        times.Check();
        return dashboard.AnswerAsync(HttpContext.Workspace, HttpContext.BoundCustomer, day!, times.Now, cancel);
    }

    /// <summary>
    /// Requests by minute, hour or day, empty buckets too. Minutes of some endpoints or customers are counted from the requests themselves,
    /// which are kept as long as the workspace says.
    /// </summary>
    [HttpGet("timeseries"), Example(Answer = """
        {"data":[
          {"timestamp":"2026-03-10T14:00:00Z","count":120,"errors":3,"avgLatency":84.31,"p50":41.5,"p95":260,"p99":1204.75,"bytes":368640},
          {"timestamp":"2026-03-10T15:00:00Z","partial":true,"count":8,"errors":0,"avgLatency":40,"p50":38.5,"p95":61,"p99":66.2,
           "bytes":24576}]}
        """)]
    public Task<SeriesAnswer> QueryRequestSeries([FromQuery] SeriesRequest request, CancellationToken cancel)
    {
        var question = SeriesQuestion.Of(request, HttpContext.Workspace, clock.GetStoreNow());
        return series.AnswerAsync(HttpContext.Workspace, HttpContext.BoundCustomer, question, cancel);
    }

    /// <summary>
    /// A measure by hour: of the week, hours and weekdays as the zone's clocks show them, or of the range for each of the 20 endpoints with
    /// the most requests.
    /// </summary>
    [HttpGet("heatmap"), Example(Answer = """
        {"cells":[{"weekday":1,"hour":0,"value":12},{"weekday":1,"hour":1,"value":0}]}
        """)]
    public Task<HeatmapAnswer> QueryRequestHeatmap([FromQuery] HeatmapRequest request, CancellationToken cancel)
    {
        var question = HeatmapQuestion.Of(request, HttpContext.Workspace, clock.GetStoreNow());
        return heatmap.AnswerAsync(HttpContext.Workspace, HttpContext.BoundCustomer, question, cancel);
    }
}
