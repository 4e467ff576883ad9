using Analytics.Contract;
using Analytics.Http;
using Analytics.Http.OpenApi;
using Analytics.Tenancy;
using Microsoft.AspNetCore.Mvc;

namespace Analytics.Features.Business.Usage;

/// <summary>The usage of billable units: what was used, by whom, of which product.</summary>
[ApiController, CamelCase, Route("api/v1/analytics/usage")]
sealed class UsageReportsController(UnitUsageQuery units, CustomerUsageQuery customers, ProductUsageQuery products) : ControllerBase
{
    /// <summary>
    /// What every unit comes to in a period and the one before, over time, and by the customers with most of it. A portal key sees its
    /// customer's usage only.
    /// </summary>
    [HttpGet("by-billable-unit"), RequireScope(Scopes.StatsRead, OfCustomer = true), Example(Answer = ExampleOfUnits)]
    public Task<UnitUsageAnswer> GetUsageByBillableUnit([FromQuery] UnitUsageRequest request, CancellationToken cancel) =>
        units.AnswerAsync(HttpContext.Workspace, HttpContext.BoundCustomer, request, cancel);

    /// <summary>
    /// What customers used and paid in a period, and signs that they are about to leave, as of today. Whoever used nothing in it is listed
    /// when there was something in the last 30 days.
    /// </summary>
    [HttpGet("by-customer"), RequireScope(Scopes.StatsRead, OfCustomer = true), Example(Answer = ExampleOfCustomers)]
    [Paged("-" + CustomerOrder.Events, CustomerOrder.Events, CustomerOrder.Invoices, CustomerOrder.Revenue, CustomerOrder.Risk,
        CustomerOrder.Id, CustomerOrder.ExternalId, CustomerOrder.Name)]
    public Task<UsingCustomers> ListUsageByCustomer([FromQuery] CustomerUsageRequest request, CancellationToken cancel) =>
        customers.ListAsync(HttpContext.Workspace, HttpContext.BoundCustomer, request, HttpContext.Paging, cancel);

    /// <summary>
    /// How much of each product was used in a period: by the events and API requests that name it, and by unit. Keys that are no
    /// products are shown, too: the 2 000 that events named first, 500 that portal keys alone named, and the 2 000 most used of those that
    /// only requests name; further ones under <c>__other__</c>. So many products that their trends have more than 250 000 points are 400:
    /// ask about a shorter time.
    /// </summary>
    [HttpGet("by-product"), RequireScope(Scopes.StatsRead), Example(Answer = ExampleOfProducts)]
    public Task<ProductUsageAnswer> GetUsageByProduct([FromQuery] ProductUsageRequest request, CancellationToken cancel) =>
        products.AnswerAsync(HttpContext.Workspace, request, cancel);

    const string ExampleOfUnits = """
        {"tenantId":"0198c2f4-0000-7000-8000-000000000002",
         "period":{"from":"2026-03-10T00:00:00Z","to":"2026-03-12T00:00:00Z","days":2},
         "units":[{"unit":"paid-calls","name":"Paid calls","unitLabel":"calls","aggregation":"COUNT","total":1200,"previousTotal":1000,
          "changePercent":20,"trend":[{"date":"2026-03-10","value":700},{"date":"2026-03-11","partial":true,"value":500}],
          "customers":[{"customerId":"0198c2f4-0000-7000-8000-000000000003","externalCustomerId":"acme","name":"Acme","total":900,
           "sharePercent":75}]}]}
        """;

    const string ExampleOfCustomers = """
        {"customers":[
          {"customerId":"0198c2f4-0000-7000-8000-000000000003","externalCustomerId":"acme","name":"Acme",
           "usage":[{"unit":"paid-calls","total":900}],"events":1400,"invoiceTotalCents":12000,"revenueCents":9500,
           "churnRisk":{"level":"medium","score":55,"signals":[{"type":"declining_usage","changePercent":-60},
            {"type":"failed_payment","count":1}]}}],
         "meta":{"nextCursor":null}}
        """;

    const string ExampleOfProducts = """
        {"products":[
          {"product":"shop-api","name":"Shop API","type":"API","usage":[{"unit":"paid-calls","total":900}],"events":900,"requests":300,
           "sharePercent":100,"trend":[{"date":"2026-03-10","value":700},{"date":"2026-03-11","partial":true,"value":500}]}],
         "byType":[{"type":"API","events":900,"requests":300,"usage":[{"unit":"paid-calls","total":900}],"sharePercent":100}]}
        """;
}
