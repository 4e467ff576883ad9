using Npgsql;

namespace Analytics.Tests.Features.Apps;

public sealed class AppWorkspaceTests(AnalyticsApi api)
{
    [Fact]
    public async Task An_app_works_in_its_schema_by_the_connection_string_it_was_given()
    {
        await using var app = await AppSchema.OfAsync(await api.NewWorkspaceAsync(), "create table notes (id int primary key)");

        Assert.Equal(app.Name, await app.AskAsync<string>("select schemaname from pg_tables where tablename = 'notes'"));
        Assert.Equal(app.Name, await app.AskAsync<string>("select current_schema()::text"));
        Assert.Equal(app.Name, (await app.Workspace.GetAsync(app.Path)).GetProperty("schema_name").GetString());
    }

    [Fact]
    public async Task The_connection_string_is_shown_once()
    {
        await using var app = await AppSchema.OfAsync(await api.NewWorkspaceAsync());

        var again = await app.Workspace.PostAsync($"{app.Path}/workspace");

        Assert.Equal(app.Name, again.GetProperty("schema_name").GetString());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, again.GetProperty("connection_string").ValueKind);
        Assert.Equal(1, await app.AskAsync<int>("select 1"));
    }

    [Fact]
    public async Task New_credentials_kill_the_old_ones()
    {
        await using var app = await AppSchema.OfAsync(await api.NewWorkspaceAsync(), "create table notes (id int)");
        await using var inside = await app.OpenAsync();

        var renewed = await app.Workspace.PostAsync($"{app.Path}/workspace/credentials", status: 201);

        var settings = AppSchema.Settings(renewed.GetProperty("connection_string").GetString()!);
        await using var login = NpgsqlDataSource.Create(settings);
        await using var command = login.CreateCommand("select count(*) from notes");
        Assert.Equal(0L, await command.ExecuteScalarAsync());
        await using var old = NpgsqlDataSource.Create(AppSchema.Settings(app.ConnectionString));
        var refused = await Assert.ThrowsAsync<PostgresException>(async () => await old.OpenConnectionAsync());
        Assert.Equal(PostgresErrorCodes.InvalidPassword, refused.SqlState);
        await using var still = new NpgsqlCommand("select 1", inside);
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => still.ExecuteScalarAsync());
    }

    [Fact]
    public async Task An_app_without_a_workspace_has_no_credentials()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.PostAsync($"/api/apps/{await workspace.NewAppAsync()}/workspace/credentials", status: 404);
    }

    [Fact]
    public async Task Only_who_may_write_apps_gets_a_workspace()
    {
        var workspace = await api.NewWorkspaceAsync();
        var path = $"/api/apps/{await workspace.NewAppAsync()}";
        var reader = await workspace.WithScopesAsync("stats:read");
        var stranger = await api.NewWorkspaceAsync();

        foreach (var (client, status) in ((ApiClient, int)[])[(reader, 403), (stranger, 404)])
        {
            await client.PostAsync($"{path}/workspace", status: status);
            await client.PostAsync($"{path}/workspace/credentials", status: status);
            await client.GetAsync($"{path}/stats/tables", status);
        }
    }

    [Fact]
    public async Task Who_ask_at_once_get_one_schema_and_one_password()
    {
        var workspace = await api.NewWorkspaceAsync();
        var id = await workspace.NewAppAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(async _ =>
        {
            using var answer = await workspace.AskAsync(HttpMethod.Post, $"/api/apps/{id}/workspace");
            return (int)answer.StatusCode;
        }));

        Assert.Equal([200, 200, 200, 200, 201], answers.Order());
    }

    /// <summary>What a crash may have left of an app's workspace: it ended before anybody had a password.</summary>
    [Theory]
    [InlineData("drop database \"{database}\" with (force)")]
    [InlineData("drop database \"{database}\" with (force); drop role \"{login}_reader\"")]
    [InlineData("drop database \"{database}\" with (force); drop role \"{login}_reader\"; drop role \"{login}\"")]
    [InlineData("grant connect on database \"{database}\" to public;revoke connect on database \"{database}\" from \"{login}\"")]
    [InlineData("select 1")]
    public async Task What_a_crash_left_half_made_is_finished(string left)
    {
        await using var app = await AppSchema.OfAsync(await api.NewWorkspaceAsync());
        foreach (var statement in (string[])
        [
            $"alter role \"{app.Login}\" nologin", $"update apps set schema_name = null where id = '{app.Id}'",
            .. left.Replace("{database}", app.Database, StringComparison.Ordinal).Replace("{login}", app.Login, StringComparison.Ordinal).Split("; "),
        ])
        {
            await using var command = api.Store.CreateCommand(statement);
            await command.ExecuteNonQueryAsync();
        }

        var made = await app.Workspace.PostAsync($"{app.Path}/workspace", status: 201);

        await using var login = NpgsqlDataSource.Create(AppSchema.Settings(made.GetProperty("connection_string").GetString()!));
        await using var migration = login.CreateCommand("create table notes (n int)");
        await migration.ExecuteNonQueryAsync();
        await app.PreviewAsync("notes");
        await using var open = api.Store.CreateCommand($"select has_database_privilege('public', '{app.Database}', 'connect')");
        Assert.Equal(false, await open.ExecuteScalarAsync());
    }

    [Fact]
    public async Task What_somebody_opened_to_every_login_is_closed_when_the_next_login_is_made()
    {
        await using var opened = await AppSchema.OfAsync(await api.NewWorkspaceAsync());
        await using (var grant = api.Store.CreateCommand($"grant connect on database \"{opened.Database}\" to public"))
            await grant.ExecuteNonQueryAsync();

        await using var next = await AppSchema.OfAsync(await api.NewWorkspaceAsync());

        await using var open = api.Store.CreateCommand($"select has_database_privilege('{next.Login}', '{opened.Database}', 'connect')");
        Assert.Equal(false, await open.ExecuteScalarAsync());
    }

    [Fact]
    public async Task Apps_of_a_workspace_share_a_database_and_no_schema()
    {
        var workspace = await api.NewWorkspaceAsync();
        await using var one = await AppSchema.OfAsync(workspace);
        await using var other = await AppSchema.OfAsync(workspace);
        await using var foreign = await AppSchema.OfAsync(await api.NewWorkspaceAsync());

        Assert.Equal(one.Database, other.Database);
        Assert.NotEqual(one.Name, other.Name);
        Assert.NotEqual(one.Database, foreign.Database);
        Assert.Matches("_apps_[0-9]+$", one.Database);
    }
}
