using System.Security.Cryptography;
using Analytics.Contract;
using Analytics.Http;
using Analytics.Storage;
using Analytics.Storage.Facts;
using Analytics.Storage.Schema;
using Analytics.Tenancy;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace Analytics.Features.Workspaces;

/// <summary>Workspaces: the tenants.</summary>
[ApiController, Route("api/workspaces")]
sealed class WorkspacesController(AnalyticsDb db, ForgetTenants forget, WakePurge purge, TimeProvider time) : ControllerBase
{
    /// <summary>Makes a workspace. The slug is unique: a taken one answers 409.</summary>
    [HttpPost, RequireRoot, ProducesResponseType<WorkspaceAnswer>(201)]
    public async Task<IActionResult> Create(NewWorkspace request, CancellationToken cancel)
    {
        var workspace = new Workspace
        {
            Id = Guid.CreateVersion7(time.GetUtcNow()),
            Name = request.Name!,
            Slug = request.Slug!,
            Timezone = request.Timezone ?? "UTC",
            Currency = request.Currency?.ToLowerInvariant() ?? "usd",
            RetentionDays = request.RetentionDays ?? 365,
            HashKey = RandomNumberGenerator.GetBytes(32),
            CreatedAt = time.GetStoreNow(),
        };
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        db.Set<Workspace>().Add(workspace);
        if (!await db.TrySaveAsync(cancel))
            throw SlugTaken();
        await AddCountersAsync(workspace, cancel);
        await transaction.CommitAsync(cancel);
        forget();
        return Created($"{Request.PathBase}/api/workspaces/{workspace.Id}", WorkspaceAnswer.Of(workspace));
    }

    /// <summary>A workspace.</summary>
    [HttpGet("{id}"), RequireAdmin(WorkspaceInPath = "id")]
    public WorkspaceAnswer Get() => WorkspaceAnswer.Of(HttpContext.Workspace);

    /// <summary>The workspaces the caller manages: all of them with the root key.</summary>
    [HttpGet, RequireAdmin, Paged("name", "name", "slug", "created_at", "timezone", "currency", "retention_days", "id")]
    public Task<Page<WorkspaceAnswer>> List(CancellationToken cancel)
    {
        var rows = db.Set<Workspace>().AsNoTracking();
        if (HttpContext.Caller is not RootCaller)
        {
            var managed = HttpContext.Caller.Managed().Select(workspace => workspace.Key).ToList();
            rows = rows.Where(w => managed.Contains(w.Key));
        }
        return new Keyset<Workspace, Guid>(w => w.Id)
            .By("name", w => w.Name).By("slug", w => w.Slug).By("created_at", w => w.CreatedAt)
            .By("timezone", w => w.Timezone).By("currency", w => w.Currency).By("retention_days", w => w.RetentionDays).By("id", w => w.Id)
            .PageAsync(rows, HttpContext.Paging, WorkspaceAnswer.Of, cancel);
    }

    /// <summary>Changes a workspace. The currency is fixed once a cost is stored (409).</summary>
    [HttpPatch("{id}"), RequireAdmin(WorkspaceInPath = "id")]
    public async Task<WorkspaceAnswer> Update(WorkspaceChange request, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        // The writer notes a first cost under the same lock.
        var workspace = await LockedAsync(cancel);
        var currency = request.Currency?.ToLowerInvariant() ?? workspace.Currency;
        if (currency != workspace.Currency && await HasCostAsync(workspace.Key, cancel))
            throw ProblemException.Conflict("/currency", "The currency is fixed: costs are stored in it.");
        workspace.Currency = currency;
        workspace.Name = request.Name ?? workspace.Name;
        workspace.Slug = request.Slug ?? workspace.Slug;
        workspace.Timezone = request.Timezone ?? workspace.Timezone;
        workspace.RetentionDays = request.RetentionDays ?? workspace.RetentionDays;
        if (db.Entry(workspace).Property(w => w.Timezone).IsModified)
            await db.FollowZoneAsync(workspace, time.GetStoreNow(), cancel);
        if (!await db.TrySaveAsync(cancel))
            throw SlugTaken();
        await transaction.CommitAsync(cancel);
        forget();
        return WorkspaceAnswer.Of(workspace);
    }

    /// <summary>Deletes a workspace with its keys and members at once; its facts go in the background.</summary>
    [HttpDelete("{id}"), RequireAdmin(WorkspaceInPath = "id"), ProducesResponseType(204)]
    public async Task<IActionResult> Delete(CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var key = (await LockedAsync(cancel)).Key;
        await db.Database.ExecuteSqlAsync($"insert into workspace_purges values ({key}, {time.GetStoreNow()})", cancel);
        // Without its row of counters nothing can be written any more.
        await db.Database.ExecuteSqlAsync($"delete from workspace_seq where workspace_id = {key}", cancel);
        await db.Set<Workspace>().Where(w => w.Key == key).ExecuteDeleteAsync(cancel);
        await transaction.CommitAsync(cancel);
        forget();
        purge();
        return NoContent();
    }

    /// <summary>The workspace, held, if it still is what the path names: another may have its slug by now.</summary>
    async Task<Workspace> LockedAsync(CancellationToken cancel)
    {
        var key = HttpContext.Workspace.Key;
        if (!await db.LockAsync(key, cancel))
            throw ProblemException.NotFound();
        var workspace = await db.Set<Workspace>().SingleAsync(w => w.Key == key, cancel);
        var name = HttpContext.GetRouteValue("id")?.ToString();
        return workspace.Slug == name || (Guid.TryParse(name, out var id) && id == workspace.Id)
            ? workspace
            : throw ProblemException.NotFound();
    }

    async Task AddCountersAsync(Workspace workspace, CancellationToken cancel)
    {
        await db.Database.ExecuteSqlAsync(
            $"insert into workspace_seq (workspace_id, fields) values ({workspace.Key}, {FieldCatalogue.LastBuiltIn})", cancel);
        await db.Database.ExecuteSqlAsync($"""
            insert into fields (workspace_id, field, path, ready, created_at)
            select {workspace.Key}, place, path, true, {workspace.CreatedAt}
            from unnest({FieldCatalogue.BuiltIn}) with ordinality as built_in (path, place)
            """, cancel);
    }

    async Task<bool> HasCostAsync(int workspace, CancellationToken cancel) => await db.Database
        .SqlQuery<bool>($"select cost_stored as \"Value\" from workspaces where workspace_id = {workspace}")
        .SingleAsync(cancel);

    static ProblemException SlugTaken() => ProblemException.Conflict("/slug", "Another workspace has this slug.");
}
