using Analytics.Contract;
using Analytics.Http.OpenApi;
using Analytics.Storage;
using Analytics.Tenancy;
using Microsoft.AspNetCore.Mvc;

namespace Analytics.Features.Business.Storefront;

/// <summary>What a storefront's visitors do.</summary>
[ApiController, Route("api/v1/analytics/storefront"), CamelCase, RequireScope(Scopes.StatsRead)]
sealed class StorefrontController(FunnelQuery funnel, TimeProvider clock) : ControllerBase
{
    /// <summary>
    /// How many visitors take the steps from a first visit to a first API call, in order and within the period. Events storefront.visit,
    /// storefront.product_view and so on tell them, with metadata.visitor_id, a string. Of events at one instant the funnel's order is
    /// theirs. What portal keys tell of visitors is of other visitors: their ids are a space of their customer's.
    /// </summary>
    [HttpGet("funnel"), Example(Answer = """
        {"steps":[
          {"step":"visit","visitors":1200,"conversionFromPrevious":100,"conversionFromFirst":100,"dropOff":0},
          {"step":"product_view","visitors":780,"conversionFromPrevious":65,"conversionFromFirst":65,"dropOff":420},
          {"step":"pricing_view","visitors":410,"conversionFromPrevious":52.56,"conversionFromFirst":34.17,"dropOff":370},
          {"step":"signup","visitors":96,"conversionFromPrevious":23.41,"conversionFromFirst":8,"dropOff":314},
          {"step":"subscription","visitors":31,"conversionFromPrevious":32.29,"conversionFromFirst":2.58,"dropOff":65},
          {"step":"first_api_call","visitors":24,"conversionFromPrevious":77.42,"conversionFromFirst":2,"dropOff":7}],
         "biggestDropOff":{"from":"visit","to":"product_view","visitors":420},
         "daily":[{"date":"2026-03-11","partial":true,"visit":1200,"product_view":780,"pricing_view":410,"signup":96,"subscription":31,
          "first_api_call":24}]}
        """)]
    public Task<FunnelAnswer> GetFunnel([FromQuery] FunnelRequest request, CancellationToken cancel) => funnel.AnswerAsync(
        HttpContext.Workspace, new BusinessTimes(request, HttpContext.Workspace, clock.GetStoreNow()).Read(), cancel);
}
