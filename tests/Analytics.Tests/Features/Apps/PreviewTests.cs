using System.Text.Json;

namespace Analytics.Tests.Features.Apps;

public sealed class PreviewTests(AnalyticsApi api)
{
    [Fact]
    public async Task The_sources_own_example_is_answered_as_it_stands_there()
    {
        await using var app = await AppSchema.OfAsync(
            await api.NewWorkspaceAsync(),
            "create table users (id uuid primary key, email character varying not null, created_at timestamptz)",
            "insert into users values ('123e4567-e89b-12d3-a456-426614174000', 'user@example.com', '2024-02-01 11:00:00+01')");

        var shown = await app.PreviewAsync("users", new { limit = 25, offset = 0 });

        Assert.Equal("""
            {"rows":[{"id":"123e4567-e89b-12d3-a456-426614174000","email":"user@example.com","created_at":"2024-02-01T10:00:00Z"}],
            "rowCount":1,"totalRows":1,
            "fields":[{"name":"id","dataTypeID":2950},{"name":"email","dataTypeID":1043},{"name":"created_at","dataTypeID":1184}]}
            """.ReplaceLineEndings(""), shown.GetRawText());
    }

    [Fact]
    public async Task A_table_may_be_called_anything()
    {
        string[] names = ["select", "Menu", "we\"ird", "a/b", "100%", "a b'c;--", "größe", "{}", "$1"];
        await using var app = await AppSchema.OfAsync(await api.NewWorkspaceAsync());
        foreach (var (at, name) in names.Index())
            await app.ExecuteAsync($"create table {Quoted(name)} (it int); insert into {Quoted(name)} values ({at})");

        foreach (var (at, name) in names.Index())
            Assert.Equal($$"""[{"it":{{at}}}]""", (await app.PreviewAsync(name)).GetProperty("rows").GetRawText());
        Assert.Equal(names.Order(), (await app.TablesAsync()).EnumerateArray().Select(table => table.GetProperty("name").GetString()).Order());
    }

    [Fact]
    public async Task What_is_no_table_of_the_apps_own_is_not_there()
    {
        string[] corpus =
        [
            "_migrations", "public.users", "pg_catalog.pg_authid", "pg_authid", "information_schema.tables", "users;drop table users",
            "users\"; drop table users; --", "\"", "\"users\"", "'users'", "USERS", "Users", "users ", " users", "us%rs", "user_", "users\t",
            "us\u0435rs", "\uff55sers", "users\u200b", "users limit 1", "users, users u2", "(select 1)", "pg_sleep(3)", "read()",
            "everything", "stored", "users_pkey", "users_id_seq", "nobody", "app_1.users", new string('a', 64), new string('a', 2_000),
        ];
        await using var app = await AppSchema.OfAsync(
            await api.NewWorkspaceAsync(),
            "create table users (id serial primary key)", "insert into users values (1)", "create table _migrations (name text)",
            "create view everything as select rolname from pg_catalog.pg_roles",
            "create materialized view stored as select 1 as it",
            "create function read() returns int language sql as 'select 1'",
            $"create table {new string('a', 63)} (it int)");
        var before = await app.TablesAsync();

        foreach (var name in corpus)
            await app.PreviewAsync(name, status: 404);

        Assert.Equal(before.GetRawText(), (await app.TablesAsync()).GetRawText());
        await app.PreviewAsync(new string('a', 63));
    }

    [Fact]
    public async Task Another_apps_table_of_the_same_name_is_never_shown()
    {
        var workspace = await api.NewWorkspaceAsync();
        await using var one = await AppSchema.OfAsync(workspace, "create table notes (it int)", "insert into notes values (1)");
        await using var other = await AppSchema.OfAsync(workspace, "create table notes (it int)", "insert into notes values (2)");
        await using var without = await AppSchema.OfAsync(workspace);

        Assert.Equal("""[{"it":1}]""", (await one.PreviewAsync("notes")).GetProperty("rows").GetRawText());
        Assert.Equal("""[{"it":2}]""", (await other.PreviewAsync("notes")).GetProperty("rows").GetRawText());
        await without.PreviewAsync("notes", status: 404);
        await one.PreviewAsync($"{other.Name}.notes", status: 404);
    }

    [Fact]
    public async Task A_bad_limit_or_offset_is_refused()
    {
        string[] bodies =
        [
            """{"limit":0}""", """{"limit":101}""", """{"limit":-1}""", """{"limit":1.5}""", """{"limit":"25"}""", """{"offset":-1}""",
            """{"offset":0.5}""", """{"offset":"0; drop table users"}""", """{"offset":99999999999999999999}""", "[]",
        ];
        await using var app = await AppSchema.OfAsync(await api.NewWorkspaceAsync(), "create table users (id int)");

        foreach (var body in bodies)
            await app.PreviewAsync("users", body, 400);
    }

    [Fact]
    public async Task Without_a_body_the_first_rows_are_shown()
    {
        await using var app = await AppSchema.OfAsync(
            await api.NewWorkspaceAsync(), "create table numbers (n int primary key)",
            "insert into numbers select * from generate_series(30, 1, -1)");

        var shown = await app.PreviewAsync("numbers");

        Assert.Equal(25, shown.GetProperty("rowCount").GetInt32());
        Assert.Equal(30, shown.GetProperty("totalRows").GetInt64());
        Assert.Equal(Enumerable.Range(1, 25), Numbers(shown, "n"));
        Assert.Equal(shown.GetRawText(), (await app.PreviewAsync("numbers", "{}")).GetRawText());
        Assert.Equal([29, 30], Numbers(await app.PreviewAsync("numbers", new { limit = 10, offset = 28 }), "n"));
        Assert.Empty(Numbers(await app.PreviewAsync("numbers", new { offset = long.MaxValue }), "n"));
    }

    [Fact]
    public async Task Pages_follow_a_composite_key_whatever_the_order_of_its_columns()
    {
        await using var app = await AppSchema.OfAsync(
            await api.NewWorkspaceAsync(), "create table pairs (a int, b text, n serial, primary key (b, a))",
            "insert into pairs (a, b) select g % 10, chr(97 + g / 10) from generate_series(0, 59) g order by md5(g::text)");

        var shown = new List<string>();
        for (var offset = 0; offset < 60; offset += 7)
            shown.AddRange((await app.PreviewAsync("pairs", new { limit = 7, offset })).GetProperty("rows").EnumerateArray()
                .Select(row => $"{row.GetProperty("b").GetString()}{row.GetProperty("a").GetInt32()}"));

        Assert.Equal(Enumerable.Range(0, 60).Select(n => $"{(char)('a' + n / 10)}{n % 10}"), shown);
    }

    [Fact]
    public async Task Pages_of_a_table_without_a_key_hold_every_row_once()
    {
        await using var app = await AppSchema.OfAsync(
            await api.NewWorkspaceAsync(), "create table bare (n int)", "create index on bare (n)",
            "insert into bare select g from generate_series(1, 5000) g order by md5(g::text)", "vacuum analyze bare");

        var shown = new List<int>();
        for (var offset = 0; offset < 5000; offset += 100)
            shown.AddRange(Numbers(await app.PreviewAsync("bare", new { limit = 100, offset }), "n"));

        Assert.Equal(Enumerable.Range(1, 5000), shown.Order());
        Assert.NotEqual(shown.Order(), shown);
    }

    [Fact]
    public async Task A_table_without_columns_has_rows_all_the_same()
    {
        await using var app = await AppSchema.OfAsync(
            await api.NewWorkspaceAsync(), "create table nothing ()", "insert into nothing default values");

        Assert.Equal("""{"rows":[{}],"rowCount":1,"totalRows":1,"fields":[]}""", (await app.PreviewAsync("nothing")).GetRawText());
    }

    [Fact]
    public async Task An_answer_that_would_be_too_large_ends_early()
    {
        await using var app = await AppSchema.OfAsync(
            await api.NewWorkspaceAsync(), "create table large (n int primary key, it text)",
            "insert into large select n, repeat('x', 300000) from generate_series(1, 20) n");

        var shown = await app.PreviewAsync("large");

        Assert.Equal([1, 2, 3], Numbers(shown, "n"));
        Assert.Equal(3, shown.GetProperty("rowCount").GetInt32());
        Assert.Equal(20, shown.GetProperty("totalRows").GetInt64());
        Assert.Equal([4, 5, 6], Numbers(await app.PreviewAsync("large", new { offset = 3 }), "n"));
    }

    [Fact]
    public async Task A_row_that_is_too_large_by_itself_is_shown_with_its_long_values_cut()
    {
        await using var app = await AppSchema.OfAsync(
            await api.NewWorkspaceAsync(), "create table large (n int, it text, j json, b bytea, last text)",
            """
            insert into large
            select 1, repeat('é', 20000000), ('"' || repeat('x', 3000000) || '"')::json, decode(repeat('00', 2000000), 'hex'), 'short'
            """,
            "insert into large values (2, 'y')");

        using var answer = await app.Workspace.AskAsync(HttpMethod.Post, $"{app.Path}/stats/tables/large/preview");
        var text = await answer.Content.ReadAsStringAsync();
        var row = JsonElement.Parse(text).GetProperty("rows")[0];

        Assert.Equal(200, (int)answer.StatusCode);
        Assert.InRange(text.Length, 100_000, 1_200_000);
        Assert.Equal(1, row.GetProperty("n").GetInt32());
        Assert.Matches("^é{1000,}…$", row.GetProperty("it").GetString());
        Assert.Matches("^\"x{1000,}…$", row.GetProperty("j").GetString());
        Assert.Matches(@"^\\x(00){1000,}0?…$", row.GetProperty("b").GetString());
        Assert.Equal("short", row.GetProperty("last").GetString());
        Assert.Equal([2], Numbers(await app.PreviewAsync("large", new { offset = 1 }), "n"));
    }

    [Fact]
    public async Task A_table_that_is_held_against_readers_is_not_waited_for()
    {
        await using var app = await AppSchema.OfAsync(await api.NewWorkspaceAsync(), "create table held (n int)");
        await using var migration = await app.OpenAsync();
        await using var hold = migration.CreateCommand();
        hold.CommandText = "begin; lock table held";
        await hold.ExecuteNonQueryAsync();

        using var answer = await app.Workspace.AskAsync(HttpMethod.Post, $"{app.Path}/stats/tables/held/preview");

        Assert.Equal(503, (int)answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
    }

    static IEnumerable<int> Numbers(JsonElement shown, string column) =>
        shown.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty(column).GetInt32());

    static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
