using System.Text.Json;
using Npgsql;

namespace Analytics.Tests.Features.Apps;

/// <summary>A service whose login at the store is no superuser.</summary>
public sealed class StoreLoginTests(AnalyticsApi api)
{
    [Fact]
    public async Task A_login_that_may_make_roles_and_databases_is_enough()
    {
        await using var store = await LesserStore.StartAsync(api, "createdb createrole");
        var app = await store.NewAppAsync();
        var made = await store.Workspace.PostAsync($"{app}/workspace", status: 201);
        await using var login = LesserStore.LoginOf(made);
        await ExecuteAsync(login, "create table notes (id int primary key); insert into notes values (1)");
        await ExecuteAsync(login, "create table hidden (n int); alter table hidden enable row level security; insert into hidden values (1)");

        var shown = await store.Workspace.PostAsync($"{app}/stats/tables/notes/preview");
        var tables = await store.Workspace.GetAsync($"{app}/stats/tables");
        var renewed = await store.Workspace.PostAsync($"{app}/workspace/credentials", status: 201);
        await using var again = LesserStore.LoginOf(renewed);

        Assert.Equal("""[{"id":1}]""", shown.GetProperty("rows").GetRawText());
        Assert.Equal(2, tables.GetArrayLength());
        await ExecuteAsync(again, "drop table hidden");
        Assert.True(await store.IsThereAsync(AppSchema.Settings(Uri(made)).Username!));
        foreach (var wall in (string[])["create schema mine", "create temp table t (n int)", "set role pg_read_all_data", $"set role {store.Role}"])
            await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(again, wall));

        // Postgres 15 lets it; from 16 on it has no right to.
        await Record.ExceptionAsync(() => ExecuteAsync(again, $"revoke {AppSchema.Settings(Uri(made)).Username} from {store.Role}"));
        await store.Workspace.DeleteAsync(app);
        Assert.False(await store.IsThereAsync(AppSchema.Settings(Uri(made)).Username!));
        await store.Workspace.DeleteAsync(store.WorkspacePath, 403);
        await store.Root.DeleteAsync(store.WorkspacePath);
        await Until.HoldsAsync(async () => !await store.IsThereAsync(AppSchema.Settings(Uri(made)).Database!), "The database stays.");
    }

    [Theory]
    [InlineData("")]
    [InlineData("createdb")]
    [InlineData("createrole")]
    public async Task Without_the_right_to_make_roles_and_databases_there_is_no_workspace(string rights)
    {
        await using var store = await LesserStore.StartAsync(api, rights);
        var app = await store.NewAppAsync();

        var refused = await store.Workspace.PostAsync($"{app}/workspace", status: 409);

        Assert.Contains("may not make roles and databases", refused.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, (await store.Workspace.GetAsync(app)).GetProperty("schema_name").ValueKind);
        Assert.False((await store.Workspace.GetAsync($"{app}/stats")).GetProperty("storage").GetProperty("hasWorkspace").GetBoolean());
    }

    [Fact]
    public async Task A_store_that_every_login_may_connect_to_gets_no_workspaces()
    {
        await using var store = await LesserStore.StartAsync(api, "createdb createrole");
        await store.AsSuperuserAsync($"alter database {store.Role} owner to analytics; grant connect on database {store.Role} to public");

        await store.Workspace.PostAsync($"{await store.NewAppAsync()}/workspace", status: 409);

        await store.AsSuperuserAsync(
            $"grant connect on database {store.Role} to {store.Role}; revoke connect on database {store.Role} from public");
        await store.Workspace.PostAsync($"{await store.NewAppAsync()}/workspace", status: 201);
    }

    [Theory]
    [InlineData("create role {0}_apps")]
    [InlineData("create role {0}_apps_1_1 login")]
    [InlineData("create role {0}_apps_1_1_reader superuser")]
    public async Task Somebody_elses_role_is_not_taken(string theirs)
    {
        await using var store = await LesserStore.StartAsync(api, "superuser");
        var app = await store.NewAppAsync();
        await store.AsSuperuserAsync(theirs.Replace("{0}", store.Role, StringComparison.Ordinal));

        await store.Workspace.PostAsync($"{app}/workspace", status: 409);
    }

    [Fact]
    public async Task Somebody_elses_database_is_neither_taken_nor_dropped()
    {
        await using var store = await LesserStore.StartAsync(api, "superuser");
        var app = await store.NewAppAsync();
        await store.AsSuperuserAsync($"create database {store.Role}_apps_1");

        await store.Workspace.PostAsync($"{app}/workspace", status: 409);
        await store.Root.DeleteAsync(store.WorkspacePath);
        await Until.HoldsAsync(async () => !await store.IsBeingPurgedAsync(), "The workspace is not removed.");

        Assert.True(await store.IsThereAsync($"{store.Role}_apps_1"));
    }

    static string Uri(JsonElement made) => made.GetProperty("connection_string").GetString()!;

    static async Task ExecuteAsync(NpgsqlDataSource login, string sql)
    {
        await using var command = login.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
