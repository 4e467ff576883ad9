using Analytics.Contract;
using Analytics.Http;
using Analytics.Http.OpenApi;
using Analytics.Storage;
using Analytics.Storage.Schema;
using Analytics.Tenancy;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace Analytics.Features.Webhooks;

/// <summary>Webhooks of a workspace: who is told what the service itself writes into the event log.</summary>
[ApiController, CamelCase, Route("api/v1/webhooks"), RequireScope(Scopes.ReportsWrite)]
sealed class WebhooksController(AnalyticsDb db, WebhookChanges changes) : ControllerBase
{
    /// <summary>
    /// Makes a webhook, of which the workspace has at most 20. Messages are signed by the scheme of Standard Webhooks with
    /// <c>secret</c>, which is shown this once. Addresses of private and special networks answer 400.
    /// </summary>
    [HttpPost, ProducesResponseType<MadeWebhook>(201)]
    [Example(Request = """{"url":"https://hooks.example.com/analytics","events":["threshold.exceeded","report.ready"]}""")]
    public async Task<IActionResult> CreateWebhook(NewWebhook request, CancellationToken cancel)
    {
        var (webhook, secret) = await changes.AddAsync(HttpContext.Workspace, request, HttpContext.Caller, cancel);
        return Created($"{Request.PathBase}/api/v1/webhooks/{webhook.Id}", MadeWebhook.Of(webhook, secret));
    }

    /// <summary>The workspace's webhooks, without their secrets.</summary>
    [HttpGet, Paged("createdAt", "createdAt", "url", "enabled", "failingSince", "id")]
    public Task<Page<WebhookAnswer>> ListWebhooks(CancellationToken cancel) => new Keyset<Webhook, Guid>(webhook => webhook.Id)
        .By("createdAt", webhook => webhook.CreatedAt).By("url", webhook => webhook.Url).By("id", webhook => webhook.Id)
        .By("enabled", webhook => webhook.Enabled ? 1 : 0).By("failingSince", webhook => webhook.FailingSince)
        .PageAsync(OfWorkspace(), HttpContext.Paging, WebhookAnswer.Of, cancel);

    /// <summary>A webhook.</summary>
    /// <param name="id">The webhook's id.</param>
    /// <param name="cancel">Ends with the request.</param>
    [HttpGet("{id}")]
    public async Task<WebhookAnswer> GetWebhook(Guid id, CancellationToken cancel) => WebhookAnswer.Of(
        await OfWorkspace().FirstOrDefaultAsync(webhook => webhook.Id == id, cancel) ?? throw ProblemException.NotFound());

    /// <summary>
    /// Changes a webhook: absent members stay. One that is enabled again begins anew, with what it has not taken yet; one that is disabled
    /// is told nothing, later neither.
    /// </summary>
    /// <param name="id">The webhook's id.</param>
    /// <param name="request">What changes.</param>
    /// <param name="cancel">Ends with the request.</param>
    [HttpPatch("{id}"), Example(Request = """{"events":["*"],"enabled":true}""")]
    public async Task<WebhookAnswer> UpdateWebhook(Guid id, WebhookChange request, CancellationToken cancel) =>
        WebhookAnswer.Of(await changes.ChangeAsync(HttpContext.Workspace, id, request, HttpContext.Caller, cancel));

    /// <summary>Deletes a webhook, its secrets and what it has not taken yet.</summary>
    /// <param name="id">The webhook's id.</param>
    /// <param name="cancel">Ends with the request.</param>
    [HttpDelete("{id}"), ProducesResponseType(204)]
    public async Task<IActionResult> DeleteWebhook(Guid id, CancellationToken cancel)
    {
        await changes.DeleteAsync(HttpContext.Workspace, id, HttpContext.Caller, cancel);
        return NoContent();
    }

    /// <summary>
    /// Makes another secret, shown this once. The ones before sign along for 24 h, so that receivers can follow; a webhook with 20 that
    /// sign answers 409.
    /// </summary>
    /// <param name="id">The webhook's id.</param>
    /// <param name="cancel">Ends with the request.</param>
    /// <response code="409">As many secrets sign as may.</response>
    [HttpPost("{id}/secrets"), ProducesResponseType<MadeSecret>(201)]
    public async Task<IActionResult> AddWebhookSecret(Guid id, CancellationToken cancel) =>
        StatusCode(201, new MadeSecret(await changes.RotateAsync(HttpContext.Workspace, id, HttpContext.Caller, cancel)));

    IQueryable<Webhook> OfWorkspace()
    {
        var workspace = HttpContext.Workspace.Key;
        return db.Set<Webhook>().AsNoTracking().Where(webhook => webhook.WorkspaceKey == workspace);
    }
}
