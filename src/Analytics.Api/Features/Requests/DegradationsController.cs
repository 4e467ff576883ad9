using Analytics.Contract;
using Analytics.Http.OpenApi;
using Analytics.Storage;
using Analytics.Tenancy;
using Microsoft.AspNetCore.Mvc;

namespace Analytics.Features.Requests;

/// <summary>What got worse.</summary>
[ApiController, CamelCase, Route("api/requests/degradations"), RequireScope(Scopes.StatsRead)]
sealed class DegradationsController(DegradationsQuery degradations, TimeProvider clock) : ControllerBase
{
    /// <summary>
    /// Endpoints that left their own baseline in some hour of the range. An hour with at least 50 requests is degraded when its p95 is at
    /// least twice its baseline (and above it), or its serverErrorRate at least 5 points above: the median of the same hour of the week
    /// over the 4 weeks before, or with fewer than 2 such hours of all hours of the 7 days before, hours with at least 50 requests only.
    /// The running hour counts as soon as it has 50. One row is one run of consecutive degraded hours by one measure; hours are those of
    /// UTC and count as a whole. Each new one is also told once as <c>anomaly.detected</c> in the event log.
    /// </summary>
    [HttpGet, Example(Answer = """
        {"data":[
          {"endpoint":"GET:/api/export","since":"2026-03-10T14:00:00Z","measure":"p95","baseline":310.2,"current":4210.5,"factor":13.57},
          {"endpoint":"POST:/orders","since":"2026-03-10T09:00:00Z","measure":"serverErrorRate","baseline":0,"current":7.14,"factor":null}]}
        """)]
    public Task<Degradations> ListDegradations([FromQuery] DegradationsRequest request, CancellationToken cancel)
    {
        var times = new RequestTimes(request.Timezone, HttpContext.Workspace, clock.GetStoreNow());
        var range = times.Of(request.From, request.To);
        times.Check();
        return degradations.AnswerAsync(HttpContext.Workspace, range!, cancel);
    }
}
