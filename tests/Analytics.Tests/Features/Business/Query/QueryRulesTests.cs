using System.Text.Json;

namespace Analytics.Tests.Features.Business.Query;

/// <summary>What is no question is told, all of it at once and where it is.</summary>
public sealed class QueryRulesTests(AnalyticsApi api)
{
    const string Route = "/api/v1/analytics/query";
    const string Count = "\"metrics\":[{\"aggregation\":\"count\"}]";

    [Theory]
    [InlineData("{}", "/metrics")]
    [InlineData("""{"metrics":[]}""", "/metrics")]
    [InlineData("""{"metrics":[null]}""", "/metrics/0")]
    [InlineData("""{"metrics":[{"aggregation":"median","field":"a"},{"aggregation":"p100","field":"a"},{"aggregation":"p0","field":"a"},{"field":"a"}]}""",
        "/metrics/0/aggregation", "/metrics/1/aggregation", "/metrics/2/aggregation", "/metrics/3/aggregation")]
    [InlineData("""{"metrics":[{"aggregation":"sum"},{"aggregation":"p5"},{"aggregation":"unique","field":" "}]}""",
        "/metrics/0/field", "/metrics/1/field", "/metrics/2/field")]
    [InlineData("""{"metrics":[{"aggregation":"count"},{"aggregation":"sum","field":"a"},{"aggregation":"sum","field":"a"}]}""", "/metrics/2")]
    [InlineData($$"""{{{Count}},"dataset":"views"}""", "/dataset")]
    [InlineData($$"""{{{Count}},"dimensions":["a","b","c","d","e","f"]}""", "/dimensions")]
    [InlineData($$"""{{{Count}},"dimensions":["a","","a"]}""", "/dimensions/1", "/dimensions/2")]
    [InlineData($$"""{{{Count}},"filters":[{"field":"a","operator":"IS","value":1},{"field":"a","operator":"GREATER_THAN","value":"1"}]}""",
        "/filters/0/operator", "/filters/1/value")]
    [InlineData($$"""{{{Count}},"dataset":"requests","events":["a"],"dimensions":["name"],"filters":[{"field":"path","operator":"EQUALS","value":1}]}""",
        "/dimensions/0", "/events", "/filters/0/field")]
    [InlineData($$"""{{{Count}},"filters":[{"field":"a","operator":"GREATER_THAN","value":1e-20000},{"field":"a","operator":"EQUALS","value":1e-9999999999}]}""",
        "/filters/0/value", "/filters/1/value")]
    [InlineData("""{"metrics":[{"aggregation":"sum","field":"n"}],"dataset":"requests"}""", "/metrics/0/field")]
    [InlineData($$"""{{{Count}},"interval":"decade","timezone":"Mars/Base","period":"5y","limit":0,"orderBy":"sum(a)"}""",
        "/interval", "/limit", "/orderBy", "/period", "/timezone")]
    [InlineData($$"""{{{Count}},"period":"7d","from":"2026-01-01","to":"yesterday","limit":1001,"events":[""]}""",
        "/events/0", "/limit", "/period", "/to")]
    [InlineData($$"""{{{Count}},"interval":"minute"}""", "/interval")]
    [InlineData($$"""{{{Count}},"interval":"hour","period":"12m","limit":-1}""", "/limit", "/period")]
    [InlineData($$"""{{{Count}},"interval":"hour","from":"2020-01-01","to":"2026-01-01"}""", "/from")]
    [InlineData($$"""{{{Count}},"from":"2020-01-01","to":"2026-01-01"}""", "/from")]
    [InlineData($$"""{{{Count}},"from":"2026-02-01","to":"2026-01-01","orderBy":"--count"}""", "/orderBy", "/to")]
    public async Task What_is_wrong_is_told_by_its_place(string question, params string[] pointers)
    {
        var workspace = await api.NewWorkspaceAsync();

        var answer = await workspace.PostAsync(Route, question, 400);

        Assert.Equal(pointers, answer.GetProperty("errors").EnumerateArray().Select(Pointer).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData($$"""{{{Count}}}""")]
    [InlineData($$"""{{{Count}},"dataset":"events","events":[],"dimensions":[],"filters":[],"interval":null,"limit":1000}""")]
    [InlineData($$"""{{{Count}},"dataset":"requests","interval":"minute","period":"48h"}""")]
    [InlineData($$"""{{{Count}},"interval":"year","from":"1990-01-01","to":"2026-01-01","orderBy":"-timestamp"}""")]
    [InlineData("""{"metrics":[{"aggregation":"p1","field":"it's"},{"aggregation":"p99","field":"a.b.c.d.e.f.g.h"}],"dimensions":["\\","ü'"],"orderBy":"p1(it's)"}""")]
    public async Task What_is_a_question_is_answered(string question)
    {
        var workspace = await api.NewWorkspaceAsync();

        await workspace.PostAsync(Route, question);
    }

    static string Pointer(JsonElement error) => error.GetProperty("pointer").GetString()!;
}
