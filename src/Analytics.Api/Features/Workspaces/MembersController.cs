using Analytics.Contract;
using Analytics.Http;
using Analytics.Storage;
using Analytics.Storage.Schema;
using Analytics.Tenancy;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace Analytics.Features.Workspaces;

/// <summary>Members of a workspace and their roles.</summary>
[ApiController, Route("api/workspaces/{id}/members"), RequireAdmin(WorkspaceInPath = "id")]
sealed class MembersController(AnalyticsDb db, AuditTrail audit, ForgetTenants forget, TimeProvider time) : ControllerBase
{
    /// <summary>The workspace's members.</summary>
    [HttpGet, Paged("email", "email", "name", "role", "created_at", "user_id")]
    public Task<Page<MemberAnswer>> List(CancellationToken cancel)
    {
        var rows = Members();
        return new Keyset<MemberRow, Guid>(m => m.UserId)
            .By("email", m => m.Email).By("name", m => m.Name).By("role", m => m.Role).By("created_at", m => m.CreatedAt)
            .By("user_id", m => m.UserId)
            .PageAsync(rows, HttpContext.Paging, Answer, cancel);
    }

    /// <summary>
    /// Gives a user a role in the workspace; the user becomes a member when not one yet. Admins bring in users whom they made (POST of
    /// their email) or who are in another workspace of theirs; others are 404.
    /// </summary>
    [HttpPut("{user_id}")]
    public async Task<MemberAnswer> Set(
        [FromRoute(Name = "user_id")] Guid userId, NewMember request, CancellationToken cancel)
    {
        if (!await db.MayJoinAsync(HttpContext.Caller, userId, cancel))
            throw ProblemException.NotFound();
        await using (var transaction = await db.Database.BeginTransactionAsync(cancel))
        {
            await ChangeAsync(userId, request.Role!, cancel);
            await transaction.CommitAsync(cancel);
        }
        forget();
        await audit.DeliverAsync(cancel);
        return Answer(await Members().SingleAsync(member => member.UserId == userId, cancel));
    }

    /// <summary>
    /// Takes a user out of the workspace, with the sessions that invitations to it gave them and the invitations that still wait for them.
    /// </summary>
    [HttpDelete("{user_id}"), ProducesResponseType(204)]
    public async Task<IActionResult> Remove([FromRoute(Name = "user_id")] Guid userId, CancellationToken cancel)
    {
        var workspace = HttpContext.Workspace.Key;
        await using (var transaction = await db.Database.BeginTransactionAsync(cancel))
        {
            await RemoveAsync(userId, cancel);
            await db.Set<Invitation>()
                .Where(i => i.WorkspaceKey == workspace && db.Set<User>().Any(u => u.Id == userId && u.Email == i.Email))
                .ExecuteDeleteAsync(cancel);
            await transaction.CommitAsync(cancel);
        }
        forget();
        await audit.DeliverAsync(cancel);
        return NoContent();
    }

    // Who changes the same user's role at once waits for the user, or neither knew which role was before.
    async Task ChangeAsync(Guid user, string role, CancellationToken cancel)
    {
        var (workspace, now) = (HttpContext.Workspace, time.GetStoreNow());
        await db.Database.ExecuteSqlAsync($"select from users where id = {user} for no key update", cancel);
        var before = (await db.Set<MembershipRow>()
            .FromSql($"select * from memberships where workspace_id = {workspace.Key} and user_id = {user} for update")
            .AsNoTracking().ToListAsync(cancel)).SingleOrDefault()?.Role;
        if (before == role)
            return;
        await db.Database.ExecuteSqlAsync($"""
            insert into memberships (workspace_id, user_id, role, created_at)
            values ({workspace.Key}, {user}, {role}, {now})
            on conflict (workspace_id, user_id) do update set role = excluded.role
            """, cancel);
        audit.Tell(workspace, AuditRecords.MemberChanged(user, before, role, HttpContext.Caller), now);
        await db.SaveChangesAsync(cancel);
    }

    async Task RemoveAsync(Guid user, CancellationToken cancel)
    {
        var (workspace, now) = (HttpContext.Workspace, time.GetStoreNow());
        var removed = await db.Set<MembershipRow>()
            .FromSql($"delete from memberships where workspace_id = {workspace.Key} and user_id = {user} returning *")
            .AsNoTracking().ToListAsync(cancel);
        if (removed is not [var member])
            throw ProblemException.NotFound();
        audit.Tell(workspace, AuditRecords.MemberChanged(user, member.Role, null, HttpContext.Caller), now);
        var keys = await db.Set<ApiKey>()
            .FromSql($"delete from api_keys where workspace_id = {workspace.Key} and user_id = {user} returning *")
            .AsNoTracking().ToListAsync(cancel);
        foreach (var key in keys.Where(key => key.RevokedAt is null))
            audit.Tell(workspace, AuditRecords.KeyRevoked(key, HttpContext.Caller), now);
        await db.SaveChangesAsync(cancel);
    }

    /// <summary>The workspace's members, under the names its admins brought them in by.</summary>
    IQueryable<MemberRow> Members()
    {
        var workspace = HttpContext.Workspace.Key;
        return
            from membership in db.Set<MembershipRow>()
            join user in db.Set<User>() on membership.UserId equals user.Id
            where membership.WorkspaceKey == workspace
            let introduced = db.Set<Introduction>().FirstOrDefault(i => i.WorkspaceKey == workspace && i.UserId == user.Id)
            select new MemberRow
            {
                UserId = user.Id,
                Email = user.Email,
                Name = introduced == null ? user.Name : introduced.Name,
                Role = membership.Role,
                CreatedAt = membership.CreatedAt,
            };
    }

    static MemberAnswer Answer(MemberRow member) => new(member.UserId, member.Email, member.Name, member.Role, member.CreatedAt);

    sealed class MemberRow
    {
        public Guid UserId { get; init; }
        public required string Email { get; init; }
        public required string Name { get; init; }
        public required string Role { get; init; }
        public DateTimeOffset CreatedAt { get; init; }
    }
}
