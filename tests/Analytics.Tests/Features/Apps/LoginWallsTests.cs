using Npgsql;

namespace Analytics.Tests.Features.Apps;

/// <summary>What an app's login must not be able to do, an attempt a line.</summary>
public sealed class LoginWallsTests(AnalyticsApi api)
{
    const string Denied = PostgresErrorCodes.InsufficientPrivilege;

    [Fact]
    public async Task An_apps_login_does_nothing_outside_its_schema()
    {
        var workspace = await api.NewWorkspaceAsync();
        await using var app = await AppSchema.OfAsync(workspace, "create table notes (n int)");
        await using var other = await AppSchema.OfAsync(workspace, "create table theirs (n int)", "insert into theirs values (1)");
        await using var foreign = await AppSchema.OfAsync(await api.NewWorkspaceAsync());
        var owner = app.Database[..app.Database.LastIndexOf('_')];
        (string Attempt, string Refusal)[] attempts =
        [
            ($"select * from {other.Name}.theirs", Denied),
            ($"insert into {other.Name}.theirs values (2)", Denied),
            ($"create table {other.Name}.mine (n int)", Denied),
            ($"drop table {other.Name}.theirs", Denied),
            ($"drop schema {other.Name} cascade", Denied),
            ($"grant usage on schema {other.Name} to {app.Login}", Denied),
            ("create table public.mine (n int)", Denied),
            ("create function public.mine() returns int language sql as 'select 1'", Denied),
            ("create temp table mine (n int)", Denied),
            ("create schema mine", Denied),
            ($"alter schema {app.Name} rename to mine", Denied),
            ($"drop schema {app.Name} cascade", Denied),
            ($"grant usage on schema {app.Name} to public", "01007"),
            ("select lo_create(0)", Denied),
            ("select lo_creat(-1)", Denied),
            (@"select lo_from_bytea(0, '\x00')", Denied),
            ("select lo_import('/etc/hostname')", Denied),
            ("create extension pg_trgm", Denied),
            ("create database mine", Denied),
            ("create role mine", Denied),
            ($"drop database {foreign.Database}", Denied),
            ($"drop role {foreign.Login}", Denied),
            ($"alter database {app.Database} set work_mem = '1GB'", Denied),
            ($"alter role {foreign.Login} password 'x'", Denied),
            ($"alter role {app.Login} superuser", Denied),
            ($"alter role {app.Login} createrole", Denied),
            ($"alter role {app.Login} bypassrls", Denied),
            ($"alter role {app.Login} connection limit -1", Denied),
            ($"alter role {app.Login} rename to mine", PostgresErrorCodes.FeatureNotSupported),
            ($"alter role {app.Login} valid until 'infinity'", Denied),
            ($"comment on role {app.Login} is 'mine'", Denied),
            ($"comment on database {app.Database} is 'mine'", Denied),
            ($"comment on schema {app.Name} is 'mine'", Denied),
            ($"drop role {app.Place.Reader}", Denied),
            ($"drop owned by {app.Place.Reader}", Denied),
            ($"reassign owned by {other.Login} to {app.Login}", Denied),
            ($"alter default privileges for role {other.Login} grant select on tables to {app.Login}", Denied),
            ("alter system set work_mem = '1GB'", Denied),
            ($"set role {owner}", Denied),
            ($"set role {other.Login}", Denied),
            ($"set role {app.Place.Reader}", Denied),
            ("set role analytics", Denied),
            ("set role pg_read_all_data", Denied),
            ("set session authorization analytics", Denied),
            ($"grant {other.Login} to {app.Login}", Denied),
            ($"grant pg_read_server_files to {app.Login}", Denied),
            ("select * from pg_authid", Denied),
            ("select * from pg_shadow", Denied),
            ("select * from pg_hba_file_rules", Denied),
            ("select pg_read_file('postgresql.conf')", Denied),
            ("select pg_ls_dir('.')", Denied),
            ("copy notes from '/etc/passwd'", Denied),
            ("copy notes to program 'id'", Denied),
            ("create function root() returns int language c as '/usr/lib/x', 'x'", Denied),
            ("create event trigger mine on ddl_command_end execute function root()", Denied),
            ("create publication mine", Denied),
            ("create foreign data wrapper mine", Denied),
            ("select pg_reload_conf()", Denied),
            ("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'analytics'", Denied),
            ($"select dblink('dbname=analytics', 'select 1')", PostgresErrorCodes.UndefinedFunction),
            ("select * from analytics.public.workspaces", PostgresErrorCodes.FeatureNotSupported),
        ];

        foreach (var (attempt, refusal) in attempts)
            Assert.True(await RefusalAsync(app, attempt) == refusal, $"{attempt}: {await RefusalAsync(app, attempt)}");
        Assert.Equal(1L, await other.AskAsync<long>("select count(*) from theirs"));
    }

    [Fact]
    public async Task An_apps_login_reaches_no_database_but_its_own()
    {
        await using var app = await AppSchema.OfAsync(await api.NewWorkspaceAsync());
        await using var foreign = await AppSchema.OfAsync(await api.NewWorkspaceAsync());
        var store = new NpgsqlConnectionStringBuilder(api.ConnectionString).Database!;
        // Other tests make databases of their own on the same server, which are nobody's wall.
        foreach (var database in (string[])[store, foreign.Database, "postgres", "template1"])
        {
            var settings = AppSchema.Settings(app.ConnectionString);
            settings.Database = database;
            await using var connection = new NpgsqlConnection(settings.ConnectionString);
            var refused = await Assert.ThrowsAsync<PostgresException>(() => connection.OpenAsync());
            Assert.Equal(Denied, refused.SqlState);
        }
    }

    [Fact]
    public async Task Nobody_comes_in_without_the_password()
    {
        await using var app = await AppSchema.OfAsync(await api.NewWorkspaceAsync());
        foreach (var (user, password) in ((string, string?)[])
        [
            (app.Login, null), (app.Login, "wrong"), (app.Place.Reader, null), (app.Place.Reader, ""), (app.Place.Reader, app.Place.Reader),
            ("analytics", null), ("analytics", ""), ("analytics", "analytics"), ("postgres", null),
        ])
        {
            var settings = AppSchema.Settings(app.ConnectionString);
            (settings.Username, settings.Password, settings.Passfile) = (user, password, "/dev/null");
            await using var connection = new NpgsqlConnection(settings.ConnectionString);
            var refused = await Assert.ThrowsAnyAsync<NpgsqlException>(() => connection.OpenAsync());
            Assert.True(refused is not PostgresException || refused.SqlState == PostgresErrorCodes.InvalidPassword, $"{user}: {refused.Message}");
        }
    }

    [Fact]
    public async Task Names_that_every_login_sees_are_numbers()
    {
        var workspace = await api.NewWorkspaceAsync();
        await using var foreign = await AppSchema.OfAsync(workspace, "create table secret_plans (n int)");
        await using var app = await AppSchema.OfAsync(await api.NewWorkspaceAsync());
        await using var busy = await foreign.OpenAsync();

        var seen = await app.AskAsync<string>("""
            select string_agg(name, ' ')
            from (
                select datname::text as name from pg_database
                union all select rolname::text from pg_roles
                union all select concat_ws(' ', datname, usename, application_name, query) from pg_stat_activity where usename <> current_user
                union all select coalesce(description, '') from pg_shdescription
                union all select nspname::text from pg_namespace
                union all select relname::text from pg_class
            ) as all_names
            """);

        Assert.DoesNotContain(workspace.Slug, seen, StringComparison.Ordinal);
        Assert.DoesNotContain("secret_plans", seen, StringComparison.Ordinal);
        Assert.Matches("^[a-z]+_apps_[0-9]+$", foreign.Database);
        Assert.Equal($"{foreign.Database}_{foreign.Name.Split('_')[1]}", foreign.Login);
    }

    [Fact]
    public async Task An_apps_open_transaction_keeps_no_dead_rows_in_the_store()
    {
        await using var app = await AppSchema.OfAsync(await api.NewWorkspaceAsync(), "create table notes (n int)", "insert into notes values (1)");
        await using var open = await app.OpenAsync();
        await using var begin = open.CreateCommand();
        begin.CommandText = "begin isolation level repeatable read; insert into notes values (2)";
        await begin.ExecuteNonQueryAsync();
        var table = $"vacuumed_{Guid.NewGuid():n}";
        await ExecuteAsync($"create table {table} (n int) with (autovacuum_enabled = off)");
        await ExecuteAsync($"insert into {table} select generate_series(1, 1000)");
        await ExecuteAsync($"delete from {table}");

        // Whoever else is busy in the store keeps them for a moment.
        await Until.HoldsAsync(
            async () =>
            {
                await ExecuteAsync($"vacuum {table}");
                await using var size = api.Store.CreateCommand($"select pg_relation_size('{table}')");
                return (long)(await size.ExecuteScalarAsync())! == 0;
            },
            "The dead rows stay.");

        await ExecuteAsync($"drop table {table}");
        begin.CommandText = "commit";
        Assert.Equal(0, await begin.ExecuteNonQueryAsync() + 1);
    }

    async Task ExecuteAsync(string sql)
    {
        await using var command = api.Store.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The error that a statement ends in, or the warning that says that it did nothing; empty when it did what it says.</summary>
    static async Task<string> RefusalAsync(AppSchema app, string statement)
    {
        await using var connection = await app.OpenAsync();
        var noticed = "";
        connection.Notice += (_, notice) => noticed = notice.Notice.SqlState;
        await using var command = connection.CreateCommand();
        command.CommandText = statement;
        try
        {
            await command.ExecuteNonQueryAsync();
            return noticed;
        }
        catch (PostgresException refused)
        {
            return refused.SqlState;
        }
    }
}
