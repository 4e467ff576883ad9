using System.Text.Json;
using static Analytics.Tests.Features.Business.Query.SomeQuestions;

namespace Analytics.Tests.Features.Business.Query;

/// <summary>What is no question is told, all of it at once and where it is.</summary>
public sealed class QueryRulesTests(AnalyticsApi api)
{
    const string Count = "\"metrics\":[{\"aggregation\":\"count\"}]";

    [Theory]
    [InlineData("{}", "/metrics")]
    [InlineData("""{"metrics":[{"aggregation":5}]}""", "/metrics/0/aggregation")]
    [InlineData("""{"metrics":[{"aggregation":5}],"orderBy":"count","limit":0}""", "/limit", "/metrics/0/aggregation")]
    [InlineData("""{"metrics":[{"aggregation":"sum","field":"\ud800"}]}""", "/metrics/0/field")]
    [InlineData($$"""{{{Count}},"filters":[{"field":"a","operator":"EQUALS","value":"\ud800"}],"dimensions":"name"}""", "/dimensions", "/filters/0/value")]
    [InlineData("""{"metrics":[{"aggregation":"median","field":"a"}],"orderBy":"median"}""", "/metrics/0/aggregation")]
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
    [InlineData("""{"metrics":[{"aggregation":5}]}""", "Must be a text.")]
    [InlineData("""{"metrics":[{"aggregation":"sum","field":"\ud800"}]}""", "Must not hold half a character.")]
    [InlineData("""{"metrics":[5]}""", "Must be an object.")]
    [InlineData($$"""{{{Count}},"filters":[{"field":"a","operator":"EQUALS","value":"\u0000"}]}""", "Must be a text of at most 2048 characters, without NUL.")]
    [InlineData($$"""{{{Count}},"filters":[{"field":"a","operator":"NOT_EQUALS","value":1e999}]}""",
        "Must be a number, written with at most 100 characters, that a double holds.")]
    [InlineData($$"""{{{Count}},"filters":[{"field":"a","operator":"LESS_THAN","value":1e999}]}""",
        "Must be a number, written with at most 100 characters, that a double holds.")]
    [InlineData($$"""{{{Count}},"filters":[{"field":"a","operator":"LESS_THAN","value":"soon"}]}""", "Must be a number.")]
    [InlineData($$"""{{{Count}},"filters":[{"field":"a","operator":"EQUALS","value":{} }]}""", "Must be a text, a number, true or false.")]
    [InlineData($$"""{{{Count}},"from":"2020-01-01","to":"2026-01-01"}""", "A range must not be longer than 1100 days.")]
    [InlineData($$"""{{{Count}},"from":"2020-01-01","to":"2026-01-01","interval":"day"}""", "A range by day must not be longer than 1100 days.")]
    [InlineData($$"""{{{Count}},"from":"2199-01-01"}""", "from must not be later than now, where to is not sent.")]
    public async Task What_is_wrong_is_said_in_words_that_are_true(string question, string message)
    {
        var workspace = await api.NewWorkspaceAsync();

        var answer = await workspace.PostAsync(Route, question, 400);

        Assert.Equal([message], answer.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("message").GetString()));
    }

    [Fact]
    public async Task A_text_that_is_too_long_is_said_to_be()
    {
        var workspace = await api.NewWorkspaceAsync();
        var question = $$"""{{{Count}},"filters":[{"field":"a","operator":"EQUALS","value":"{{new string('x', 2_049)}}"}]}""";

        var answer = await workspace.PostAsync(Route, question, 400);

        Assert.Equal(
            "Must be a text of at most 2048 characters, without NUL.",
            answer.GetProperty("errors").EnumerateArray().Single().GetProperty("message").GetString());
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
