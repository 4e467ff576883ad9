using Analytics.Storage;
using Analytics.Storage.Schema;
using Microsoft.EntityFrameworkCore;

namespace Analytics.Tenancy;

/// <summary>Keys, workspaces, memberships and bound customers as the store has them, remembered for moments.</summary>
sealed class TenantDirectory
{
    // Strangers who try keys take no more connections than this from those who have one.
    const int MaxLooks = 8;

    readonly SemaphoreSlim looks = new(MaxLooks);
    readonly IDbContextFactory<AnalyticsDb> store;
    readonly ShortLivedCache<string, ApiKey?> keys;
    readonly ShortLivedCache<int, Workspace?> workspaces;
    readonly ShortLivedCache<Guid, Workspace?> workspacesById;
    readonly ShortLivedCache<string, Workspace?> workspacesBySlug;
    readonly ShortLivedCache<Guid, IReadOnlyList<Membership>> memberships;
    readonly ShortLivedCache<(int Workspace, Guid Customer), Customer?> customers;

    public TenantDirectory(IDbContextFactory<AnalyticsDb> store, TimeProvider time)
    {
        this.store = store;
        keys = new(time, id => FirstAsync(db => db.Set<ApiKey>().Where(k => k.Id == id)));
        workspaces = new(time, key => FirstAsync(db => db.Set<Workspace>().Where(w => w.Key == key)));
        workspacesById = new(time, id => FirstAsync(db => db.Set<Workspace>().Where(w => w.Id == id)));
        workspacesBySlug = new(time, slug => FirstAsync(db => db.Set<Workspace>().Where(w => w.Slug == slug)));
        memberships = new(time, MembershipsAsync);
        customers = new(time, id => FirstAsync(db =>
            db.Set<Customer>().Where(c => c.WorkspaceKey == id.Workspace && c.Id == id.Customer)));
    }

    public Task<ApiKey?> KeyAsync(string id) => keys.GetAsync(id);

    public Task<Workspace?> WorkspaceAsync(int key) => workspaces.GetAsync(key);

    /// <summary>The workspace with that id, else with that slug.</summary>
    public async Task<Workspace?> NamedAsync(string text)
    {
        var known = Guid.TryParse(text, out var id) ? await workspacesById.GetAsync(id) : null;
        return known is null && Workspace.IsSlug(text) ? await workspacesBySlug.GetAsync(text) : known;
    }

    public Task<IReadOnlyList<Membership>> MembershipsOfAsync(Guid user) => memberships.GetAsync(user);

    public Task<Customer?> CustomerAsync(int workspace, Guid customer) => customers.GetAsync((workspace, customer));

    /// <summary>Called after every change to what is kept here; other nodes notice within two seconds.</summary>
    public void Forget()
    {
        keys.Clear();
        workspaces.Clear();
        workspacesById.Clear();
        workspacesBySlug.Clear();
        memberships.Clear();
        customers.Clear();
    }

    // One request's cancellation must not fail the others that wait for the same answer.
    Task<T?> FirstAsync<T>(Func<AnalyticsDb, IQueryable<T>> rows) where T : class =>
        LookAsync(db => rows(db).AsNoTracking().FirstOrDefaultAsync(CancellationToken.None));

    async Task<T> LookAsync<T>(Func<AnalyticsDb, Task<T>> read)
    {
        await looks.WaitAsync();
        try
        {
            await using var db = await store.CreateDbContextAsync(CancellationToken.None);
            return await read(db);
        }
        finally
        {
            looks.Release();
        }
    }

    Task<IReadOnlyList<Membership>> MembershipsAsync(Guid user) => LookAsync<IReadOnlyList<Membership>>(async db =>
    {
        var query =
            from membership in db.Set<MembershipRow>().AsNoTracking()
            join workspace in db.Set<Workspace>().AsNoTracking() on membership.WorkspaceKey equals workspace.Key
            where membership.UserId == user
            orderby workspace.Key
            select new Membership(workspace, membership.Role);
        return await query.ToListAsync(CancellationToken.None);
    });
}
