using Analytics.Contract;
using Analytics.Http.OpenApi;
using Analytics.Tenancy;
using Microsoft.AspNetCore.Mvc;

namespace Analytics.Features.Statistics;

/// <summary>Statistics over traces.</summary>
[ApiController, Route("api/events/statistics")]
sealed class StatisticsController(TimeseriesQuery timeseries, TimeProvider clock) : ControllerBase
{
    /// <summary>
    /// Per calendar bucket and event name: how many traces began, by how many customers, and the totals, averages and
    /// percentiles of what each trace adds up to. Sums and averages are exact decimals; percentiles interpolate between
    /// ranks, exact up to 100 traces and within 1 % beyond. Filters choose roots; sums take every descendant, whatever its time.
    /// </summary>
    /// <response code="400">
    /// A parameter is missing or wrong, or periods x names are more than 100 000, or times fields more than 500 000.
    /// </response>
    /// <response code="503">A metadata filter or a field asked for the first time had to read too many events.</response>
    [HttpGet("timeseries"), RequireScope(Scopes.EventsRead, OfCustomer = true)]
    [QueryParameter("metadata", "metadata[key]=value: the value at the dotted path in place of key, as text; repeat for any of several.",
        IsKeyed = true)]
    public Task<TimeseriesAnswer> QueryTimeseries([FromQuery] TimeseriesRequest request, CancellationToken cancel)
    {
        var question = TimeseriesQuestion.Of(request, Request.Query, HttpContext.Workspace, clock.GetUtcNow());
        return timeseries.AnswerAsync(HttpContext.Workspace, HttpContext.BoundCustomer, question, cancel);
    }
}
