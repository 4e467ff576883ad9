using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Analytics.Http;

namespace Analytics.Tests.Http;

public sealed class CsvTests(AnalyticsApi api)
{
    [Theory]
    [InlineData("""[{"a":1,"b":{"c":"x","d":[1,2]}},{"a":null,"e":true}]""", "a,b.c,b.d,e\r\n1,x,\"[1,2]\",\r\n,,,true\r\n")]
    [InlineData("""[{"a":1,"d":4},{"a":2,"b":true,"c":3,"d":5}]""", "a,b,c,d\r\n1,,,4\r\n2,true,3,5\r\n")]
    [InlineData("""[{"v":1.50}]""", "v\r\n1.50\r\n")]
    [InlineData("""[{"id":"1","name":"a,\"b\""}]""", "id,name\r\n1,\"a,\"\"b\"\"\"\r\n")]
    [InlineData("""[{"a":"line\nbreak"}]""", "a\r\n\"line\nbreak\"\r\n")]
    [InlineData("""[]""", "")]
    [InlineData("""[{"b":null,"c":1},{"b":{"x":2},"c":3}]""", "b.x,c\r\n,1\r\n2,3\r\n")]
    [InlineData("""[{"b":null,"b.x":1},{"b":2,"b.x":3}]""", "b,b.x\r\n,1\r\n2,3\r\n")]
    [InlineData("""[{"id":1,"metadata":{"plan":"pro","_cost":{"amount":2}}}]""", "id,metadata\r\n1,\"{\"\"plan\"\":\"\"pro\"\",\"\"_cost\"\":{\"\"amount\"\":2}}\"\r\n")]
    [InlineData("""[{"id":1,"payload":{"a":[1]},"in":{"metadata":{"=b":1}}}]""", "id,payload,in.metadata\r\n1,\"{\"\"a\"\":[1]}\",\"{\"\"=b\"\":1}\"\r\n")]
    [InlineData("""[{"id":1,"rows":[{"a":1},{"a":2}]}]""", "id,rows\r\n1,\"[{\"\"a\"\":1},{\"\"a\"\":2}]\"\r\n")]
    [InlineData("""[{"n":-1e300,"m":-12345678901234567890123456789012345.5}]""", "n,m\r\n-1e300,-12345678901234567890123456789012345.5\r\n")]
    public async Task Items_become_rows_with_the_columns_they_have(string json, string csv)
    {
        JsonElement[] items = [.. JsonElement.Parse(json).EnumerateArray()];

        Assert.Equal(csv, await TextAsync(items));
        Assert.Equal(csv, await TextAsync(new Page<JsonElement>(items, new("next"))));
        Assert.Equal(csv, await TextAsync(new { totals = (int[])[9], periods = items }));
        Assert.Equal(csv, await TextAsync(new { total = 9, cells = items }));
    }

    [Fact]
    public async Task An_answer_without_a_list_is_a_row() =>
        Assert.Equal("id,in.name\r\n1,\"a,b\"\r\n", await TextAsync(new { id = 1, @in = new { name = "a,b" } }));

    [Fact]
    public async Task Items_of_a_marked_list_inside_are_rows()
    {
        var answer = new Page<Holder>([new(1, new(2), [new(3, "a"), new(4, "b")], "z"), new(5, null, [], null)], new(null));

        var some = await TextAsync(answer);
        var none = await TextAsync(answer with { Data = [] });

        Assert.Equal("whole,besides.innerSize,partList.innerSize,partList.text,last\r\n1,2,3,a,z\r\n1,2,4,b,z\r\n", some);
        Assert.Equal("whole,besides.innerSize,partList.innerSize,partList.text,last\r\n", none);
    }

    [Fact]
    public async Task Columns_that_follow_from_the_type_do_not_depend_on_what_is_there() =>
        Assert.Equal("innerSize,text\r\n1,\r\n", await TextAsync(new Page<PartOf>([new(1, null!)], new(null))));

    [Fact]
    public async Task Rows_leave_before_others_are_made()
    {
        using var body = new MemoryStream();
        var writer = PipeWriter.Create(body);
        var (made, held) = (0L, 0L);

        await Csv.WriteAsync(writer, new { data = Rows() }, Naming.Camel.Json, TestContext.Current.CancellationToken);

        Assert.Equal(5_000, made);
        Assert.InRange(held, 0, 200_000);

        IEnumerable<PartOf> Rows()
        {
            for (; made < 5_000; made++)
            {
                held = Math.Max(held, (made * 1_000) - body.Length);
                yield return new(1, new string('x', 1_000));
            }
        }
    }

    static async Task<string> TextAsync(object answer)
    {
        var body = new MemoryStream();
        var writer = PipeWriter.Create(body);
        await Csv.WriteAsync(writer, answer, Naming.Camel.Json, TestContext.Current.CancellationToken);
        await writer.CompleteAsync();
        return Encoding.UTF8.GetString(body.ToArray());
    }

    sealed record Holder(int Whole, Beside? Besides, [property: InnerRows] IReadOnlyList<PartOf> PartList, string? Last);

    sealed record Beside(int InnerSize);

    sealed record PartOf(int InnerSize, string Text);

    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+cmd", "'+cmd")]
    [InlineData("-cmd", "'-cmd")]
    [InlineData("@sum", "'@sum")]
    [InlineData("\t=1", "'\t=1")]
    [InlineData("-5.25", "-5.25")]
    [InlineData("+5", "'+5")]
    [InlineData("+4917012345", "'+4917012345")]
    [InlineData("-2e5", "'-2e5")]
    [InlineData("-", "'-")]
    [InlineData("plain", "plain")]
    public async Task Formulas_are_neutralised(string value, string cell) =>
        Assert.Equal($"value\r\n{cell}\r\n", await TextAsync(new { data = new[] { new { value } } }));

    [Fact]
    public async Task A_list_answers_csv_when_asked()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.NewCustomerAsync("=evil()", "Ada, Countess");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/customers");
        request.Headers.Add("Accept", "text/csv");

        using var byHeader = await workspace.Http.SendAsync(request);
        using var byParameter = await workspace.AskAsync(HttpMethod.Get, "/api/customers?format=csv");

        var text = await byHeader.Content.ReadAsStringAsync();
        Assert.Equal("text/csv; charset=utf-8", byHeader.Content.Headers.ContentType?.ToString());
        Assert.StartsWith("id,external_id,name,email,metadata,created_at,updated_at\r\n", text);
        Assert.Contains(",'=evil(),\"Ada, Countess\",", text);
        Assert.Equal(text, await byParameter.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("/api/customers?q=nobody", "id,external_id,name,email,metadata,created_at,updated_at\r\n")]
    [InlineData("/api/events/names", "name,label,source,occurrences,first_seen,last_seen\r\n")]
    public async Task A_list_without_rows_has_its_header(string path, string csv)
    {
        var workspace = await api.NewWorkspaceAsync();

        using var answer = await workspace.AskAsync(HttpMethod.Get, path + (path.Contains('?') ? '&' : '?') + "format=csv");

        Assert.Equal(csv, await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("text/csv", true), InlineData("text/csv, */*;q=0.1", true), InlineData("application/json;q=0.5, text/csv", true)]
    [InlineData("application/json, text/csv;q=0.5", false), InlineData("text/csv;q=0", false), InlineData("*/*", false)]
    [InlineData("text/csv;q=0.5, */*;q=0.8", false), InlineData("text/csv;q=0.8, application/*;q=0.9, application/json;q=0.8", true)]
    public async Task The_client_gets_the_format_it_likes_better(string accept, bool isCsv)
    {
        var workspace = await api.NewWorkspaceAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/customers");
        request.Headers.Add("Accept", accept);

        using var answer = await workspace.Http.SendAsync(request);

        Assert.Equal(isCsv ? "text/csv" : "application/json", answer.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task What_is_no_query_answers_json()
    {
        var workspace = await api.NewWorkspaceAsync();

        var changed = await workspace.PatchAsync($"/api/workspaces/{workspace.Id}?format=csv", new { name = "New" });

        Assert.Equal("New", changed.GetProperty("name").GetString());
    }

    [Fact]
    public async Task Errors_stay_problems()
    {
        var workspace = await api.NewWorkspaceAsync();

        var problem = await workspace.GetAsync("/api/customers?format=csv&limit=0", 400);

        Assert.Equal(400, problem.GetProperty("status").GetInt32());
    }
}
