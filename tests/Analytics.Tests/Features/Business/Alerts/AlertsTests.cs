using System.Text.Json;
using System.Text.Json.Nodes;

namespace Analytics.Tests.Features.Business.Alerts;

/// <summary>Alerts are made, changed and deleted by their rules.</summary>
public sealed class AlertsTests(AnalyticsApi api)
{
    const string Alerts = "/api/v1/alerts";

    [Fact]
    public async Task An_alert_is_told_as_it_was_made()
    {
        var workspace = await api.NewWorkspaceAsync();
        var made = await workspace.PostAsync(Alerts, """
            {"name":"Heavy use","severity":"ERROR","query":{"metrics":[{"aggregation":"sum","field":"tokens"}],"events":["llm.called"],
             "dimensions":["customer"],"filters":[{"field":"model","operator":"IN","value":["a",1.0,true]}]},
             "window":"1h","when":{"operator":"GREATER_THAN","value":12.5}}
            """, 201);

        Assert.Equal(
            "Heavy use ERROR True 1h GREATER_THAN 12.5 watching sum customer llm.called model",
            string.Join(' ', made.GetProperty("name"), made.GetProperty("severity"), made.GetProperty("enabled"), made.GetProperty("window"),
                made.GetProperty("when").GetProperty("operator"), made.GetProperty("when").GetProperty("value"), made.GetProperty("state"),
                made.GetProperty("query").GetProperty("metrics")[0].GetProperty("aggregation"),
                made.GetProperty("query").GetProperty("dimensions")[0], made.GetProperty("query").GetProperty("events")[0],
                made.GetProperty("query").GetProperty("filters")[0].GetProperty("field")));
        Assert.Equal(JsonValueKind.Null, made.GetProperty("statistic").ValueKind);
        var id = made.GetProperty("id").GetGuid();
        AssertSame(made, await workspace.GetAsync($"{Alerts}/{id}"));
        AssertSame(made, Assert.Single((await workspace.GetAsync(Alerts)).GetProperty("data").EnumerateArray()));
        Assert.Empty((await workspace.GetAsync($"{Alerts}/{id}/history")).GetProperty("data").EnumerateArray());

        var other = await api.NewWorkspaceAsync();
        Assert.Empty((await other.GetAsync(Alerts)).GetProperty("data").EnumerateArray());
        await other.GetAsync($"{Alerts}/{id}", 404);
        await other.GetAsync($"{Alerts}/{id}/history", 404);
        await other.PatchAsync($"{Alerts}/{id}", new { name = "Mine" }, 404);
        await other.DeleteAsync($"{Alerts}/{id}", 404);
    }

    [Fact]
    public async Task All_that_is_wrong_with_an_alert_is_told_at_once()
    {
        var workspace = await api.NewWorkspaceAsync();
        await AssertProblemsAsync(workspace, "{}", "/name", "/query", "/when", "/window");
        await AssertProblemsAsync(
            workspace, """
            {"name":" ","severity":"BAD","window":"2h","when":{},
             "query":{"metrics":[{"aggregation":"count"},{"aggregation":"sum","field":"n"}],"dimensions":["a","b"],
              "filters":[{"field":"a","operator":"LIKE","value":1}]}}
            """, "/name", "/query/dimensions", "/query/filters/0/operator", "/query/metrics", "/severity", "/when/operator", "/when/value", "/window");
        await AssertProblemsAsync(
            workspace, """{"name":"n","window":"1h","when":{"operator":"LESS_THAN","value":1},"query":{"metrics":[{"aggregation":5}]}}""",
            "/query/metrics/0/aggregation");
        await AssertProblemsAsync(
            workspace, """{"name":"n","window":"1d","when":{"changePercent":5},"statistic":{"scope":"org","id":"acme:shop","measure":"mau"}}""",
            "/statistic/id");
        await AssertProblemsAsync(
            workspace, """{"name":"n","window":"1h","when":{"changePercent":0},"statistic":{"scope":"all","measure":"users"}}""",
            "/statistic/measure", "/statistic/scope", "/when/changePercent", "/window");
        await AssertProblemsAsync(
            workspace, """
            {"name":"n","window":"1d","when":{"operator":"LESS_THAN","value":1,"changePercent":5},"statistic":{"scope":"app","measure":"mau"},
             "query":{"metrics":[{"aggregation":"count"}]}}
            """, "/statistic", "/statistic/id", "/when/changePercent");
        await AssertProblemsAsync(
            workspace, """{"name":"n","window":"1d","when":{"changePercent":5},"statistic":{"scope":"app","id":"no:app","measure":"mau"}}""",
            "/statistic/id");
        Assert.Empty((await workspace.GetAsync(Alerts)).GetProperty("data").EnumerateArray());
    }

    [Theory, InlineData("1e300"), InlineData("1e-30"), InlineData("123456789012345678901234567890"), InlineData("0.0000000000001"), InlineData("1000000000000000.5")]
    public async Task A_number_that_is_too_large_or_too_fine_is_told_the_range(string number)
    {
        var workspace = await api.NewWorkspaceAsync();
        foreach (var when in (string[])[$$"""{"operator":"LESS_THAN","value":{{number}}}""", $$"""{"changePercent":{{number}}}"""])
        {
            var refused = await workspace.PostAsync(
                Alerts, $$"""{"name":"n","window":"1h","query":{"metrics":[{"aggregation":"count"}]},"when":{{when}}}""", 400);

            Assert.Equal(
                "Must be a number from -1e15 to 1e15 of at most 12 decimals.",
                refused.GetProperty("errors").EnumerateArray().Single().GetProperty("message").GetString());
        }
    }

    [Theory, InlineData("createdAt"), InlineData("name"), InlineData("severity"), InlineData("enabled"), InlineData("window"), InlineData("state"), InlineData("id")]
    public async Task They_are_sorted_by_any_of_their_fields(string field)
    {
        var workspace = await api.NewWorkspaceAsync();
        for (var n = 0; n < 5; n++)
            await workspace.PatchAsync(
                $"{Alerts}/{(await workspace.PostAsync(Alerts, SomeAlerts.Count(name: $"alert {n * 3 % 5}"), 201)).GetProperty("id")}",
                new { enabled = n % 2 == 0, severity = n < 3 ? "WARN" : "ERROR" });
        foreach (var sort in (string[])[field, "-" + field])
        {
            var all = (await workspace.GetAsync($"{Alerts}?sort={sort}")).GetProperty("data").EnumerateArray().Select(alert => alert.GetProperty("id").GetString()).ToList();
            var (paged, cursor) = (new List<string?>(), "");
            for (var more = true; more;)
            {
                var page = await workspace.GetAsync($"{Alerts}?sort={sort}&limit=2{cursor}");
                paged.AddRange(page.GetProperty("data").EnumerateArray().Select(alert => alert.GetProperty("id").GetString()));
                more = page.GetProperty("meta").GetProperty("nextCursor").GetString() is { } next;
                cursor = $"&cursor={page.GetProperty("meta").GetProperty("nextCursor")}";
            }

            Assert.Equal(5, all.Distinct().Count());
            Assert.Equal(all, paged);
        }

        var values = (await workspace.GetAsync($"{Alerts}?sort={field}")).GetProperty("data").EnumerateArray().Select(alert => alert.GetProperty(field).ToString()).ToList();
        Assert.Equal(values.Order(StringComparer.Ordinal), values);
    }

    [Fact]
    public async Task Absent_members_stay_and_a_query_takes_the_place_of_a_statistic()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.NewAppAsync();
        var made = await workspace.PostAsync(
            Alerts, """{"name":"Users","window":"1d","when":{"changePercent":-5},"statistic":{"scope":"app","id":"acme:shop","measure":"mau"}}""", 201);
        var path = $"{Alerts}/{made.GetProperty("id")}";

        var renamed = await workspace.PatchAsync(path, new { name = "Fewer users" });
        Assert.Equal("Fewer users", renamed.GetProperty("name").GetString());
        AssertSame(made.GetProperty("statistic"), renamed.GetProperty("statistic"));
        AssertSame(made.GetProperty("when"), renamed.GetProperty("when"));
        Assert.Equal(["/window"], await ProblemsAsync(workspace, HttpMethod.Patch, path, """{"window":"15m"}"""));
        Assert.Equal(["/statistic"], await ProblemsAsync(
            workspace, HttpMethod.Patch, path, """{"query":{"metrics":[{"aggregation":"count"}]},"statistic":{"scope":"org","measure":"mau"}}"""));

        var changed = await workspace.PatchAsync(path, """{"query":{"metrics":[{"aggregation":"count"}]},"window":"15m","enabled":false}""");
        Assert.Equal(JsonValueKind.Null, changed.GetProperty("statistic").ValueKind);
        Assert.Equal("15m disabled", $"{changed.GetProperty("window")} {changed.GetProperty("state")}");
        await workspace.DeleteAsync(path);
        await workspace.DeleteAsync(path, 404);
        await workspace.GetAsync(path, 404);
    }

    [Fact]
    public async Task A_workspace_has_at_most_a_hundred_alerts()
    {
        var workspace = await api.NewWorkspaceAsync();
        for (var n = 0; n < 100; n++)
            await workspace.PostAsync(Alerts, SomeAlerts.Count(name: $"alert {n:00}", window: "15m"), 201);
        await workspace.PostAsync(Alerts, SomeAlerts.Count(), 409);

        var page = await workspace.GetAsync($"{Alerts}?sort=-name&limit=60");
        Assert.Equal("alert 99", page.GetProperty("data")[0].GetProperty("name").GetString());
        var rest = await workspace.GetAsync($"{Alerts}?sort=-name&limit=60&cursor={page.GetProperty("meta").GetProperty("nextCursor")}");
        Assert.Equal(40, rest.GetProperty("data").GetArrayLength());
        Assert.Equal(JsonValueKind.Null, rest.GetProperty("meta").GetProperty("nextCursor").ValueKind);

        await workspace.DeleteAsync($"{Alerts}/{page.GetProperty("data")[0].GetProperty("id")}");
        await workspace.PostAsync(Alerts, SomeAlerts.Count(), 201);
    }

    [Fact]
    public async Task Readers_see_alerts_and_only_writers_of_reports_change_them()
    {
        var workspace = await api.NewWorkspaceAsync();
        var id = (await workspace.PostAsync(Alerts, SomeAlerts.Count(), 201)).GetProperty("id");
        var reader = await workspace.WithScopesAsync("stats:read");
        await reader.GetAsync(Alerts);
        await reader.GetAsync($"{Alerts}/{id}/history");
        await reader.PostAsync(Alerts, SomeAlerts.Count(), 403);
        await reader.PatchAsync($"{Alerts}/{id}", new { name = "n" }, 403);
        await reader.DeleteAsync($"{Alerts}/{id}", 403);
        await reader.PostAsync($"{Alerts}/preview", new { alert = SomeAlerts.Count() }, 403);
        var portal = await workspace.BoundToAsync(await workspace.NewCustomerAsync("acme"));
        await portal.GetAsync(Alerts, 403);
        await portal.GetAsync($"{Alerts}/{id}", 403);
        await portal.PostAsync(Alerts, SomeAlerts.Count(), 403);
    }

    static async Task AssertProblemsAsync(WorkspaceClient workspace, string body, params string[] pointers)
    {
        Assert.Equal(pointers, await ProblemsAsync(workspace, HttpMethod.Post, Alerts, body));
        if (pointers is not ["/statistic/id"] || body.Contains("\"org\"", StringComparison.Ordinal))
            Assert.Equal(
                pointers.Select(pointer => "/alert" + pointer),
                await ProblemsAsync(workspace, HttpMethod.Post, $"{Alerts}/preview", $$"""{"alert":{{body}}}"""));
    }

    static async Task<IEnumerable<string?>> ProblemsAsync(WorkspaceClient workspace, HttpMethod method, string path, string body) =>
        [.. (await workspace.SendAsync(method, path, JsonNode.Parse(body), 400)).GetProperty("errors").EnumerateArray()
            .Select(error => error.GetProperty("pointer").GetString()).Order(StringComparer.Ordinal)];

    static void AssertSame(JsonElement one, JsonElement other) => Assert.True(JsonElement.DeepEquals(one, other), $"{one}\n{other}");
}
