using Analytics.Contract;
using Analytics.Http.OpenApi;
using Analytics.Tenancy;
using Microsoft.AspNetCore.Mvc;

namespace Analytics.Features.Erasure;

/// <summary>The job that erases a customer.</summary>
public sealed record ErasureStarted(Guid JobId);

/// <summary>
/// How far an erasure is: <c>status</c> is running, verifying or done; <c>events</c> counts the events and API requests that were
/// scrubbed, <c>rollups</c> what was changed in them (they know people by number only, so none ever has to); <c>verified_at</c> says when
/// nothing was found any more.
/// </summary>
public sealed record ErasureAnswer(
    Guid JobId, [property: OneOf("running", "verifying", "done")] string Status, long Events, long Rollups, DateTimeOffset? VerifiedAt);

/// <summary>Erasing customers.</summary>
[ApiController, RequireScope(Scopes.CustomersWrite)]
sealed class ErasureController(CustomerErasure erasure, ErasuresQuery erasures, WakeErasure wake) : ControllerBase
{
    /// <summary>
    /// Erases a customer: its ids become a random pseudonym at once, texts of its events and requests go in the background, every total
    /// stays. Portal keys bound to it go with it.
    /// </summary>
    [HttpDelete("/api/customers/{id}"), ProducesResponseType<ErasureStarted>(202)]
    public async Task<IActionResult> EraseCustomer(Guid id, CancellationToken cancel)
    {
        var job = await erasure.StartAsync(HttpContext.Workspace, id, HttpContext.Caller, cancel);
        wake();
        return Accepted($"{Request.PathBase}/api/erasures/{job}", new ErasureStarted(job));
    }

    /// <summary>How far an erasure is.</summary>
    [HttpGet("/api/erasures/{job_id}")]
    public async Task<ErasureAnswer> Get([FromRoute(Name = "job_id")] Guid jobId, CancellationToken cancel) =>
        await erasures.FindAsync(HttpContext.Workspace.Key, jobId, cancel) is { } answer
            ? answer
            : throw ProblemException.NotFound();
}
