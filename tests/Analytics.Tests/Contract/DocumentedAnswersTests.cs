using System.Text.Json;
using System.Text.Json.Nodes;
using Analytics.Tests.Features.Apps;
using Analytics.Tests.Features.Business.Alerts;
using Analytics.Tests.Features.Business.Reports;
using Analytics.Tests.Features.Export;
using Analytics.Tests.Features.Sessions;
using Analytics.Tests.Features.Streams;
using Npgsql;

namespace Analytics.Tests.Contract;

/// <summary>What the service really takes and answers is what its document says, member by member.</summary>
public sealed class DocumentedAnswersTests(AnalyticsApi api)
{
    [Fact]
    public async Task Every_answer_is_what_the_document_says()
    {
        var document = await Documented.OfAsync(api);
        var seen = new HashSet<string>();
        var root = new HeldClient(api.Root, document, seen);
        var workspace = await api.NewWorkspaceAsync();
        var client = root.As(workspace);

        await AskWhatIsOpenAsync(root.As(api.Anonymous));
        await ManageWorkspacesAsync(root);
        await ManageUsersAsync(root);
        await SignInAsync(root);
        await TellOfCustomersAsync(client);
        await TellOfEventsAsync(client);
        await TellOfRequestsAsync(client);
        await AskForNumbersAsync(client);
        await KeepAppsAsync(client);
        await AskForUsageAsync(client);
        await AskForRequestsAsync(client);
        await AskForMcpAsync(client);
        await AskForBusinessAsync(client);
        await WatchAsync(client);
        await SaveReportsAsync(client, workspace);
        await AskForWebhooksAsync(client);

        Assert.Equal([], document.Operations.Where(AnswersJson).Select(operation => $"{operation}").Except(seen));
    }

    [Fact]
    public async Task Every_message_of_a_stream_is_what_the_document_says()
    {
        var document = await Documented.OfAsync(api);
        var workspace = await api.NewWorkspaceAsync();
        await using var events = await OpenStream.OfAsync(workspace);
        await using var log = await OpenStream.OpenAsync(workspace, "/api/v1/events/stream");

        await workspace.IngestAsync(Some.Event(metadata: new() { ["_log"] = new JsonObject { ["severity"] = "WARN" } }));

        document.AssertFits(Message(document, "/api/stream/workspaces/{id}"), (await events.NextAsync()).Json, "A message");
        document.AssertFits(Message(document, "/api/v1/events/stream"), (await log.NextAsync()).Json, "A record");
    }

    [Fact]
    public async Task Every_line_of_an_export_is_what_the_document_says()
    {
        var document = await Documented.OfAsync(api);
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(Some.Event(metadata: new() { ["n"] = 1 }));
        await workspace.TellAsync(1);

        foreach (var (kind, path) in ((string, string)[])[("events", "/api/export/{kind}"), ("log", "/api/export/log")])
        {
            var schema = document.Find("GET", path).Answer(200, "application/x-ndjson")!.Value.GetProperty("schema");
            var lines = await workspace.ExportAsync(kind);
            Assert.NotEmpty(lines);
            Assert.All(lines, line => document.AssertFits(schema, line, $"A line of {kind}"));
        }
    }

    [Fact]
    public async Task Every_route_refuses_strangers_as_the_document_says()
    {
        var document = await Documented.OfAsync(api);
        foreach (var operation in document.Operations.Where(operation => operation.Scope != "open"))
        {
            var path = operation.Path.Replace('{', 'a').Replace('}', 'z');
            using var answer = await api.Anonymous.AskAsync(new HttpMethod(operation.Method), path);
            var media = operation.Answer(401, answer.Content.Headers.ContentType!.MediaType!)!.Value;

            Assert.Equal(401, (int)answer.StatusCode);
            var body = JsonElement.Parse(await answer.Content.ReadAsStringAsync());
            document.AssertFits(media.GetProperty("schema"), body, $"{operation}");
        }
    }

    [Fact]
    public async Task Every_example_is_what_its_schema_says()
    {
        var document = await Documented.OfAsync(api);
        var examples =
            from operation in document.Operations
            from holder in operation.Answers.Select(answer => answer.Answer).Concat(operation.Bodies)
            from media in Operation.MediaOf(holder)
            where media.Value.TryGetProperty("example", out _)
            select (operation, media.Value);
        foreach (var (operation, media) in examples)
            document.AssertFits(media.GetProperty("schema"), media.GetProperty("example"), $"The example of {operation}");
    }

    static async Task AskWhatIsOpenAsync(HeldClient client)
    {
        foreach (var path in (string[])["/", "/openapi.json", "/swagger/v1/swagger.json", "/health/live", "/health/ready"])
            await client.GetAsync(path);
    }

    static async Task ManageWorkspacesAsync(HeldClient client)
    {
        var slug = $"test-{Guid.NewGuid():n}";
        var made = await client.PostAsync("/api/workspaces", new { name = "Acme", slug, timezone = "Europe/Paris" });
        var workspace = $"/api/workspaces/{Id(made)}";
        await client.GetAsync("/api/workspaces");
        await client.GetAsync(workspace);
        await client.SendAsync("PATCH", workspace, new { retention_days = 30 }, 200);
        var key = Id(await client.PostAsync($"{workspace}/keys", new { name = "a", scopes = Analytics.Tenancy.Scopes.All }));
        await client.PostAsync($"{workspace}/keys", new { name = "b", scopes = (string[])["admin"], expires_at = "2099-01-01T00:00:00Z" });
        await client.GetAsync($"{workspace}/keys");
        await client.SendAsync("DELETE", $"{workspace}/keys/{key}", null, 204);
        await client.SendAsync("DELETE", workspace, null, 204);
    }

    async Task ManageUsersAsync(HeldClient client)
    {
        var members = $"/api/workspaces/{(await api.NewWorkspaceAsync()).Id}/members";
        var user = Id(await client.PostAsync("/api/users", new { email = $"{Guid.NewGuid():n}@example.com", name = "Ada" }));
        await client.SendAsync("PUT", $"{members}/{user}", new { role = "viewer" }, 200);
        await client.GetAsync(members);
        await client.GetAsync("/api/users");
        await client.GetAsync($"/api/users/{user}");
        var key = Id(await client.PostAsync($"/api/users/{user}/keys", new { name = "laptop" }));
        await client.GetAsync($"/api/users/{user}/keys");
        await client.SendAsync("DELETE", $"/api/users/{user}/keys/{key}", null, 204);
        await client.SendAsync("DELETE", $"{members}/{user}", null, 204);
    }

    async Task SignInAsync(HeldClient root)
    {
        var workspace = await api.NewWorkspaceAsync();
        var portal = await workspace.BoundToAsync(await workspace.NewCustomerAsync("acme"));
        var browser = new Browser(api.Address);
        var page = root.As(browser);
        foreach (var key in (string?[])[workspace.Key, portal.Key])
            await page.PostAsync("/api/session", new { key });
        var made = await root.As(workspace).PostAsync("/api/session/codes", new { expires_in = 60 });
        await page.PostAsync("/api/session", new { code = made.GetProperty("code").GetString() });
        await root.As(workspace).GetAsync("/api/session");
        await page.SendAsync("DELETE", "/api/session", null, 204);
        var invitations = $"/api/workspaces/{workspace.Id}/invitations";
        var invited = await root.PostAsync(invitations, new { email = "ada@example.com", name = "Ada", role = "viewer" });
        await root.GetAsync(invitations);
        await root.SendAsync("DELETE", $"{invitations}/{Id(invited)}", null, 204);
    }

    static async Task TellOfCustomersAsync(HeldClient client)
    {
        var full = new { external_id = "acme", name = "Acme", email = "ada@example.com", metadata = new { plan = "large" } };
        var customer = $"/api/customers/{Id(await client.PostAsync("/api/customers", full))}";
        await client.PostAsync("/api/customers", new { });
        await client.GetAsync("/api/customers");
        await client.GetAsync(customer);
        await client.SendAsync("PATCH", customer, new { email = (string?)null, metadata = new { } }, 200);
        var erasure = await client.SendAsync("DELETE", customer, null, 202);
        await client.GetAsync($"/api/erasures/{erasure.GetProperty("job_id")}");
    }

    static async Task TellOfEventsAsync(HeldClient client)
    {
        await client.PostAsync("/api/events/ingest", JsonNode.Parse("""
            {"events":[
             {"name":"report.made","external_customer_id":"x","external_id":"r-1","source":"user","timestamp":"2026-03-11T09:30:00Z",
              "metadata":{"pages":12,"_cost":{"amount":"1.25","currency":"usd"},
               "_llm":{"vendor":"acme","model":"large","input_tokens":812,"output_tokens":64,"prompt":"Say it."},
               "_log":{"severity":"WARN","actor_type":"user","actor_id":"ada"}}},
             {"name":"page.made","external_customer_id":"x","parent_id":"r-1","metadata":{"_cost":{"amount":2,"currency":"usd"}}},
             {"name":"page.made","external_customer_id":"x","parent_id":"not-yet","customer_id":null}]}
            """), 200);
        var stranger = new JsonObject { ["name"] = "a.b", ["customer_id"] = Guid.NewGuid() };
        await client.PostAsync("/api/events/ingest?partial=true", new JsonObject { ["events"] = new JsonArray(stranger) }, 200);
        var events = await client.GetAsync("/api/events?aggregate_fields=_cost.amount");
        await client.GetAsync($"/api/events/{Id(events.GetProperty("data")[0])}");
        await client.GetAsync("/api/events/names");
        var type = $"/api/event-types/{Id((await client.GetAsync("/api/event-types")).GetProperty("data")[0])}";
        await client.GetAsync(type);
        await client.SendAsync("PATCH", type, new { label = "Made", label_property_selector = (string?)null }, 200);
    }

    static async Task TellOfRequestsAsync(HeldClient client)
    {
        await client.PostAsync("/api/requests/ingest", JsonNode.Parse("""
            {"requests":[
             {"method":"GET","path":"/users/42/orders?page=2","route":"/users/{id}/orders","statusCode":200,"latencyMs":12.345,"timestamp":1773221400000,
              "customerId":"x","apiKeyId":"key-7","productId":"shop","requestSize":0,"responseSize":5120,"userAgent":"curl/8.14.1","ip":"203.0.113.9",
              "requestId":"q-1"},
             {"method":"GET","path":"/","statusCode":500,"latencyMs":1500,"timestamp":"2026-03-11T09:30:00Z","customerId":null}]}
            """), 200);
        var bad = new JsonObject { ["method"] = "GET", ["path"] = "/", ["statusCode"] = 1, ["latencyMs"] = 1 };
        await client.PostAsync("/api/requests/ingest?partial=true", new JsonObject { ["requests"] = new JsonArray(bad) }, 200);
    }

    static async Task AskForNumbersAsync(HeldClient client)
    {
        const string range = "start_date=2026-03-10&end_date=2026-03-12&interval=day";
        await client.GetAsync($"/api/events/statistics/timeseries?{range}");
        await client.GetAsync($"/api/metrics?{range}&compare=previous_period");
        await client.GetAsync("/api/metrics?start_date=2020-01-01&end_date=2020-01-02&interval=hour&metrics=costs");
        await client.GetAsync("/api/metrics/limits");
        await client.GetAsync("/api/verification");
        await client.PostAsync("/api/stream/tokens", null);
    }

    static async Task KeepAppsAsync(HeldClient client)
    {
        var app = $"/api/apps/{Id(await client.PostAsync("/api/apps", new { natural_id = "acme:shop", name = "Shop", quota_bytes = 1 << 20 }))}";
        await client.GetAsync("/api/apps?q=shop");
        await client.GetAsync("/api/apps/acme%3Ashop");
        await client.SendAsync("PATCH", app, new { name = "The Shop" }, 200);
        await TellOfAppAsync(client, app);
        await LookIntoAppAsync(client, app);
        await client.SendAsync("DELETE", app, null, 204);
    }

    static async Task LookIntoAppAsync(HeldClient client, string app)
    {
        var made = await client.PostAsync($"{app}/workspace", null);
        await using var login = NpgsqlDataSource.Create(AppSchema.Settings(made.GetProperty("connection_string").GetString()!));
        await using var migration = login.CreateCommand("create table notes (id int primary key, at date unique); insert into notes values (1)");
        await migration.ExecuteNonQueryAsync();
        await client.PostAsync($"{app}/workspace", null, 200);
        await client.PostAsync($"{app}/workspace/credentials", null);
        await client.GetAsync($"{app}/stats/tables");
        await client.PostAsync($"{app}/stats/tables/notes/preview", new { limit = 1, offset = 0 }, 200);
    }

    static async Task TellOfAppAsync(HeldClient client, string app)
    {
        const string at = "2026-03-11T09:30:00Z";
        await client.PostAsync($"{app}/views", new { views = new[] { new { viewerId = "ada", timestamp = at, externalId = "v-1" } } }, 200);
        await client.PostAsync($"{app}/invocations", JsonNode.Parse($$"""
            {"invocations":[
             {"method":"GET","path":"/a","username":"ada","startedAt":"{{at}}","durationMs":12.345,"statusCode":200,"memoryPeakBytes":52428800},
             {"method":"GET","path":"/a","username":null,"startedAt":"{{at}}","durationMs":1,"statusCode":500,"memoryPeakBytes":0,"error":"Broken."}]}
            """), 200);
        await client.PostAsync($"{app}/devices", new { devices = new[] { new { deviceId = "7C2F3A90", timestamp = at } } }, 200);
        await client.PostAsync($"{app}/downloads", new { downloads = new[] { new { bytes = 1 << 20, timestamp = at } } }, 200);
        await client.PostAsync($"{app}/storage?partial=true", new { changes = new[] { new { bytes = -1L, timestamp = at } } }, 200);
        await AskForAppAsync(client, app);
    }

    static async Task AskForAppAsync(HeldClient client, string app)
    {
        const string march = "from=2026-03-01&to=2026-04-01&ratios=true";
        await client.GetAsync($"{app}/stats");
        await client.GetAsync($"{app}/stats/api");
        await client.GetAsync($"/statistics/app/{app.Split('/')[^1]}?{march}&compare=previous_year");
        await client.GetAsync($"/statistics/user?{march}&breakdown=app&accumulate=true&compare=previous_period");
        await client.GetAsync($"/statistics/org/{(await client.GetAsync(app)).GetProperty("workspace_id")}?from=2026-03-01&to=2026-03-02");
    }

    static async Task AskForUsageAsync(HeldClient client)
    {
        const string range = "from=2026-03-11&to=2026-03-12";
        await client.GetAsync("/api/requests/dashboard?date=2026-03-11");
        await client.GetAsync($"/api/requests/timeseries?{range}&interval=hour");
        await client.GetAsync($"/api/requests/endpoints?{range}");
        await client.GetAsync($"/api/requests/latency?{range}");
        await client.GetAsync($"/api/requests/heatmap?{range}&measure=p95");
        await client.GetAsync($"/api/requests/heatmap?{range}&by=endpoint");
    }

    static async Task AskForRequestsAsync(HeldClient client)
    {
        const string range = "from=2026-03-11&to=2026-03-12";
        await client.GetAsync($"/api/requests/recent?{range}&limit=1");
        await client.GetAsync("/api/v1/events?limit=3&severity=info");
        await client.GetAsync("/api/requests/slow?date=2026-03-11");
        await client.GetAsync($"/api/requests/slow/patterns?{range}");
        await client.GetAsync($"/api/requests/degradations?{range}");
        await client.GetAsync("/api/v1/analytics/cogs?period=2d");
        await client.GetAsync($"/api/v1/analytics/cogs?{range}&groupBy=customer&groupBy=model");
        await client.PostAsync("/api/v1/analytics/query", JsonElement.Parse(Question), 200);
        await client.GetAsync($"/api/requests/customers?{range}");
        await client.GetAsync("/api/requests/customers/x/report?days=365");
        await client.PostAsync("/api/requests/customers/x/report/links", new { days = 7, expiresAt = TimeProvider.System.GetUtcNow().AddDays(2) });
    }

    const string Question = """
        {"metrics":[{"aggregation":"count"},{"aggregation":"p95","field":"amount"}],"dimensions":["name","customer"],"interval":"week"}
        """;

    static async Task AskForMcpAsync(HeldClient client)
    {
        var invocation = new { tool = "search", agent = "claude", session_id = "s", duration_ms = 12.5, revenue_cents = 3 };
        await client.GetAsync("/api/v1/analytics/storefront/funnel?period=7d");
        await client.PostAsync("/api/events/ingest", new { events = new[] { new { name = "mcp.tool_invoked", metadata = invocation } } }, 200);
        foreach (var route in (string[])["tools", "sessions", "agents"])
            await client.GetAsync($"/api/v1/analytics/mcp/{route}?period=7d");
    }

    static async Task AskForBusinessAsync(HeldClient client)
    {
        const string units = "/api/v1/billable-units", products = "/api/v1/products", range = "from=2026-03-11&to=2026-03-12";
        await client.PostAsync(units, JsonNode.Parse("""
            {"key":"pages","name":"Pages","unitLabel":"pages","aggregation":"SUM","eventName":"report.made","field":"pages","productType":null,
             "filters":[{"field":"_llm.vendor","operator":"IN","value":["acme",1]}]}
            """));
        await client.PostAsync(units, new { key = "made", name = "Made", unitLabel = "made", aggregation = "COUNT", eventName = "page.made" });
        await client.PostAsync(products, new { key = "shop", name = "Shop", type = "API" });
        await client.GetAsync($"{units}?sort=-name&limit=1");
        await client.GetAsync(products);
        await client.SendAsync("PATCH", $"{units}/made", new { name = "Pages made", field = (string?)null }, 200);
        await client.SendAsync("PATCH", $"{products}/shop", new { type = "AGENTIC_API" }, 200);
        await client.GetAsync($"/api/v1/analytics/usage/by-billable-unit?{range}");
        await client.GetAsync("/api/v1/analytics/usage/by-billable-unit?period=2h");
        await client.GetAsync($"/api/v1/analytics/usage/by-customer?{range}");
        await client.GetAsync($"/api/v1/analytics/usage/by-product?{range}");
        await client.SendAsync("DELETE", $"{units}/made", null, 204);
        await client.SendAsync("DELETE", $"{products}/shop", null, 204);
    }

    static async Task WatchAsync(HeldClient client)
    {
        var alert = SomeAlerts.Count(dimension: "customer");
        var made = $"{SomeAlerts.Path}/{Id(await client.PostAsync(SomeAlerts.Path, alert))}";
        await client.PostAsync(SomeAlerts.Path, JsonNode.Parse("""
            {"name":"Users","window":"30d","when":{"changePercent":-10.5},"statistic":{"scope":"org","measure":"mau"}}
            """));
        await client.GetAsync($"{SomeAlerts.Path}?sort=-name&limit=1");
        await client.GetAsync(made);
        await client.SendAsync("PATCH", made, new { name = "Other", enabled = false }, 200);
        await client.GetAsync($"{made}/history");
        await client.PostAsync($"{SomeAlerts.Path}/preview", new { alert, days = 1 }, 200);
        await client.SendAsync("DELETE", made, null, 204);
    }

    async Task SaveReportsAsync(HeldClient client, WorkspaceClient workspace)
    {
        var daily = SomeReports.Schedule("day", "08:00", "Europe/Paris");
        var report = $"{SomeReports.Path}/{Id(await client.PostAsync(SomeReports.Path, SomeReports.ByCustomer(period: "3m", schedule: daily)))}";
        await client.GetAsync($"{SomeReports.Path}?q=by&sort=name");
        await client.GetAsync(report);
        await client.GetAsync($"{report}/run");
        await client.GetAsync(await api.MissedRunAsync(workspace, report));
        await client.GetAsync($"{report}/runs");
        await client.PostAsync($"{report}/links", new { expiresAt = TimeProvider.System.GetUtcNow().AddDays(2) });
        await client.SendAsync("PUT", report, SomeReports.ByCustomer("Other"), 200);
        await client.SendAsync("DELETE", report, null, 204);
    }

    static async Task AskForWebhooksAsync(HeldClient client)
    {
        const string hooks = "/api/v1/webhooks";
        var made = await client.PostAsync(hooks, new { url = "https://hooks.invalid/", events = (string[])["customer.created"] });
        var hook = $"{hooks}/{Id(made)}";
        await client.PostAsync("/api/customers", new { name = "Told" });
        JsonElement tried = default;
        await Until.HoldsAsync(
            async () => (tried = (await client.GetAsync($"{hook}/deliveries")).GetProperty("data")[0]).GetProperty("tries").GetArrayLength() > 0,
            "It is not tried.");
        await client.PostAsync($"{hook}/deliveries/{Id(tried)}/retry", null, 202);
        await client.PostAsync($"{hook}/secrets", null);
        await client.SendAsync("PATCH", hook, new { events = (string[])["*"], enabled = false }, 200);
        await client.GetAsync(hook);
        await client.GetAsync($"{hooks}?sort=-url&limit=1");
        await client.SendAsync("DELETE", hook, null, 204);
    }

    static string Id(JsonElement made) => made.GetProperty("id").GetString()!;

    static JsonElement Message(Documented document, string path) =>
        document.Find("GET", path).Answer(200, "text/event-stream")!.Value.GetProperty("schema");

    static bool AnswersJson(Operation operation) => operation.Answers.Where(answer => answer.Status[0] == '2')
        .All(answer => !Operation.MediaOf(answer.Answer).Any() || operation.Answer(int.Parse(answer.Status)) is not null);
}
