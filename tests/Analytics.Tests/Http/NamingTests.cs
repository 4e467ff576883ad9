using System.Text.Json;
using Analytics.Contract;
using Analytics.Http;
using Analytics.Tenancy;
using FluentValidation;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.Tests.Http;

/// <summary>The same actions once in each naming: their names differ everywhere, and nothing else does.</summary>
public sealed class NamingTests(AnalyticsApi api, NamingTests.Node node) : IClassFixture<NamingTests.Node>
{
    [Theory]
    [InlineData("snake", """{"item_name":"a","sub_parts":[{"part_size":1}],"grand_total":2.5,"how_made":"by_hand"}""")]
    [InlineData("camel", """{"itemName":"a","subParts":[{"partSize":1}],"grandTotal":2.5,"howMade":"byHand"}""")]
    public async Task Bodies_are_read_and_answers_written_under_the_routes_names(string route, string body)
    {
        var client = node.With((await api.NewWorkspaceAsync()).Key);

        var answer = await client.PostAsync($"/probe/{route}", body);

        Assert.Equal(body, answer.GetRawText());
    }

    [Theory]
    [InlineData("snake", """{"item_name":" ","sub_parts":[{"part_size":0}],"grand_total":"x","how_made":"by hand"}""",
        "/item_name /sub_parts/0/part_size /grand_total /how_made")]
    [InlineData("camel", """{"itemName":" ","subParts":[{"partSize":0}],"grandTotal":"x","howMade":"by hand"}""",
        "/itemName /subParts/0/partSize /grandTotal /howMade")]
    [InlineData("camel", """{"item_name":"a"}""", "/itemName")]
    public async Task Pointers_use_them(string route, string body, string pointers)
    {
        var client = node.With((await api.NewWorkspaceAsync()).Key);

        var problem = await client.PostAsync($"/probe/{route}", body, 400);

        Assert.Equal(pointers.Split(' ').Order(), Pointers(problem).Order());
        Assert.True(problem.TryGetProperty("request_id", out _));
    }

    [Theory]
    [InlineData("snake", "customer_id=a&customer_id=b&at_most=3", "a b 3")]
    [InlineData("snake", "customerId=a&customer_id=&atMost=3", "")]
    [InlineData("camel", "customerId=a&customerId=b&atMost=3", "a b 3")]
    [InlineData("camel", "customer_id=a&at_most=3", "")]
    [InlineData("camel", "query=1&query.customerId=a&customerId[0]=b&customerId=c", "c")]
    public async Task Query_parameters_have_them(string route, string query, string found)
    {
        var client = node.With((await api.NewWorkspaceAsync()).Key);

        var answer = await client.GetAsync($"/probe/{route}?{query}");

        Assert.Equal(found, string.Join(' ', answer.GetProperty("data").EnumerateArray().Select(row => row.EnumerateObject().First().Value)));
    }

    [Theory]
    [InlineData("snake", "at_most=0&limit=x", "at_most limit")]
    [InlineData("camel", "atMost=0&limit=x", "atMost limit")]
    [InlineData("camel", "atMost=many", "atMost")]
    public async Task Problems_of_a_query_name_its_parameters(string route, string query, string pointers)
    {
        var client = node.With((await api.NewWorkspaceAsync()).Key);

        Assert.Equal(pointers.Split(' '), Pointers(await client.GetAsync($"/probe/{route}?{query}", 400)).Order());
    }

    [Theory]
    [InlineData("snake", "customer_id=a", "cell_text,cell_size.in_bytes\r\na,1\r\n", "next_cursor")]
    [InlineData("camel", "customerId=a", "cellText,cellSize.inBytes\r\na,1\r\n", "nextCursor")]
    public async Task So_do_pages_and_columns(string route, string query, string csv, string next)
    {
        var client = node.With((await api.NewWorkspaceAsync()).Key);

        using var table = await client.AskAsync(HttpMethod.Get, $"/probe/{route}?{query}&format=csv");
        var page = await client.GetAsync($"/probe/{route}");

        Assert.Equal(csv, await table.Content.ReadAsStringAsync());
        Assert.Equal(JsonValueKind.Null, page.GetProperty("meta").GetProperty(next).ValueKind);
    }

    [Theory, InlineData("snake", "workspace_id"), InlineData("camel", "tenantId")]
    public async Task Who_names_no_workspace_is_asked_for_it_in_the_routes_words(string route, string name)
    {
        var user = (await api.Root.PostAsync("/api/users", new { email = $"{Guid.NewGuid():n}@example.com", name = "Ada" }, 201)).GetProperty("id").GetString();
        var key = await api.Root.PostAsync($"/api/users/{user}/keys", new { name = "test" }, 201);

        var problem = await node.With(key.GetProperty("key").GetString()).GetAsync($"/probe/{route}", 400);

        Assert.Equal([name], Pointers(problem));
    }

    [Fact]
    public async Task The_document_shows_each_route_under_its_own()
    {
        var document = await node.With(null).GetAsync("/swagger/v1/swagger.json");

        Assert.Equal(["at_most", "cursor", "customer_id", "format", "limit", "sort", "workspace_id"], Parameters(document, "/probe/snake"));
        Assert.Equal(["atMost", "cursor", "customerId", "format", "limit", "sort", "tenantId"], Parameters(document, "/probe/camel"));
        Assert.Equal(["grand_total", "how_made", "item_name", "sub_parts"], Members(document, Body(document, "/probe/snake")));
        Assert.Equal(["grandTotal", "howMade", "itemName", "subParts"], Members(document, Body(document, "/probe/camel")));
        var page = Resolve(document, Answer(document, "/probe/camel")).GetProperty("properties");
        Assert.Equal(["nextCursor"], Members(document, page.GetProperty("meta")));
        Assert.Equal(["cellSize", "cellText"], Members(document, page.GetProperty("data").GetProperty("items")));
        Assert.Equal(["next_cursor"], Members(document, Resolve(document, Answer(document, "/probe/snake")).GetProperty("properties").GetProperty("meta")));
    }

    static IEnumerable<string> Pointers(JsonElement problem) =>
        problem.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("pointer").GetString()!);

    static IEnumerable<string> Parameters(JsonElement document, string path) =>
        document.GetProperty("paths").GetProperty(path).GetProperty("get").GetProperty("parameters").EnumerateArray()
            .Select(parameter => parameter.GetProperty("name").GetString()!).Order(StringComparer.Ordinal);

    static JsonElement Body(JsonElement document, string path) =>
        Schema(document.GetProperty("paths").GetProperty(path).GetProperty("post").GetProperty("requestBody"));

    static JsonElement Answer(JsonElement document, string path) =>
        Schema(document.GetProperty("paths").GetProperty(path).GetProperty("get").GetProperty("responses").GetProperty("200"));

    static JsonElement Schema(JsonElement holder) => holder.GetProperty("content").GetProperty("application/json").GetProperty("schema");

    static IEnumerable<string> Members(JsonElement document, JsonElement schema) =>
        Resolve(document, schema).GetProperty("properties").EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal);

    static JsonElement Resolve(JsonElement document, JsonElement schema) => schema.TryGetProperty("$ref", out var reference)
        ? reference.GetString()!.TrimStart('#', '/').Split('/').Aggregate(document, (at, step) => at.GetProperty(step))
        : schema;

    public sealed class Node(AnalyticsApi api) : ProbeNode(api, typeof(SnakeProbe), typeof(CamelProbe))
    {
        protected override void Configure(WebApplicationBuilder builder) => builder.Services
            .AddSingleton<IValidator<Item>, ItemRules>()
            .AddSingleton<IValidator<Asked>, AskedRules>();
    }

    [Route("probe/snake")]
    public sealed class SnakeProbe : Probe;

    [Route("probe/camel"), CamelCase]
    public sealed class CamelProbe : Probe;

    [ApiController, RequireScope(Scopes.StatsRead)]
    public abstract class Probe : ControllerBase
    {
        /// <summary>Answers what it is sent.</summary>
        [HttpPost]
        public ActionResult<Item> Post(Item item) => Ok(item);

        /// <summary>Answers what it is asked.</summary>
        [HttpGet, Paged("id", "id")]
        public Page<Cell> Get([FromQuery] Asked query) => Page.Of(
            [.. query.CustomerId.OfType<string>().Concat(query.AtMost is { } most ? [$"{most}"] : []).Select(text => new Cell(text, new(1)))],
            HttpContext.Paging, _ => []);
    }

    public enum Making
    {
        ByHand,
    }

    public sealed record Item(string? ItemName, IReadOnlyList<Part>? SubParts, decimal? GrandTotal, Making? HowMade);

    public sealed record Part(int PartSize);

    public sealed record Asked
    {
        public string?[] CustomerId { get; init; } = [];

        public int? AtMost { get; init; }
    }

    public sealed record Cell(string CellText, CellSize CellSize);

    public sealed record CellSize(int InBytes);

    sealed class ItemRules : AbstractValidator<Item>
    {
        public ItemRules()
        {
            RuleFor(item => item.ItemName).Cascade(CascadeMode.Stop).Required().Text(5);
            RuleForEach(item => item.SubParts).ChildRules(part => part.RuleFor(p => p.PartSize).GreaterThan(0));
        }
    }

    sealed class AskedRules : AbstractValidator<Asked>
    {
        public AskedRules() => RuleFor(asked => asked.AtMost).GreaterThan(0);
    }
}
