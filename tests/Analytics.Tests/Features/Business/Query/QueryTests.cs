using System.Text.Json;
using System.Text.Json.Nodes;
using static Analytics.Tests.Features.Business.Query.SomeQuestions;

namespace Analytics.Tests.Features.Business.Query;

/// <summary>Ad-hoc questions about events and requests, and the tables they are answered by.</summary>
public sealed class QueryTests(AnalyticsApi api)
{
    [Fact]
    public async Task Metrics_by_dimensions_are_a_table_the_largest_first()
    {
        var workspace = await WithCallsAsync();

        var answer = await AskAsync(workspace, """
            "metrics":[{"aggregation":"count"},{"aggregation":"sum","field":"n"},{"aggregation":"avg","field":"n"},{"aggregation":"min","field":"n"},
            {"aggregation":"max","field":"n"},{"aggregation":"unique","field":"customer"},{"aggregation":"p50","field":"n"},{"aggregation":"count","field":"n"}],
            "dimensions":["plan"]
            """);

        Assert.Equal(
            """["plan","count","sum(n)","avg(n)","min(n)","max(n)","unique(customer)","p50(n)","count(n)"]""", answer.GetProperty("columns").GetRawText());
        AssertRows(answer, """["pro",3,3.5,1.17,0.25,2.25,2,1,3]""", """["free",2,0,null,null,null,1,null,1]""", """[null,1,7,7,7,7,1,7,1]""");
        Assert.Equal(JsonValueKind.Null, answer.GetProperty("scannedFrom").ValueKind);
    }

    [Fact]
    public async Task Of_nothing_there_is_the_same_row_whether_the_time_is_empty_or_nothing_fits()
    {
        var workspace = await WithCallsAsync();
        const string metrics = """
            "metrics":[{"aggregation":"count"},{"aggregation":"sum","field":"n"},{"aggregation":"unique","field":"customer"},{"aggregation":"max","field":"n"}]
            """;

        foreach (var (filter, time) in ((string, string)[])
        [
            ("", "\"from\":\"2026-03-11\",\"to\":\"2026-03-11\""), ("", "\"from\":\"2020-03-11\",\"to\":\"2020-03-12\""),
            (",\"filters\":[{\"field\":\"plan\",\"operator\":\"EQUALS\",\"value\":\"none\"}]", March),
        ])
            AssertRows(await AskAsync(workspace, metrics + filter, time), "[0,0,0,null]");
        AssertRows(await AskAsync(workspace, metrics + ",\"dimensions\":[\"plan\"]", "\"from\":\"2026-03-11\",\"to\":\"2026-03-11\""));
        AssertRows(await AskAsync(workspace, metrics + ",\"interval\":\"day\"", "\"from\":\"2026-03-11\",\"to\":\"2026-03-11\""));
    }

    [Fact]
    public async Task A_number_of_any_size_is_written_without_an_exponent_in_JSON_and_in_CSV()
    {
        var workspace = await api.NewWorkspaceAsync();
        string[] sent = ["1000000000000001", "9007199254740993", "1e20", "1e-13", "-2.5e-14", "12345678901234567890.5"];
        string[] plain = ["1000000000000001", "9007199254740993", "100000000000000000000", "0.0000000000001", "-0.000000000000025", "12345678901234567890.5"];
        await workspace.IngestAsync(sent.Select(number => Some.Event("sized", Some.Day, metadata: new() { ["size"] = JsonNode.Parse(number) })));
        const string question = $$"""{"metrics":[{"aggregation":"count"}],"events":["sized"],"dimensions":["size"],{{March}}}""";

        var rows = (await workspace.PostAsync(Route, question)).GetProperty("rows").EnumerateArray().Select(row => row[0].GetRawText());
        using var csv = await workspace.AskAsync(HttpMethod.Post, Route + "?format=csv", question);
        var lines = (await csv.Content.ReadAsStringAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(',')[0]);

        Assert.Equal(plain.Order(StringComparer.Ordinal), rows.Order(StringComparer.Ordinal));
        Assert.Equal(plain.Order(StringComparer.Ordinal), lines.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Without_dimensions_every_bucket_is_a_row_and_empty_ones_are_zero()
    {
        var workspace = await WithCallsAsync();

        var answer = await AskAsync(workspace, """
            "metrics":[{"aggregation":"count"},{"aggregation":"sum","field":"n"},{"aggregation":"max","field":"n"}],"interval":"day"
            """, "\"from\":\"2026-03-10T12:00:00Z\",\"to\":\"2026-03-13\"");

        AssertRows(
            answer, """["2026-03-10T00:00:00Z",0,0,null]""", """["2026-03-11T00:00:00Z",4,3.5,2.25]""", """["2026-03-12T00:00:00Z",2,7,7]""");
    }

    [Fact]
    public async Task Of_nothing_there_is_one_row_without_numbers()
    {
        var workspace = await api.NewWorkspaceAsync();
        const string metrics = """
            "metrics":[{"aggregation":"count"},{"aggregation":"sum","field":"a"},{"aggregation":"unique","field":"a"},{"aggregation":"avg","field":"a"},
            {"aggregation":"min","field":"a"},{"aggregation":"max","field":"a"},{"aggregation":"p99","field":"a"}]
            """;

        AssertRows(await AskAsync(workspace, metrics), "[0,0,0,null,null,null,null]");
        AssertRows(await AskAsync(workspace, metrics + ",\"dimensions\":[\"a\"]"));
    }

    [Fact]
    public async Task Names_choose_events_and_a_name_nobody_sent_chooses_none()
    {
        var workspace = await WithCallsAsync();

        var some = await AskAsync(workspace, """ "metrics":[{"aggregation":"count"}],"events":["api.called","never"],"dimensions":["name"] """);
        var none = await AskAsync(workspace, """ "metrics":[{"aggregation":"count"}],"events":["never"] """);

        AssertRows(some, """["api.called",5]""");
        AssertRows(none, "[0]");
    }

    [Fact]
    public async Task Values_are_told_apart_by_type_and_numbers_by_value()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(
            ((string[])["1", "1.0", "\"1\"", "true", "\"true\"", "null", "[1]", "{\"a\":1}", "\"[1]\"", "1e3", "\"x\""])
                .Select(value => Some.Event("a", Some.Day, metadata: new() { ["v"] = JsonNode.Parse(value) })).Append(Some.Event("a", Some.Day)));

        var answer = await AskAsync(workspace, """
            "metrics":[{"aggregation":"count"}],"dimensions":["v"],"orderBy":"v"
            """);
        var unique = await AskAsync(workspace, """ "metrics":[{"aggregation":"unique","field":"v"},{"aggregation":"count","field":"v"}] """);

        AssertRows(
            answer, "[1,2]", "[1000,1]", "[\"1\",1]", "[\"[1]\",1]", "[\"true\",1]", "[\"x\",1]", "[true,1]", "[null,4]");
        AssertRows(unique, "[7,10]");
    }

    [Fact]
    public async Task Rows_are_ordered_by_any_column_with_what_is_missing_last()
    {
        var workspace = await WithCallsAsync();
        const string question = """ "metrics":[{"aggregation":"count"},{"aggregation":"avg","field":"n"}],"dimensions":["plan"],"orderBy": """;

        AssertRows(await AskAsync(workspace, question + "\"avg(n)\""), """["pro",3,1.17]""", "[null,1,7]", """["free",2,null]""");
        AssertRows(await AskAsync(workspace, question + "\"-avg(n)\""), "[null,1,7]", """["pro",3,1.17]""", """["free",2,null]""");
        AssertRows(await AskAsync(workspace, question + "\"-plan\",\"limit\":2"), """["pro",3,1.17]""", """["free",2,null]""");
    }

    [Fact]
    public async Task Requests_are_asked_by_their_own_fields()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.PostAsync("/api/requests/ingest", """
            {"requests":[
            {"method":"GET","path":"/a/1","statusCode":200,"latencyMs":12.5,"timestamp":"2026-03-11T00:00:00Z","customerId":"acme","responseSize":10},
            {"method":"GET","path":"/a/2","statusCode":500,"latencyMs":7.5,"timestamp":"2026-03-11T00:00:01Z","productId":"p","apiKeyId":"k"},
            {"method":"GET","path":"/a/3","statusCode":101,"latencyMs":90000,"timestamp":"2026-03-11T00:00:02Z","responseSize":99}]}
            """);

        var answer = await AskAsync(workspace, """
            "dataset":"requests","metrics":[{"aggregation":"count"},{"aggregation":"sum","field":"latencyMs"},{"aggregation":"count","field":"latencyMs"},
            {"aggregation":"sum","field":"responseSize"},{"aggregation":"unique","field":"productId"},{"aggregation":"count","field":"apiKeyId"},
            {"aggregation":"sum","field":"endpoint"}],"dimensions":["endpoint","method","customer"]
            """);
        var failed = await AskAsync(workspace, """
            "dataset":"requests","metrics":[{"aggregation":"count"}],"dimensions":["statusCode","latencyMs","apiKeyId"],
            "filters":[{"field":"statusCode","operator":"GREATER_THAN","value":199.5},{"field":"endpoint","operator":"CONTAINS","value":"/a/"},
            {"field":"productId","operator":"NOT_EQUALS","value":"q"}]
            """);

        AssertRows(answer, """["GET:/a/:id","GET",null,2,7.5,1,0,1,1,0]""", """["GET:/a/:id","GET","acme",1,12.5,1,10,0,0,0]""");
        AssertRows(failed, "[200,12.5,null,1]", """[500,7.5,"k",1]""");
    }

    [Fact]
    public async Task It_comes_as_CSV_too()
    {
        var workspace = await WithCallsAsync();
        const string question = $$"""{{{March}},"metrics":[{"aggregation":"count"}],"dimensions":["plan"]}""";

        using var answer = await workspace.AskAsync(HttpMethod.Post, Route + "?format=csv", question);

        Assert.Equal("text/csv; charset=utf-8", $"{answer.Content.Headers.ContentType}");
        Assert.Equal("plan,count\r\npro,3\r\nfree,2\r\n,1\r\n", await answer.Content.ReadAsStringAsync());
    }

    async Task<WorkspaceClient> WithCallsAsync()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(
            Some.Event("api.called", Some.Day, customer: "a", metadata: new() { ["plan"] = "pro", ["n"] = 1 }),
            Some.Event("api.called", Some.Day, customer: "b", metadata: new() { ["plan"] = "pro", ["n"] = 2.25 }),
            Some.Event("api.called", Some.Day, customer: "b", metadata: new() { ["plan"] = "pro", ["n"] = 0.25 }),
            Some.Event("api.called", Some.Day, customer: "b", metadata: new() { ["plan"] = "free", ["n"] = "5" }),
            Some.Event("api.called", Some.Day.AddDays(1), customer: "b", metadata: new() { ["plan"] = "free" }),
            Some.Event("run", Some.Day.AddDays(1), customer: "a", metadata: new() { ["n"] = 7 }));
        return workspace;
    }
}
