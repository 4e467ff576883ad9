using Analytics.Contract;
using Analytics.Http.OpenApi;
using Analytics.Storage;
using Analytics.Tenancy;
using Microsoft.AspNetCore.Mvc;

namespace Analytics.Features.Business.Costs;

/// <summary>What customers, products and models cost, and what they bring.</summary>
[ApiController, Route("api/v1/analytics/cogs"), CamelCase, RequireScope(Scopes.StatsRead, OfCustomer = true)]
sealed class CostsController(CostsQuery costs, TimeProvider clock) : ControllerBase
{
    /// <summary>
    /// Costs, revenue and margins by customer, product, vendor, model, category or subscription, or by their combinations. Costs are the
    /// <c>_cost</c> of events; revenue is completed payments less refunds, which are of the product and subscription of their payment.
    /// A cost that names no customer is its share's customer's, else its subscription's: of the earliest event that names that and a
    /// customer. A portal key sees its customer's only. More than 100 000 rows are 400.
    /// </summary>
    [HttpGet, Example(Answer = ExampleOfCosts)]
    public Task<CostsAnswer> QueryCosts([FromQuery] CostsRequest request, CancellationToken cancel)
    {
        var question = CostsQuestion.Of(request, HttpContext.Workspace, clock.GetStoreNow());
        return costs.AnswerAsync(HttpContext.Workspace, HttpContext.BoundCustomer, question, cancel);
    }

    const string ExampleOfCosts = """
        {"rows":[
          {"key":"acme","name":"Acme Inc.","costCents":1250.75,"revenueCents":4900,"marginCents":3649.25,"marginPercent":74.47},
          {"key":null,"name":null,"costCents":12.5,"revenueCents":0,"marginCents":-12.5,"marginPercent":null}],
         "totals":{"costCents":1263.25,"revenueCents":4900,"marginCents":3636.75,"marginPercent":74.22},
         "trend":[
          {"date":"2026-03-10","costCents":1000,"revenueCents":4900,"marginCents":3900},
          {"date":"2026-03-11","partial":true,"costCents":263.25,"revenueCents":0,"marginCents":-263.25}]}
        """;
}
