using Analytics.Contract;
using Analytics.Http;
using Analytics.Storage;
using Analytics.Storage.Schema;
using Analytics.Tenancy;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace Analytics.Features.Apps;

/// <summary>Apps of a workspace: what views, invocations, devices, downloads and changes of storage are told of.</summary>
[ApiController, Route("api/apps")]
sealed class AppsController(AnalyticsDb db, AppChanges changes) : ControllerBase
{
    /// <summary>Makes an app. The natural id is unique in the workspace: a taken one answers 409.</summary>
    [HttpPost, RequireScope(Scopes.AppsWrite), ProducesResponseType<AppAnswer>(201)]
    public async Task<IActionResult> Create(NewApp request, CancellationToken cancel)
    {
        var app = await changes.AddAsync(HttpContext.Workspace, request, cancel);
        return Created($"{Request.PathBase}/api/apps/{app.Id}", AppAnswer.Of(app, HttpContext.Workspace));
    }

    /// <summary>An app, by its id or its natural id.</summary>
    [HttpGet("{id}"), RequireScope(Scopes.StatsRead, AppInPath = "id")]
    public AppAnswer Get() => AppAnswer.Of(HttpContext.App, HttpContext.Workspace);

    /// <summary>The workspace's apps.</summary>
    [HttpGet, RequireScope(Scopes.StatsRead)]
    [Paged("natural_id", "natural_id", "name", "quota_bytes", "schema_name", "created_at", "updated_at", "workspace_id", "id")]
    public Task<Page<AppAnswer>> List([FromQuery] AppsRequest request, CancellationToken cancel)
    {
        var workspace = HttpContext.Workspace;
        var living = db.Set<App>().AsNoTracking().Where(app => app.WorkspaceKey == workspace.Key && app.DeletedAt == null);
        return new Keyset<App, Guid>(app => app.Id)
            .By("natural_id", app => app.NaturalId).By("name", app => app.Name).By("quota_bytes", app => app.QuotaBytes)
            .By("schema_name", app => app.SchemaName).By("created_at", app => app.CreatedAt).By("updated_at", app => app.UpdatedAt)
            .By("workspace_id", app => app.WorkspaceKey).By("id", app => app.Id)
            .PageAsync(request.Passing(living), HttpContext.Paging, app => AppAnswer.Of(app, workspace), cancel);
    }

    /// <summary>Changes an app: absent members stay. A taken natural id answers 409.</summary>
    [HttpPatch("{id}"), RequireScope(Scopes.AppsWrite, AppInPath = "id")]
    public async Task<AppAnswer> Update(AppChange request, CancellationToken cancel) => AppAnswer.Of(
        await changes.ChangeAsync(HttpContext.Workspace, HttpContext.App, request, cancel), HttpContext.Workspace);

    /// <summary>
    /// Deletes an app with its Postgres workspace. Its natural id is free again; what was told of it keeps counting for the workspace.
    /// </summary>
    [HttpDelete("{id}"), RequireScope(Scopes.AppsWrite, AppInPath = "id"), ProducesResponseType(204)]
    public async Task<IActionResult> Delete(CancellationToken cancel)
    {
        await changes.DeleteAsync(HttpContext.Workspace, HttpContext.App, cancel);
        return NoContent();
    }
}
