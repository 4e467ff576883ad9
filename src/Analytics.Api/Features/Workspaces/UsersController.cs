using Analytics.Contract;
using Analytics.Http;
using Analytics.Storage;
using Analytics.Storage.Schema;
using Analytics.Tenancy;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace Analytics.Features.Workspaces;

/// <summary>Users: people who may belong to several workspaces.</summary>
[ApiController, Route("api/users"), RequireAdmin]
sealed class UsersController(AnalyticsDb db, TimeProvider time) : ControllerBase
{
    /// <summary>
    /// Makes a user. A taken email is a 409 for the root key; an admin, who need not know who else is here, is answered as if it had been
    /// free, with that user's id, and sees that user under the name sent here.
    /// </summary>
    [HttpPost, ProducesResponseType<UserAnswer>(201)]
    public async Task<IActionResult> Create(NewUser request, CancellationToken cancel)
    {
        // The id says nothing of when it was made: it may be somebody's who was here before.
        var user = new User
        {
            Id = Guid.NewGuid(),
            Email = request.Email!.ToLowerInvariant(),
            Name = request.Name!,
            CreatedAt = time.GetStoreNow(),
        };
        if (HttpContext.Caller is not RootCaller)
            return Made(await db.IntroduceAsync(HttpContext.Caller, user, cancel));
        db.Set<User>().Add(user);
        return await db.TrySaveAsync(cancel)
            ? Made(new KnownUser { Id = user.Id, Email = user.Email, Name = user.Name, CreatedAt = user.CreatedAt })
            : throw ProblemException.Conflict("/email", "Another user has this email.");
    }

    /// <summary>The users the caller may see: all with the root key, else the members of the workspaces the caller manages.</summary>
    [HttpGet, Paged("created_at", "created_at", "email", "name", "id")]
    public async Task<Page<UserAnswer>> List(CancellationToken cancel)
    {
        var page = await new Keyset<KnownUser, Guid>(u => u.Id)
            .By("created_at", u => u.CreatedAt).By("email", u => u.Email).By("name", u => u.Name).By("id", u => u.Id)
            .PageAsync(db.KnownTo(HttpContext.Caller), HttpContext.Paging, user => user, cancel);
        var memberships = await MembershipsAsync([.. page.Data.Select(user => user.Id)], cancel);
        return new([.. page.Data.Select(user => Answer(user, memberships))], page.Meta);
    }

    /// <summary>A user, with memberships. Users may read themselves.</summary>
    [HttpGet("{id}"), RequireAdmin(SelfInPath = "id")]
    public async Task<UserAnswer> Get(Guid id, CancellationToken cancel)
    {
        var users = HttpContext.Caller is UserCaller self && self.IsSelf(id) ? db.Themselves() : db.KnownTo(HttpContext.Caller);
        var user = await users.FirstOrDefaultAsync(u => u.Id == id, cancel) ?? throw ProblemException.NotFound();
        return Answer(user, await MembershipsAsync([id], cancel));
    }

    async Task<ILookup<Guid, MembershipAnswer>> MembershipsAsync(List<Guid> users, CancellationToken cancel)
    {
        var all = HttpContext.Caller is RootCaller;
        var self = (HttpContext.Caller as UserCaller)?.OwnId;
        var managed = HttpContext.Caller.Managed().Select(workspace => workspace.Key).ToList();
        var rows = await (
            from membership in db.Set<MembershipRow>()
            join workspace in db.Set<Workspace>() on membership.WorkspaceKey equals workspace.Key
            where users.Contains(membership.UserId)
            where all || membership.UserId == self || managed.Contains(membership.WorkspaceKey)
            orderby workspace.Slug
            select new { membership.UserId, Membership = new MembershipAnswer(workspace.Id, workspace.Slug, membership.Role) })
            .ToListAsync(cancel);
        return rows.ToLookup(row => row.UserId, row => row.Membership);
    }

    CreatedResult Made(KnownUser user) =>
        Created($"{Request.PathBase}/api/users/{user.Id}", new UserAnswer(user.Id, user.Email, user.Name, user.CreatedAt, []));

    static UserAnswer Answer(KnownUser user, ILookup<Guid, MembershipAnswer> memberships) =>
        new(user.Id, user.Email, user.Name, user.CreatedAt, [.. memberships[user.Id]]);
}
