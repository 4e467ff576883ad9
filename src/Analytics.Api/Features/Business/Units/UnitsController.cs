using Analytics.Contract;
using Analytics.Http;
using Analytics.Http.OpenApi;
using Analytics.Storage;
using Analytics.Storage.Schema;
using Analytics.Tenancy;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace Analytics.Features.Business.Units;

/// <summary>Billable units of a workspace: what of its events is counted as usage.</summary>
[ApiController, CamelCase, Route("api/v1/billable-units")]
sealed class UnitsController(AnalyticsDb db, UnitChanges changes) : ControllerBase
{
    /// <summary>
    /// Makes a unit, of which the workspace has at most 100: it counts what is stored already, too. A taken key answers 409.
    /// </summary>
    [HttpPost, RequireScope(Scopes.ReportsWrite), ProducesResponseType<UnitAnswer>(201)]
    [Example(Request = ExampleOfNew, Answer = ExampleOfOne)]
    public async Task<IActionResult> CreateBillableUnit(NewUnit request, CancellationToken cancel)
    {
        var unit = await changes.AddAsync(HttpContext.Workspace, request, cancel);
        return StatusCode(201, UnitAnswer.Of(unit));
    }

    /// <summary>The workspace's units.</summary>
    [HttpGet, RequireScope(Scopes.StatsRead, OfCustomer = true)]
    [Paged("key", "key", "name", "unitLabel", "aggregation", "eventName", "field", "productType", "createdAt")]
    [Example(Answer = $$$"""{"data":[{{{ExampleOfOne}}}],"meta":{"nextCursor":null}}""")]
    public Task<Page<UnitAnswer>> ListBillableUnits(CancellationToken cancel)
    {
        var workspace = HttpContext.Workspace.Key;
        return new Keyset<BillableUnit, string>(unit => unit.Key)
            .By("key", unit => unit.Key).By("name", unit => unit.Name).By("unitLabel", unit => unit.UnitLabel)
            .By("aggregation", unit => unit.Aggregation).By("eventName", unit => unit.EventName).By("field", unit => unit.Field)
            .By("productType", unit => unit.ProductType).By("createdAt", unit => unit.CreatedAt)
            .PageAsync(
                db.Set<BillableUnit>().AsNoTracking().Where(unit => unit.WorkspaceKey == workspace && unit.DeletedAt == null),
                HttpContext.Paging, UnitAnswer.Of, cancel);
    }

    /// <summary>A unit.</summary>
    /// <param name="key">The unit's key.</param>
    /// <param name="cancel">Ends the reading.</param>
    [HttpGet("{key}"), RequireScope(Scopes.StatsRead, OfCustomer = true), Example(Answer = ExampleOfOne)]
    public async Task<UnitAnswer> GetBillableUnit(string key, CancellationToken cancel)
    {
        var workspace = HttpContext.Workspace.Key;
        var unit = await db.Set<BillableUnit>().AsNoTracking()
            .FirstOrDefaultAsync(unit => unit.WorkspaceKey == workspace && unit.DeletedAt == null && unit.Key == key, cancel);
        return UnitAnswer.Of(unit ?? throw ProblemException.NotFound());
    }

    /// <summary>
    /// Changes a unit: absent members stay, a null field or productType clears it. Of a unit with usage only name and unitLabel change,
    /// anything else answers 409.
    /// </summary>
    /// <param name="key">The unit's key.</param>
    /// <param name="request">What changes.</param>
    /// <param name="cancel">Ends with the request.</param>
    [HttpPatch("{key}"), RequireScope(Scopes.ReportsWrite), Example(Request = """{"name":"Paid calls"}""", Answer = ExampleOfOne)]
    public async Task<UnitAnswer> UpdateBillableUnit(string key, UnitChange request, CancellationToken cancel) =>
        UnitAnswer.Of(await changes.ChangeAsync(HttpContext.Workspace, key, request, cancel));

    /// <summary>Deletes a unit; its key is free again. Events stay, so that one made anew counts them again.</summary>
    /// <param name="key">The unit's key.</param>
    /// <param name="cancel">Ends with the request.</param>
    [HttpDelete("{key}"), RequireScope(Scopes.ReportsWrite), ProducesResponseType(204)]
    public async Task<IActionResult> DeleteBillableUnit(string key, CancellationToken cancel)
    {
        await changes.DeleteAsync(HttpContext.Workspace, key, cancel);
        return NoContent();
    }

    const string ExampleOfNew = """
        {"key":"paid-calls","name":"Paid calls","unitLabel":"calls","aggregation":"COUNT","eventName":"api.called",
         "filters":[{"field":"plan","operator":"IN","value":["pro","team"]}]}
        """;

    const string ExampleOfOne = """
        {"key":"paid-calls","name":"Paid calls","unitLabel":"calls","aggregation":"COUNT","eventName":"api.called","field":null,
         "productType":null,"filters":[{"field":"plan","operator":"IN","value":["pro","team"]}],"createdAt":"2026-03-11T09:30:00Z"}
        """;
}
