using Analytics.Contract;
using Analytics.Http;
using Analytics.Storage;
using Analytics.Storage.Schema;
using Analytics.Tenancy;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace Analytics.Features.Workspaces;

/// <summary>Keys of a user: only the root key and the user's own get at them.</summary>
[ApiController, Route("api/users/{id}/keys"), RequireSelf]
sealed class UserKeysController(AnalyticsDb db, AuditTrail audit, ForgetTenants forget, TimeProvider time) : ControllerBase
{
    /// <summary>Makes a key that acts as the user. The answer's <c>key</c> is shown this once.</summary>
    [HttpPost, ProducesResponseType<MadeKey>(201)]
    public async Task<IActionResult> Create(Guid id, NewUserKey request, CancellationToken cancel)
    {
        await RequireUserAsync(id, cancel);
        var text = ApiKeyText.New();
        var key = new ApiKey
        {
            Id = text.Id,
            SecretHash = text.SecretHash(),
            UserId = id,
            Name = request.Name ?? "key",
            CreatedAt = time.GetStoreNow(),
            ExpiresAt = request.ExpiresAt?.ToMicroseconds(),
        };
        db.Set<ApiKey>().Add(key);
        await audit.TellWhereGoodAsync(key, AuditRecords.KeyCreated(key, HttpContext.Caller), key.CreatedAt, cancel);
        await db.SaveChangesAsync(cancel);
        forget();
        await audit.DeliverAsync(cancel);
        return Created($"{Request.PathBase}/api/users/{id}/keys/{key.Id}", MadeKey.Of(key, text));
    }

    /// <summary>The user's keys, without their secrets; revoked ones are gone.</summary>
    [HttpGet, Paged("created_at", "created_at", "name", "expires_at", "customer_id", "id")]
    public async Task<Page<KeyAnswer>> List(Guid id, CancellationToken cancel)
    {
        await RequireUserAsync(id, cancel);
        return await KeyRows.PageAsync(db.Set<ApiKey>().Where(k => k.UserId == id), HttpContext.Paging, cancel);
    }

    /// <summary>Revokes a key: at once here, within five seconds everywhere.</summary>
    [HttpDelete("{key_id}"), ProducesResponseType(204)]
    public async Task<IActionResult> Revoke(Guid id, [FromRoute(Name = "key_id")] string keyId, CancellationToken cancel)
    {
        var key = db.Set<ApiKey>().Where(k => k.Id == keyId && k.UserId == id);
        await db.RevokeAsync(key, audit, HttpContext.Caller, time.GetStoreNow(), cancel);
        forget();
        await audit.DeliverAsync(cancel);
        return NoContent();
    }

    async Task RequireUserAsync(Guid id, CancellationToken cancel)
    {
        if (!await db.Set<User>().AnyAsync(u => u.Id == id, cancel))
            throw ProblemException.NotFound();
    }
}
