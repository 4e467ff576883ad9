using Analytics.AppDatabases;
using Analytics.Contract;
using Analytics.Tenancy;
using Microsoft.AspNetCore.Mvc;

namespace Analytics.Features.Apps;

/// <summary>An app's Postgres workspace: a schema for the app's own migrations and code, and a login to it.</summary>
[ApiController, Route("api/apps/{id}/workspace"), RequireScope(Scopes.AppsWrite, AppInPath = "id")]
sealed class AppWorkspaceController(AppWorkspaces workspaces) : ControllerBase
{
    /// <summary>
    /// Makes the app's schema and its login; the connection string, password and all, is shown this once. Where they are already, nothing
    /// changes and it is null.
    /// </summary>
    /// <response code="409">The store's login may not make roles or databases, or close one that is open to everybody.</response>
    [HttpPost, ProducesResponseType<AppWorkspaceAnswer>(200), ProducesResponseType<AppWorkspaceAnswer>(201)]
    public async Task<IActionResult> Make(CancellationToken cancel)
    {
        var made = await workspaces.MakeAsync(HttpContext.App, cancel);
        var answer = new AppWorkspaceAnswer(AppWorkspaces.SchemaOf(HttpContext.App), made);
        return made is null ? Ok(answer) : StatusCode(201, answer);
    }

    /// <summary>A new password for the app's login; the old one is dead, and who came in with it is out. 404 without a workspace.</summary>
    [HttpPost("credentials"), ProducesResponseType<AppWorkspaceAnswer>(201)]
    public async Task<IActionResult> Renew(CancellationToken cancel)
    {
        if (HttpContext.App.SchemaName is null)
            throw ProblemException.NotFound();
        var renewed = await workspaces.RenewAsync(HttpContext.App, cancel);
        return StatusCode(201, new AppWorkspaceAnswer(AppWorkspaces.SchemaOf(HttpContext.App), renewed));
    }
}

/// <summary>Where an app's tables are.</summary>
/// <param name="SchemaName">The schema, which the login's search path is.</param>
/// <param name="ConnectionString">A <c>postgresql://</c> URI with the login's password, shown once; null when it was shown before.</param>
public sealed record AppWorkspaceAnswer(string SchemaName, string? ConnectionString);
