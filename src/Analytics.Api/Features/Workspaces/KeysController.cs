using Analytics.Contract;
using Analytics.Http;
using Analytics.Http.OpenApi;
using Analytics.Storage;
using Analytics.Storage.Schema;
using Analytics.Tenancy;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace Analytics.Features.Workspaces;

/// <summary>Keys of a workspace.</summary>
[ApiController, Route("api/workspaces/{id}/keys"), RequireAdmin(WorkspaceInPath = "id")]
sealed class KeysController(AnalyticsDb db, AuditTrail audit, ForgetTenants forget, TimeProvider time) : ControllerBase
{
    /// <summary>Makes a key. The answer's <c>key</c> is shown this once.</summary>
    [HttpPost, ProducesResponseType<MadeKey>(201)]
    [Example(Request =
        """{"name":"backend","scopes":["events:write","events:read"],"customer_id":null,"expires_at":"2099-01-01T00:00:00Z"}""")]
    public async Task<IActionResult> Create(NewKey request, CancellationToken cancel)
    {
        var workspace = HttpContext.Workspace;
        if (request.CustomerId is { } customer
            && !await db.Set<Customer>().AnyAsync(c => c.WorkspaceKey == workspace.Key && c.Id == customer, cancel))
            throw ProblemException.Invalid(new Problem("/customer_id", "unknown", "The workspace has no such customer."));

        var text = ApiKeyText.New();
        var key = new ApiKey
        {
            Id = text.Id,
            SecretHash = text.SecretHash(),
            WorkspaceKey = workspace.Key,
            Name = request.Name!,
            Scopes = [.. request.Scopes!.Distinct()],
            CustomerId = request.CustomerId,
            CreatedAt = time.GetStoreNow(),
            ExpiresAt = request.ExpiresAt?.ToMicroseconds(),
        };
        db.Set<ApiKey>().Add(key);
        audit.Tell(workspace, AuditRecords.KeyCreated(key, HttpContext.Caller), key.CreatedAt);
        await db.SaveChangesAsync(cancel);
        forget();
        await audit.DeliverAsync(cancel);
        return Created($"{Request.PathBase}/api/workspaces/{workspace.Id}/keys/{key.Id}", MadeKey.Of(key, text));
    }

    /// <summary>The workspace's keys, without their secrets; revoked ones are gone.</summary>
    [HttpGet, Paged("created_at", "created_at", "name", "expires_at", "customer_id", "id")]
    public Task<Page<KeyAnswer>> List(CancellationToken cancel) => KeyRows.PageAsync(OfWorkspace(), HttpContext.Paging, cancel);

    /// <summary>Revokes a key: at once here, within five seconds everywhere.</summary>
    [HttpDelete("{key_id}"), ProducesResponseType(204)]
    public async Task<IActionResult> Revoke([FromRoute(Name = "key_id")] string keyId, CancellationToken cancel)
    {
        await db.RevokeAsync(OfWorkspace().Where(k => k.Id == keyId), audit, HttpContext.Caller, time.GetStoreNow(), cancel);
        forget();
        await audit.DeliverAsync(cancel);
        return NoContent();
    }

    // What an invitation made is its user's.
    IQueryable<ApiKey> OfWorkspace()
    {
        var workspace = HttpContext.Workspace.Key;
        return db.Set<ApiKey>().Where(k => k.WorkspaceKey == workspace && k.UserId == null);
    }
}
