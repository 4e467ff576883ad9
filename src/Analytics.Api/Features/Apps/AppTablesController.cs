using Analytics.AppDatabases;
using Analytics.Contract;
using Analytics.Tenancy;
using Microsoft.AspNetCore.Mvc;

namespace Analytics.Features.Apps;

/// <summary>The tables of an app's Postgres workspace.</summary>
[ApiController, Route("api/apps/{id}/stats/tables"), CamelCase, RequireScope(Scopes.AppsWrite, AppInPath = "id")]
sealed class AppTablesController(AppTables tables) : ControllerBase
{
    /// <summary>
    /// The tables with their columns, by name; none without a workspace. Pieces of partitioned tables are tables too; views and
    /// <c>_migrations</c> are left out.
    /// </summary>
    [HttpGet]
    public Task<IReadOnlyList<AppTable>> List(CancellationToken cancel) => tables.OfAsync(HttpContext.App, cancel);
}
