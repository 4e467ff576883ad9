using Analytics.Contract;
using Analytics.Http;
using Analytics.Http.OpenApi;
using Analytics.Storage;
using Analytics.Storage.Schema;
using Analytics.Tenancy;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace Analytics.Features.Workspaces;

/// <summary>Invitations to a workspace: how a member comes without a key.</summary>
[ApiController, Route("api/workspaces/{id}/invitations"), RequireAdmin(WorkspaceInPath = "id")]
sealed class InvitationsController(AnalyticsDb db, TimeProvider time) : ControllerBase
{
    /// <summary>
    /// Invites somebody. Whoever opens the answer's <c>url</c> first is made a member, unless they are one, and is signed in to this
    /// workspace only. It is shown this once.
    /// </summary>
    [HttpPost, ProducesResponseType<MadeInvitation>(201)]
    [Example(Request = """{"email":"ada@example.com","name":"Ada","role":"viewer","expires_in":604800}""")]
    public async Task<IActionResult> Create(NewInvitation request, CancellationToken cancel)
    {
        var (code, now) = (SignInCode.New(), time.GetStoreNow());
        var invitation = new Invitation
        {
            Id = Guid.CreateVersion7(now),
            WorkspaceKey = HttpContext.Workspace.Key,
            Email = request.Email!.ToLowerInvariant(),
            Name = request.Name!,
            Role = request.Role!,
            CodeHash = code.Hash(),
            ExpiresAt = now.AddSeconds(request.ExpiresIn),
            CreatedAt = now,
        };
        db.Set<Invitation>().Add(invitation);
        await db.SaveChangesAsync(cancel);
        return Created(
            $"{Request.PathBase}/api/workspaces/{HttpContext.Workspace.Id}/invitations/{invitation.Id}",
            MadeInvitation.Of(invitation, code.UrlUnder(Request.OwnAddress)));
    }

    /// <summary>The invitations that wait: neither opened nor over.</summary>
    [HttpGet, Paged("created_at", "created_at", "email", "name", "role", "expires_at", "id")]
    public Task<Page<InvitationAnswer>> List(CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        return new Keyset<Invitation, Guid>(i => i.Id)
            .By("created_at", i => i.CreatedAt).By("email", i => i.Email).By("name", i => i.Name).By("role", i => i.Role)
            .By("expires_at", i => i.ExpiresAt).By("id", i => i.Id)
            .PageAsync(OfWorkspace().AsNoTracking().Where(i => i.ExpiresAt > now), HttpContext.Paging, InvitationAnswer.Of, cancel);
    }

    /// <summary>Takes an invitation back. Who has opened it is a member by now, and is taken out as one.</summary>
    [HttpDelete("{invitation_id}"), ProducesResponseType(204)]
    public async Task<IActionResult> Delete([FromRoute(Name = "invitation_id")] Guid invitationId, CancellationToken cancel) =>
        await OfWorkspace().Where(i => i.Id == invitationId).ExecuteDeleteAsync(cancel) > 0
            ? NoContent()
            : throw ProblemException.NotFound();

    IQueryable<Invitation> OfWorkspace()
    {
        var workspace = HttpContext.Workspace.Key;
        return db.Set<Invitation>().Where(i => i.WorkspaceKey == workspace);
    }
}
