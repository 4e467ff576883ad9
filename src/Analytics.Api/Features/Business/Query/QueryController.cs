using Analytics.Contract;
using Analytics.Http;
using Analytics.Http.OpenApi;
using Analytics.Storage;
using Analytics.Tenancy;
using Microsoft.AspNetCore.Mvc;

namespace Analytics.Features.Business.Query;

/// <summary>Questions made up for the occasion.</summary>
[ApiController, CamelCase, Route("api/v1/analytics/query"), RequireScope(Scopes.StatsRead, OfCustomer = true)]
sealed class QueryController(QueryReading reading, TimeProvider clock) : ControllerBase
{
    /// <summary>
    /// Answers metrics of events or API requests by dimensions, filters and time, as a table. After 5 seconds it answers what it has, the
    /// newest facts first: <c>partial</c> is true then and <c>scannedFrom</c> the instant since which everything is counted. Without
    /// dimensions every bucket is a row, with dimensions every combination that has facts. A portal key sees its customer's only.
    /// </summary>
    [HttpPost, AsksOnly, Example(Request = ExampleOfQuestion, Answer = ExampleOfAnswer)]
    public Task<QueryAnswer> Query(QueryRequest request, CancellationToken cancel)
    {
        var query = AskedQuery.Of(request, HttpContext.Workspace, clock.GetStoreNow()) with { Customer = HttpContext.BoundCustomer };
        return reading.AnswerAsync(HttpContext.Workspace, query, cancel);
    }

    const string ExampleOfQuestion = """
        {"metrics":[{"aggregation":"count"},{"aggregation":"sum","field":"amount"},{"aggregation":"p95","field":"duration_ms"}],
         "events":["api.called"],"dimensions":["plan"],"filters":[{"field":"region","operator":"IN","value":["eu","us"]}],
         "period":"7d","interval":"day","orderBy":"-count","limit":100}
        """;

    const string ExampleOfAnswer = """
        {"columns":["timestamp","plan","count","sum(amount)","p95(duration_ms)"],
         "rows":[["2026-03-11T00:00:00Z","pro",1250,4900.5,312.25],["2026-03-10T00:00:00Z",null,12,0,null]],
         "partial":false,"scannedFrom":null}
        """;
}
