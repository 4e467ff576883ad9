using System.Text.Json;
using Analytics.Http;

namespace Analytics.Tests.Http;

public sealed class CsvTests(AnalyticsApi api)
{
    [Theory]
    [InlineData("""{"data":[{"a":1,"b":{"c":"x","d":[1,2]}},{"a":null,"e":true}]}""", "a,b.c,b.d,e\r\n1,x,\"[1,2]\",\r\n,,,true\r\n")]
    [InlineData("""{"data":[{"a":1,"d":4},{"a":2,"b":true,"c":3,"d":5}]}""", "a,b,c,d\r\n1,,,4\r\n2,true,3,5\r\n")]
    [InlineData("""{"totals":[{"x":9}],"periods":[{"t":"2026"}]}""", "t\r\n2026\r\n")]
    [InlineData("""{"cells":[{"v":1.50}]}""", "v\r\n1.50\r\n")]
    [InlineData("""{"id":"1","name":"a,\"b\""}""", "id,name\r\n1,\"a,\"\"b\"\"\"\r\n")]
    [InlineData("""[{"a":"line\nbreak"}]""", "a\r\n\"line\nbreak\"\r\n")]
    [InlineData("""{"data":[]}""", "")]
    [InlineData("""{"data":[{"b":null,"c":1},{"b":{"x":2},"c":3}]}""", "b.x,c\r\n,1\r\n2,3\r\n")]
    [InlineData("""{"data":[{"b":null,"b.x":1},{"b":2,"b.x":3}]}""", "b,b.x\r\n,1\r\n2,3\r\n")]
    [InlineData("""{"data":[{"id":1,"metadata":{"plan":"pro","_cost":{"amount":2}}}]}""", "id,metadata\r\n1,\"{\"\"plan\"\":\"\"pro\"\",\"\"_cost\"\":{\"\"amount\"\":2}}\"\r\n")]
    [InlineData("""{"data":[{"id":1,"payload":{"a":[1]},"in":{"metadata":{"=b":1}}}]}""", "id,payload,in.metadata\r\n1,\"{\"\"a\"\":[1]}\",\"{\"\"=b\"\":1}\"\r\n")]
    [InlineData("""{"data":[{"id":1,"rows":[{"a":1},{"a":2}]}]}""", "id,rows\r\n1,\"[{\"\"a\"\":1},{\"\"a\"\":2}]\"\r\n")]
    [InlineData("""{"data":[{"n":-1e300,"m":-12345678901234567890123456789012345.5}]}""", "n,m\r\n-1e300,-12345678901234567890123456789012345.5\r\n")]
    public void The_main_list_becomes_rows(string json, string csv) => Assert.Equal(csv, Csv.Text(JsonElement.Parse(json), new([], null)));

    [Fact]
    public void Items_of_a_marked_list_inside_are_rows()
    {
        var shape = CsvShape.Of(typeof(Page<Holder>), Naming.Camel.Json);
        var answer = new Page<Holder>([new(1, new(2), [new(3, "a"), new(4, "b")]), new(5, null, [])], new(null));

        var some = Csv.Text(JsonSerializer.SerializeToElement(answer, Naming.Camel.Json), shape);
        var none = Csv.Text(JsonSerializer.SerializeToElement(answer with { Data = [] }, Naming.Camel.Json), shape);

        Assert.Equal("whole,besides.innerSize,partList.innerSize,partList.text\r\n1,2,3,a\r\n1,2,4,b\r\n", some);
        Assert.Equal("whole,besides.innerSize,partList.innerSize,partList.text\r\n", none);
    }

    sealed record Holder(int Whole, Beside? Besides, [property: InnerRows] IReadOnlyList<PartOf> PartList);

    sealed record Beside(int InnerSize);

    sealed record PartOf(int InnerSize, string Text);

    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+cmd", "'+cmd")]
    [InlineData("-cmd", "'-cmd")]
    [InlineData("@sum", "'@sum")]
    [InlineData("\t=1", "'\t=1")]
    [InlineData("-5.25", "-5.25")]
    [InlineData("+5", "+5")]
    [InlineData("plain", "plain")]
    public void Formulas_are_neutralised(string value, string cell)
    {
        var csv = Csv.Text(JsonSerializer.SerializeToElement(new { data = new[] { new { value } } }), new([], null));

        Assert.Equal($"value\r\n{cell}\r\n", csv);
    }

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
