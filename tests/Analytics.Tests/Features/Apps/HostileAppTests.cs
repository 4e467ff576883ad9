using System.Diagnostics;
using Analytics.AppDatabases;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Analytics.Tests.Features.Apps;

/// <summary>What an app may put in the way of whoever looks into its tables: it runs with the reader's rights, or not at all.</summary>
public sealed class HostileAppTests(AnalyticsApi api)
{
    /// <summary>Tries to become somebody else, by every way that a session has. The first app of a workspace is <c>app_1</c>.</summary>
    const string Attack = """
        create function attack() returns boolean language plpgsql as $f$
        declare statement text;
        begin
            foreach statement in array array[
                'reset role', 'reset session authorization', 'set role analytics', 'set session authorization analytics',
                'set session authorization default', 'set default_transaction_read_only = off', 'set transaction read write', 'set transaction_read_only = off',
                'insert into app_1.taken select rolname from pg_catalog.pg_authid', 'create table app_1.made (n int)',
                'create temp table made (n int)', 'alter role current_user superuser', 'select pg_catalog.lo_create(0)']
            loop
                begin
                    execute statement;
                exception when others then
                    null;
                end;
            end loop;
            begin
                insert into app_1.taken select rolname || ' by ' || session_user || ' as ' || current_user from pg_catalog.pg_authid;
            exception when others then
                null;
            end;
            return true;
        end $f$
        """;

    [Fact]
    public async Task Policies_of_the_apps_do_not_run_and_hide_nothing()
    {
        await using var app = await NewAsync(
            "create table notes (n int)", "insert into notes values (1)", "alter table notes enable row level security",
            "alter table notes force row level security", "create policy attack on notes using (app_1.attack())",
            "create policy never on notes as restrictive using (false)");

        Assert.Equal("""[{"n":1}]""", (await app.PreviewAsync("notes")).GetProperty("rows").GetRawText());
        await NothingIsTakenAsync(app);
    }

    [Fact]
    public async Task Casts_to_text_and_json_of_the_apps_do_not_run()
    {
        await using var app = await NewAsync(
            "create type mood as enum ('sad')", "create type pair as (a int, b int)",
            "create function shown(mood) returns text language plpgsql as $f$ begin perform app_1.attack(); return 'cast'; end $f$",
            "create function shown(pair) returns json language plpgsql as $f$ begin perform app_1.attack(); return '\"cast\"'; end $f$",
            "create cast (mood as text) with function shown(mood) as implicit", "create cast (pair as json) with function shown(pair)",
            "create table notes (m mood primary key, p pair)", "insert into notes values ('sad', row(1, 2))");

        Assert.Equal("""[{"m":"sad","p":"(1,2)"}]""", (await app.PreviewAsync("notes")).GetProperty("rows").GetRawText());
        await NothingIsTakenAsync(app);
    }

    [Fact]
    public async Task What_planning_runs_of_the_apps_comes_to_nothing()
    {
        // Called with constants, an immutable function of an index runs while any question is planned, as whoever asks.
        await using var app = await NewAsync(
            "create table notes (n int primary key, c int check (n > 0))", "insert into notes values (1, 2)",
            "create function fixed(int) returns int language plpgsql immutable as $f$ begin return $1; end $f$",
            "create index on notes ((fixed(1) + c))",
            "create or replace function fixed(int) returns int language plpgsql immutable as $f$ begin perform app_1.attack(); return $1; end $f$");

        Assert.Equal("""[{"n":1,"c":2}]""", (await app.PreviewAsync("notes")).GetProperty("rows").GetRawText());
        Assert.Equal(2, (await app.TablesAsync()).GetArrayLength());
        await NothingIsTakenAsync(app);
    }

    [Fact]
    public async Task What_planning_runs_of_the_apps_may_fail_without_a_word()
    {
        await using var app = await NewAsync(
            "create table notes (n int)", "insert into notes values (1)",
            "create function fixed(int) returns int language plpgsql immutable as $f$ begin return $1; end $f$",
            "create index on notes ((fixed(1) + n))");

        foreach (var (code, status) in ((string, int)[])[("P0001", 409), ("42501", 409), ("28P01", 409), ("57014", 503), ("40001", 503), ("57P01", 503)])
        {
            await app.ExecuteAsync($"""
                create or replace function fixed(int) returns int language plpgsql immutable as $f$
                begin raise exception 'secret words' using errcode = '{code}'; end $f$
                """);
            var refused = await app.PreviewAsync("notes", status: status);
            Assert.DoesNotContain("secret words", refused.GetRawText(), StringComparison.Ordinal);
        }

        await app.ExecuteAsync("""
            create or replace function fixed(int) returns int language plpgsql immutable as $f$ begin raise exception 'secret words'; end $f$
            """);
        Assert.Equal(2, (await app.TablesAsync()).GetArrayLength());
    }

    [Fact]
    public async Task What_does_not_let_itself_be_cancelled_keeps_nobody_waiting_and_ends_with_the_app()
    {
        await using var app = await NewAsync(
            "create table notes (n int)",
            "create function fixed(int) returns int language plpgsql immutable as $f$ begin return $1; end $f$",
            "create index on notes ((fixed(1) + n))",
            """
            create or replace function fixed(int) returns int language plpgsql immutable as $f$
            begin
                loop
                    begin
                        perform pg_sleep(60);
                    exception when query_canceled then
                        null;
                    end;
                end loop;
            end $f$
            """);

        var clock = Stopwatch.StartNew();
        await app.PreviewAsync("notes", status: 503);

        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(50), $"it took {clock.Elapsed}");
        await app.Workspace.DeleteAsync(app.Path);
        await using var left = api.Store.CreateCommand($"select count(*) from pg_stat_activity where usename = '{app.Place.Reader}'");
        Assert.Equal(0L, await left.ExecuteScalarAsync());
    }

    [Fact]
    public async Task Operators_functions_and_catalogues_of_the_apps_are_not_taken_for_Postgres_own()
    {
        await using var app = await NewAsync(
            "create table pg_class (oid oid, relname name, relkind \"char\")", "create table notes (n int primary key)",
            "insert into notes values (1)",
            "create function format_type(oid, int) returns text language sql as $f$ select 'taken' from (select app_1.attack()) a $f$",
            "create function pg_total_relation_size(oid) returns bigint language sql as $f$ select 7::bigint from (select app_1.attack()) a $f$",
            "create function count() returns bigint language sql as $f$ select 7::bigint $f$",
            "create function same(name, text) returns boolean language sql as $f$ select app_1.attack() $f$",
            "create operator = (leftarg = name, rightarg = text, function = same)",
            "create function less(int, int) returns boolean language sql as $f$ select app_1.attack() $f$",
            "create operator < (leftarg = int, rightarg = int, function = less)");
        await AsSuperuserAsync($"alter role {app.Place.Reader} set search_path = {app.Name}, pg_catalog");

        var tables = await app.TablesAsync();

        Assert.Equal("integer", tables[0].GetProperty("columns")[0].GetProperty("type").GetString());
        Assert.Equal("""[{"n":1}]""", (await app.PreviewAsync("notes")).GetProperty("rows").GetRawText());
        Assert.NotEqual(7, tables[0].GetProperty("sizeBytes").GetInt64());
        await NothingIsTakenAsync(app);
    }

    [Fact]
    public async Task Columns_that_make_up_their_values_do_so_when_they_are_written()
    {
        await using var app = await NewAsync(
            "create function made(int) returns int language plpgsql immutable as $f$ begin return 1; end $f$",
            "create table notes (n int default made(1), g int generated always as (made(n)) stored)", "insert into notes values (5)",
            "create or replace function made(int) returns int language plpgsql immutable as $f$ begin perform app_1.attack(); return 2; end $f$");

        Assert.Equal("""[{"n":5,"g":1}]""", (await app.PreviewAsync("notes")).GetProperty("rows").GetRawText());
        await NothingIsTakenAsync(app);
    }

    [Fact]
    public async Task A_reader_that_an_app_shut_out_is_let_in_again()
    {
        await using var app = await NewAsync(
            "create table notes (n int)", "insert into notes values (1)", "create table kept (n int)");
        await app.ExecuteAsync($"revoke all on notes, kept from {app.Place.Reader}");
        await app.ExecuteAsync($"alter default privileges in schema {app.Name} revoke select on tables from {app.Place.Reader}");
        await app.ExecuteAsync("create table later (n int)");

        Assert.Equal("""[{"n":1}]""", (await app.PreviewAsync("notes")).GetProperty("rows").GetRawText());
        Assert.Equal("[]", (await app.PreviewAsync("later")).GetProperty("rows").GetRawText());
        Assert.Equal(4, (await app.TablesAsync()).GetArrayLength());
    }

    [Fact]
    public async Task The_reader_reads_the_apps_schema_and_nothing_else()
    {
        var workspace = await api.NewWorkspaceAsync();
        await using var app = await AppSchema.OfAsync(workspace, "create table notes (n int)");
        await using var other = await AppSchema.OfAsync(workspace, "create table theirs (n int)");
        await using var session = await api.Services.GetRequiredService<AppServer>().AsReaderAsync(app.Place, CancellationToken.None);

        foreach (var attempt in (string[])
        [
            $"select * from {other.Name}.theirs", $"insert into {app.Name}.notes values (1)", $"delete from {app.Name}.notes",
            $"create table {app.Name}.mine (n int)", "create temp table mine (n int)", "create schema mine",
            $"set default_transaction_read_only = off; insert into {app.Name}.notes values (1)",
            "set default_transaction_read_only = off; create temp table mine (n int)", "select * from pg_authid", "set role analytics",
            $"set role {app.Login}", "select lo_create(0)", "select pg_read_file('postgresql.conf')",
        ])
        {
            await using var command = session.Connection.CreateCommand();
            command.CommandText = attempt;
            var refused = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync());
            Assert.Contains(refused.SqlState, (string[])[PostgresErrorCodes.InsufficientPrivilege, PostgresErrorCodes.ReadOnlySqlTransaction]);
        }
    }

    async Task<AppSchema> NewAsync(params string[] migrations) =>
        await AppSchema.OfAsync(await api.NewWorkspaceAsync(), ["create table taken (what text)", "grant all on taken to public", Attack, .. migrations]);

    async Task AsSuperuserAsync(string sql)
    {
        await using var command = api.Store.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    static async Task NothingIsTakenAsync(AppSchema app)
    {
        Assert.Equal(0L, await app.AskAsync<long>("select count(*) from taken"));
        Assert.False(await app.AskAsync<bool>("select exists (select from pg_class where relname = 'made')"));
        Assert.False(await app.AskAsync<bool>($"select rolsuper from pg_roles where rolname = '{app.Place.Reader}'"));
    }
}
