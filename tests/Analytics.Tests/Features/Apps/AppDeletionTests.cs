using Npgsql;

namespace Analytics.Tests.Features.Apps;

public sealed class AppDeletionTests(AnalyticsApi api)
{
    [Fact]
    public async Task A_deleted_app_leaves_neither_schema_nor_logins()
    {
        var workspace = await api.NewWorkspaceAsync();
        await using var kept = await AppSchema.OfAsync(workspace, "create table notes (n int)");
        await using var app = await AppSchema.OfAsync(
            workspace, "create table notes (id serial primary key)", "create view v as select * from notes", "create type mood as enum ('sad')",
            "create function f() returns int language sql as 'select 1'",
            $"alter default privileges grant select on tables to {kept.Login}", "grant select on notes to public");
        await using var inside = await app.OpenAsync();
        await using var busy = inside.CreateCommand();
        busy.CommandText = "begin; lock table notes";
        await busy.ExecuteNonQueryAsync();

        await workspace.DeleteAsync(app.Path);

        await GoneAsync(app);
        Assert.Equal(1, await kept.AskAsync<int>("select 1"));
        Assert.False(await kept.AskAsync<bool>($"select exists (select from pg_namespace where nspname = '{app.Name}')"));
        busy.CommandText = "select 1";
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => busy.ExecuteScalarAsync());
        await workspace.PostAsync($"{app.Path}/workspace", status: 404);
    }

    [Fact]
    public async Task An_app_of_many_tables_that_hang_together_is_deleted()
    {
        await using var app = await AppSchema.OfAsync(
            await api.NewWorkspaceAsync(), "create table t_0 (id int primary key) partition by range (id)", "create table part partition of t_0 default",
            """
            do $$ begin
                for n in 1..250 loop
                    execute format('create table "T %s" (id int primary key references t_0, it text)', n);
                end loop;
            end $$
            """,
            "create view v as select * from \"T 1\" join \"T 250\" using (id, it)");

        await app.Workspace.DeleteAsync(app.Path);

        await GoneAsync(app);
    }

    [Fact]
    public async Task An_app_that_was_never_given_a_workspace_is_deleted()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.DeleteAsync($"/api/apps/{await workspace.NewAppAsync()}");
    }

    [Fact]
    public async Task What_cannot_be_removed_now_is_removed_later()
    {
        await using var app = await AppSchema.OfAsync(await api.NewWorkspaceAsync(), "create table notes (n int)");
        // An operator's own session holds the table; it is not the app's to end.
        await using var operators = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(api.ConnectionString) { Database = app.Database, Pooling = false }.ConnectionString);
        await operators.OpenAsync();
        await using var hold = operators.CreateCommand();
        hold.CommandText = $"begin; lock table {app.Name}.notes";
        await hold.ExecuteNonQueryAsync();

        await app.Workspace.DeleteAsync(app.Path);
        await app.Workspace.GetAsync(app.Path, 404);
        Assert.NotEqual([], await NamesAsync(app.Login));
        await operators.CloseAsync();

        await GoneAsync(app);
    }

    [Fact]
    public async Task A_deleted_workspace_leaves_neither_database_nor_logins()
    {
        var workspace = await api.NewWorkspaceAsync();
        await using var one = await AppSchema.OfAsync(workspace, "create table notes (n int)");
        await using var other = await AppSchema.OfAsync(workspace);
        await using var kept = await AppSchema.OfAsync(await api.NewWorkspaceAsync());
        await using var inside = await one.OpenAsync();
        Assert.Equal(5, (await NamesAsync(one.Database)).Count);

        await api.Root.DeleteAsync($"/api/workspaces/{workspace.Id}");

        await Until.HoldsAsync(async () => (await NamesAsync(one.Database)).Count == 0, "Something stays.");
        Assert.Equal(1, await kept.AskAsync<int>("select 1"));
    }

    /// <summary>Waits until nothing of an app's logins is left: what a removal cannot do at once is done soon.</summary>
    Task GoneAsync(AppSchema app) => Until.HoldsAsync(async () => (await NamesAsync(app.Login)).Count == 0, "The app's logins stay.");

    /// <summary>The databases and roles of the server whose names are this one or go on behind it.</summary>
    async Task<List<string>> NamesAsync(string name)
    {
        await using var all = api.Store.CreateCommand("""
            select name
            from (select datname::text from pg_database union all select rolname::text from pg_roles) as names (name)
            where name = $1 or starts_with(name, $1 || '_')
            """);
        all.Parameters.Add(new() { Value = name });
        var found = new List<string>();
        await using var row = await all.ExecuteReaderAsync();
        while (await row.ReadAsync())
            found.Add(row.GetString(0));
        return found;
    }
}
