using System.Text.Json;
using Npgsql;

namespace Analytics.Tests.Features.Apps;

/// <summary>Every sort of value as the preview shows it: valid JSON, and nothing of it lost.</summary>
public sealed class ValueTypesTests(AnalyticsApi api)
{
    /// <summary>A value as SQL has it, and as JSON has it.</summary>
    static readonly (string Sql, string Json)[] Values =
    [
        ("true", "true"),
        ("null::int", "null"),
        ("(-32768)::int2", "-32768"),
        ("2147483647", "2147483647"),
        ("9223372036854775807", "\"9223372036854775807\""),
        ("4294967295::oid", "4294967295"),
        ("12345678901234567890.12345678901234567890", "\"12345678901234567890.12345678901234567890\""),
        ("'NaN'::numeric", "\"NaN\""),
        ("'-Infinity'::numeric", "\"-Infinity\""),
        ("1e131071::numeric / 1e131071", "\"1.00000000000000000000\""),
        ("0.1::float8", "0.1"),
        ("1.7976931348623157e308::float8", "1.7976931348623157e+308"),
        ("5e-324::float8", "5e-324"),
        ("'-0'::float8", "-0"),
        ("'NaN'::float8", "\"NaN\""),
        ("'infinity'::float4", "\"Infinity\""),
        ("'-infinity'::float8", "\"-Infinity\""),
        ("3.4028235e38::float4", "3.4028235e+38"),
        ("timestamptz '2024-02-01 12:00:00+02'", "\"2024-02-01T10:00:00Z\""),
        ("timestamptz '2024-02-01 10:00:00.123456+00'", "\"2024-02-01T10:00:00.123456Z\""),
        ("timestamptz 'infinity'", "\"infinity\""),
        ("timestamptz '-infinity'", "\"-infinity\""),
        ("timestamptz '0044-03-15 10:00:00+00 BC'", "\"-000043-03-15T10:00:00Z\""),
        ("timestamptz '0001-01-01 00:00:00+00 BC'", "\"0000-01-01T00:00:00Z\""),
        ("timestamptz '4713-01-01 00:00:00+00 BC'", "\"-004712-01-01T00:00:00Z\""),
        ("timestamptz '10001-01-01 00:00:00+00'", "\"+010001-01-01T00:00:00Z\""),
        ("timestamptz '294276-12-31 23:59:59.999999+00'", "\"+294276-12-31T23:59:59.999999Z\""),
        ("timestamp '2024-02-01 10:00:00.5'", "\"2024-02-01T10:00:00.5\""),
        ("timestamp 'infinity'", "\"infinity\""),
        ("date '2024-02-29'", "\"2024-02-29\""),
        ("date '0044-03-15 BC'", "\"-000043-03-15\""),
        ("date '5874897-12-31'", "\"+5874897-12-31\""),
        ("date '-infinity'", "\"-infinity\""),
        ("time '24:00:00'", "\"24:00:00\""),
        ("timetz '24:00:00-15:59'", "\"24:00:00-15:59\""),
        ("interval '1 year 2 months -3 days 04:05:06.789'", "\"1 year 2 mons -3 days +04:05:06.789\""),
        ("interval '-178000000 years'", "\"-178000000 years\""),
        ("'{1,null,3}'::int[]", "[1,null,3]"),
        ("'{}'::text[]", "[]"),
        ("'{{1,2},{3,null}}'::int8[]", """[["1","2"],["3",null]]"""),
        ("'[0:1]={7,8}'::int[]", "[7,8]"),
        ("'[-1:0][5:6]={{a,b},{c,d}}'::text[]", """[["a","b"],["c","d"]]"""),
        ("""array['a b', 'c"d', E'e\\f', 'NULL', null, '', '{x}', 'é,', E'\n']""", """["a b","c\"d","e\\f","NULL",null,"","{x}","é,","\n"]"""),
        ("'{t,f}'::bool[]", "[true,false]"),
        ("'{1.5,NaN,Infinity}'::float8[]", """[1.5,"NaN","Infinity"]"""),
        ("array['{\"a\": [1]}'::jsonb, 'null', '\"x\"']", """[{"a":[1]},null,"x"]"""),
        ("array[timestamptz '2024-02-01 10:00:00+00', '-infinity']", """["2024-02-01T10:00:00Z","-infinity"]"""),
        ("array[box '(2,2),(1,1)', box '(4,4),(3,3)']", """["(2,2),(1,1)","(4,4),(3,3)"]"""),
        (@"array['\x00ff'::bytea]", """["\\x00ff"]"""),
        ("'1 2 3'::int2vector", "\"1 2 3\""),
        ("'sad'::mood", "\"sad\""),
        ("'{sad,ok}'::mood[]", """["sad","ok"]"""),
        ("row(1, 'a \"b\"', null)::pair", "\"(1,\\\"a \\\"\\\"b\\\"\\\"\\\",)\""),
        ("array[row(1, 'x,y', null)::pair]", "[\"(1,\\\"x,y\\\",)\"]"),
        ("7::positive", "7"),
        ("9223372036854775807::large", "\"9223372036854775807\""),
        ("array[1, 2]::positive[]", "[1,2]"),
        ("'{3,4}'::row_of_positive", "[3,4]"),
        ("""'{"{1,2}","{3}"}'::row_of_positive[]""", "[[1,2],[3]]"),
        ("'[1,10)'::int4range", "\"[1,10)\""),
        ("'(,\"2024-01-01 00:00:00+00\"]'::tstzrange", "\"(,\\\"2024-01-01 00:00:00+00\\\"]\""),
        ("'{[1,2],[5,7)}'::int4multirange", "\"{[1,3),[5,7)}\""),
        ("'[a,c)'::words", "\"[a,c)\""),
        (@"'\xdeadbeef'::bytea", "\"\\\\xdeadbeef\""),
        ("''::bytea", "\"\\\\x\""),
        ("""'{"b":1, "a": {"c":[1.10,1e400,"\u00e9"]}, "a":2}'::json""", """{"b":1,"a":{"c":[1.10,1e400,"é"]},"a":2}"""),
        ("""'{"b":12345678901234567890.10, "a":null}'::jsonb""", """{"a":null,"b":12345678901234567890.10}"""),
        ("'null'::jsonb", "null"),
        ("(repeat('[', 300) || repeat(']', 300))::jsonb", new string('[', 300) + new string(']', 300)),
        ("'123e4567-e89b-12d3-a456-426614174000'::uuid", "\"123e4567-e89b-12d3-a456-426614174000\""),
        ("'12.34'::money", "\"$12.34\""),
        ("B'1010'", "\"1010\""),
        ("B'101'::varbit", "\"101\""),
        ("'::ffff:1.2.3.4/96'::inet", "\"::ffff:1.2.3.4/96\""),
        ("'10.0.0.0/8'::cidr", "\"10.0.0.0/8\""),
        ("'08:00:2b:01:02:03'::macaddr", "\"08:00:2b:01:02:03\""),
        ("'a fat cat'::tsvector", "\"'a' 'cat' 'fat'\""),
        ("'fat & rat'::tsquery", "\"'fat' & 'rat'\""),
        ("'(1,2)'::point", "\"(1,2)\""),
        ("'ab'::char(4)", "\"ab  \""),
        ("'x'::\"char\"", "\"x\""),
        ("E'quote\" back\\\\ line\\n tab\\t \\u00e9 \\U0001F600'", "\"quote\\\" back\\\\ line\\n tab\\t é 😀\""),
        ("''", "\"\""),
        ("'0/16B3748'::pg_lsn", "\"0/16B3748\""),
    ];

    static readonly JsonDocumentOptions Deep = new() { MaxDepth = 1_000 };

    [Fact]
    public async Task Every_value_is_valid_JSON_and_exact()
    {
        await using var app = await AppSchema.OfAsync(
            await api.NewWorkspaceAsync(),
            "create type mood as enum ('sad', 'ok')", "create type pair as (n int, t text, d date)",
            "create domain positive as int check (value > 0)", "create domain large as int8", "create domain row_of_positive as positive[]",
            "create type words as range (subtype = text)",
            $"create table everything as select {string.Join(", ", Values.Select((value, at) => $"{value.Sql} as c{at}"))}");

        using var answer = await app.Workspace.AskAsync(HttpMethod.Post, $"{app.Path}/stats/tables/everything/preview");
        using var shown = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(), Deep);
        var row = shown.RootElement.GetProperty("rows")[0];

        Assert.Equal(Values.Length, row.EnumerateObject().Count());
        foreach (var ((sql, json), value) in Values.Zip(row.EnumerateObject()))
            Assert.True(Compact(json) == Compact(value.Value.GetRawText()), $"{sql} is shown as {value.Value.GetRawText()}, not as {json}");
    }

    [Fact]
    public async Task Fields_carry_the_types_that_Postgres_itself_tells_of()
    {
        await using var app = await AppSchema.OfAsync(
            await api.NewWorkspaceAsync(), "create type mood as enum ('sad')", "create domain positive as int",
            "create table things (a int8, b mood, c positive, d text[], e numeric(5, 2), f varchar(9), dropped int, g jsonb)",
            "alter table things drop column dropped");
        var mood = await app.AskAsync<uint>("select 'mood'::regtype::oid");

        var fields = (await app.PreviewAsync("things")).GetProperty("fields");

        Assert.Equal(
            [("a", 20u), ("b", mood), ("c", 23u), ("d", 1009u), ("e", 1700u), ("f", 1043u), ("g", 3802u)],
            fields.EnumerateArray().Select(field => (field.GetProperty("name").GetString()!, field.GetProperty("dataTypeID").GetUInt32())));
    }

    [Fact]
    public async Task What_the_login_or_the_database_is_set_to_changes_nothing()
    {
        await using var app = await AppSchema.OfAsync(
            await api.NewWorkspaceAsync(), "create table t (at timestamptz, b bytea, i interval, f float8)",
            @"insert into t values ('2024-02-01 10:00:00+00', '\x00ff', '1 day 2 hours', 0.1)");
        await using var settings = new NpgsqlConnection(app.Workspace.Api.ConnectionString);
        await settings.OpenAsync();
        await using var change = settings.CreateCommand();
        change.CommandText = $"""
            alter database "{app.Database}" set timezone = 'Asia/Kolkata';
            alter database "{app.Database}" set datestyle = 'German';
            alter database "{app.Database}" set bytea_output = 'escape';
            alter database "{app.Database}" set intervalstyle = 'iso_8601';
            alter database "{app.Database}" set extra_float_digits = -15;
            """;
        await change.ExecuteNonQueryAsync();

        Assert.Equal(
            """[{"at":"2024-02-01T10:00:00Z","b":"\\x00ff","i":"1 day 02:00:00","f":0.1}]""",
            (await app.PreviewAsync("t")).GetProperty("rows").GetRawText());
    }

    [Fact]
    public async Task Generated_partitioned_and_inherited_tables_are_shown()
    {
        await using var app = await AppSchema.OfAsync(
            await api.NewWorkspaceAsync(),
            "create table made (id int generated always as identity primary key, n int, twice int generated always as (n * 2) stored)",
            "insert into made (n) values (4)",
            "create table days (day date, n int, primary key (day, n)) partition by range (day)",
            "create table days_1 partition of days for values from ('2024-01-01') to ('2024-02-01')",
            "create table days_2 partition of days default",
            "insert into days values ('2024-03-01', 3), ('2024-01-02', 2), ('2024-01-02', 1)",
            "create table parent (n int)", "create table child () inherits (parent)", "insert into child values (5)");

        Assert.Equal("""[{"id":1,"n":4,"twice":8}]""", await RowsAsync(app, "made"));
        Assert.Equal(
            """[{"day":"2024-01-02","n":1},{"day":"2024-01-02","n":2},{"day":"2024-03-01","n":3}]""", await RowsAsync(app, "days"));
        Assert.Equal("""[{"day":"2024-03-01","n":3}]""", await RowsAsync(app, "days_2"));
        Assert.Equal("""[{"n":5}]""", await RowsAsync(app, "parent"));
    }

    static async Task<string> RowsAsync(AppSchema app, string table) =>
        (await app.PreviewAsync(table)).GetProperty("rows").GetRawText();

    // Of two members of one name both are left, and numbers stay as they are written.
    static string Compact(string json)
    {
        using var parsed = JsonDocument.Parse(json, Deep);
        using var text = new MemoryStream();
        using (var writer = new Utf8JsonWriter(text, new JsonWriterOptions { MaxDepth = 1_000 }))
            parsed.RootElement.WriteTo(writer);
        return System.Text.Encoding.UTF8.GetString(text.ToArray());
    }
}
