using Analytics.Contract;
using Analytics.Storage;
using Analytics.Storage.Schema;
using Npgsql;

namespace Analytics.AppDatabases;

/// <summary>
/// The Postgres workspaces of apps, made and removed: of one workspace's apps one after the other, whichever nodes are asked. Everything
/// may be asked for again; what a crash left half done is finished by whoever comes next.
/// </summary>
sealed class AppWorkspaces(AppServer server, AppRoles roles, AppDatabase database, TimeProvider time)
{
    const int Lock = 0x61707073;
    const int Shared = 0;

    const string LivesSql = """
        select true
        from apps
        join workspaces using (workspace_id)
        where workspace_id = $1 and app = $2 and deleted_at is null
        """;

    const string NamedSql = """
        update apps
        set schema_name = $3, updated_at = $4
        where workspace_id = $1 and app = $2 and schema_name is distinct from $3
        """;

    const string RemovedSql = "update apps set schema_name = null where workspace_id = $1 and app = $2";

    /// <summary>What an app's schema is called, or will be.</summary>
    public static string SchemaOf(App app) => AppPlace.SchemaOf(app.Number);

    /// <summary>Makes the app's schema and login, and gives the connection string of these; null when they were there.</summary>
    public Task<string?> MakeAsync(App app, CancellationToken cancel) => HoldingAsync<string?>(
        app.WorkspaceKey,
        async store =>
        {
            var place = await EnsureAsync(store, app, cancel);
            return await AppRoles.IsOpenAsync(store, place, cancel) ? null : await OpenAsync(store, place, cancel);
        },
        cancel);

    /// <summary>Gives the app's login a new password. Whoever uses the old one is out at once.</summary>
    public Task<string> RenewAsync(App app, CancellationToken cancel) => HoldingAsync(
        app.WorkspaceKey, async store => await OpenAsync(store, await EnsureAsync(store, app, cancel), cancel), cancel);

    /// <summary>Puts right what somebody changed about the logins' rights.</summary>
    public Task MendAsync(App app, CancellationToken cancel) =>
        HoldingAsync(app.WorkspaceKey, store => EnsureAsync(store, app, cancel), cancel);

    /// <summary>Drops the schema and the logins of a deleted app.</summary>
    public Task RemoveAsync(int workspace, int app, CancellationToken cancel) => HoldingAsync(
        workspace,
        async store =>
        {
            var names = await server.NamesAsync(cancel);
            await database.DropSchemaAsync(store, names, names.Of(workspace, app), cancel);
            return await store.ExecuteAsync(RemovedSql, [workspace, app], cancel);
        },
        cancel);

    /// <summary>Drops the database of a deleted workspace's apps, and their logins; does nothing when there is none.</summary>
    public Task RemoveAllAsync(int workspace, CancellationToken cancel) => HoldingAsync(
        workspace,
        async store =>
        {
            var names = await server.NamesAsync(cancel);
            await database.DropAsync(store, names, names.Database(workspace), cancel);
            return true;
        },
        cancel);

    // Before anybody gets a password the app names its schema: what is to be removed of a deleted app is found by that.
    async Task<AppPlace> EnsureAsync(NpgsqlConnection store, App app, CancellationToken cancel)
    {
        if (!await store.ScalarAsync<bool>(LivesSql, [app.WorkspaceKey, app.Number], cancel))
            throw ProblemException.NotFound();
        var names = await server.NamesAsync(cancel);
        var place = names.Of(app.WorkspaceKey, app.Number);
        await HoldAsync(store, Shared, cancel);
        await roles.EnsureAsync(store, names, place, cancel);
        await AppDatabase.EnsureAsync(store, names, place, cancel);
        await LetGoAsync(store, Shared);
        await database.EnsureSchemaAsync(names, place, cancel);
        await store.ExecuteAsync(NamedSql, [app.WorkspaceKey, app.Number, place.Schema, time.GetStoreNow().UtcDateTime], cancel);
        return place;
    }

    async Task<string> OpenAsync(NpgsqlConnection store, AppPlace place, CancellationToken cancel) =>
        await server.UriAsync(place, await AppRoles.OpenAsync(store, place, cancel), cancel);

    async Task<T> HoldingAsync<T>(int workspace, Func<NpgsqlConnection, Task<T>> work, CancellationToken cancel)
    {
        await using var store = await server.Store.OpenConnectionAsync(cancel);
        await store.ExecuteAsync("set lock_timeout = '10s'", [], cancel);
        await HoldAsync(store, workspace, cancel);
        try
        {
            return await work(store);
        }
        finally
        {
            await store.ExecuteAsync("select pg_advisory_unlock_all()", [], CancellationToken.None);
        }
    }

    static Task<int> HoldAsync(NpgsqlConnection store, int what, CancellationToken cancel) =>
        store.ExecuteAsync("select pg_advisory_lock($1, $2)", [Lock, what], cancel);

    static Task<int> LetGoAsync(NpgsqlConnection store, int what) =>
        store.ExecuteAsync("select pg_advisory_unlock($1, $2)", [Lock, what], CancellationToken.None);
}
