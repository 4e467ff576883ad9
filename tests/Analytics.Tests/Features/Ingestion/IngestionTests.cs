using System.Text.Json;
using Npgsql;

namespace Analytics.Tests.Features.Ingestion;

public sealed class IngestionTests(AnalyticsApi api)
{
    const string Route = "/api/events/ingest";
    const string Good = """{"name":"file.scanned","external_customer_id":"u1"}""";

    [Fact]
    public async Task An_empty_list_is_fine()
    {
        var workspace = await api.NewWorkspaceAsync();
        var answer = await workspace.PostAsync(Route, """{"events":[]}""");
        Assert.Equal("""{"inserted":0,"duplicates":0}""", answer.GetRawText());
    }

    [Fact]
    public async Task Events_are_stored_and_counted()
    {
        var workspace = await api.NewWorkspaceAsync();
        var body = """{"events":[{"name":"a","external_customer_id":"u","external_id":"1"},{"name":"a","external_customer_id":"u","external_id":"1"}]}""";
        Assert.Equal("""{"inserted":1,"duplicates":1}""", (await workspace.PostAsync(Route, body)).GetRawText());
        Assert.Equal("""{"inserted":0,"duplicates":2}""", (await workspace.PostAsync(Route + "/", body)).GetRawText());
    }

    [Fact]
    public async Task One_invalid_event_stops_all_of_them_and_every_problem_is_named()
    {
        var workspace = await api.NewWorkspaceAsync();
        var stranger = Guid.NewGuid();
        var body = $$"""{"events":[{{Good}},{"name":"","customer_id":"{{stranger}}"},{"name":"b","customer_id":"{{stranger}}"}]}""";
        var problem = await workspace.PostAsync(Route, body, 400);
        Assert.Equal(
            ["/events/1/name length", "/events/1/customer_id unknown_customer", "/events/2/customer_id unknown_customer"], Pointers(problem));
        Assert.Equal(0, await StoredAsync(workspace));
    }

    [Fact]
    public async Task Partial_requests_store_what_is_valid()
    {
        var workspace = await api.NewWorkspaceAsync();
        var body = $$"""{"events":[{{Good}},{"name":5},{"name":"b","customer_id":"{{Guid.NewGuid()}}"},{{Good}}]}""";
        var answer = await workspace.PostAsync(Route + "?partial=true", body);
        Assert.Equal((2, 0, 2), (Number(answer, "inserted"), Number(answer, "duplicates"), Number(answer, "rejected")));
        Assert.Equal(
            ["1 /events/1/name type", "2 /events/2/customer_id unknown_customer"],
            answer.GetProperty("errors").EnumerateArray().Select(error =>
                $"{error.GetProperty("index").GetInt32()} {error.GetProperty("pointer").GetString()} {error.GetProperty("code").GetString()}"));
        Assert.Equal(2, await StoredAsync(workspace));
    }

    [Fact]
    public async Task Partial_requests_that_are_no_JSON_are_refused()
    {
        var workspace = await api.NewWorkspaceAsync();
        Assert.Equal(["/events/1 json"], Pointers(await workspace.PostAsync(Route + "?partial=true", $$"""{"events":[{{Good}},NaN]}""", 400)));
        Assert.Equal("partial", Assert.Single(Pointers(await workspace.PostAsync(Route + "?partial=perhaps", """{"events":[]}""", 400))).Split(' ')[0]);
    }

    [Fact]
    public async Task A_cycle_is_refused_at_the_parent_id()
    {
        var workspace = await api.NewWorkspaceAsync();
        var cycle = """{"name":"login.a","external_id":"x","parent_id":"y"},{"name":"login.b","external_id":"y","parent_id":"x"}""";
        Assert.Contains("cycle", Pointers(await workspace.PostAsync(Route, $$"""{"events":[{{cycle}}]}""", 400))[0]);
        var answer = await workspace.PostAsync(Route + "?partial=true", $$"""{"events":[{{cycle}},{{Good}}]}""");
        Assert.Equal(3, Number(answer, "inserted") + Number(answer, "rejected"));
        Assert.InRange(Number(answer, "rejected"), 1, 2);
    }

    [Fact]
    public async Task A_customer_is_known_as_soon_as_it_is_made_and_only_in_its_workspace()
    {
        var workspace = await api.NewWorkspaceAsync();
        var other = await api.NewWorkspaceAsync();
        var customer = await workspace.NewCustomerAsync();
        var body = $$"""{"events":[{"name":"a","customer_id":"{{customer}}"}]}""";
        Assert.Equal(1, Number(await workspace.PostAsync(Route, body), "inserted"));
        Assert.Equal(["/events/0/customer_id unknown_customer"], Pointers(await other.PostAsync(Route, body, 400)));
    }

    [Fact]
    public async Task A_portal_key_writes_for_its_customer()
    {
        var workspace = await api.NewWorkspaceAsync();
        var customer = await workspace.NewCustomerAsync("portal");
        var portal = await workspace.BoundToAsync(customer);
        var own = $$"""{"events":[{"name":"a"},{"name":"b","customer_id":"{{customer}}"},{"name":"c","external_customer_id":"portal"}]}""";
        Assert.Equal(3, Number(await portal.PostAsync(Route, own), "inserted"));
        Assert.Equal(["/events/0/external_customer_id other_customer"], Pointers(await portal.PostAsync(Route, $$"""{"events":[{{Good}}]}""", 403)));
        const string takeOver = """{"events":[{"name":"file_share.created","timestamp":"2026-01-01T00:00:00Z","metadata":{"share_id":"another's"}}]}""";
        Assert.Equal(["/events/0/name other_customer"], Pointers(await portal.PostAsync(Route, takeOver, 403)));
    }

    [Fact]
    public async Task The_body_may_name_the_keys_workspace_and_no_other()
    {
        var workspace = await api.NewWorkspaceAsync();
        var other = await api.NewWorkspaceAsync();
        await workspace.PostAsync(Route, $$"""{"events":[],"workspace_id":"{{workspace.Id}}"}""");
        await workspace.PostAsync(Route, $$"""{"tenantId":"{{other.Id}}","events":[]}""", 404);
    }

    [Fact]
    public async Task A_user_of_two_workspaces_names_the_one_that_is_meant()
    {
        var euros = await api.NewWorkspaceAsync(currency: "eur");
        var dollars = await api.NewWorkspaceAsync();
        var user = await UserOfAsync(euros, dollars);
        const string cost = """{"events":[{"name":"login.ok","metadata":{"_cost":{"amount":1,"currency":"eur"}}}]""";
        await user.PostAsync(Route, cost + "}", 400);
        Assert.Equal(1, Number(await user.PostAsync(Route, $$"""{{cost}},"workspace_id":"{{euros.Id}}"}"""), "inserted"));
        Assert.Equal(
            ["/events/0/metadata/_cost/currency currency"], Pointers(await user.PostAsync(Route, $$"""{{cost}},"tenantId":"{{dollars.Id}}"}""", 400)));
        await user.PostAsync(Route, $$"""{{cost}},"tenantId":"{{Guid.NewGuid()}}"}""", 404);
    }

    [Fact]
    public async Task Whatever_is_poisoned_is_refused_with_a_pointer()
    {
        var workspace = await api.NewWorkspaceAsync();
        string[] members =
        [
            "\"name\":\"a\\u0000\"", "\"external_id\":\"\\ud800\"", "\"metadata\":{\"a\":1e999}", "\"metadata\":{\"a\":\"\\u0000\"}",
            "\"metadata\":{\"a\":NaN}", "\"timestamp\":{}", "\"parent_id\":[]", "\"customer_id\":0", "\"metadata\":{\"a\":1e-20000}",
            $"\"metadata\":{{\"a\":{new string('[', 10_000)}{new string(']', 10_000)}}}", "\"name\":\"raw\0\"",
        ];
        foreach (var member in members)
        {
            var problem = await workspace.PostAsync(Route, $$"""{"events":[{"name":"login.ok",{{member}}}]}""", 400);
            Assert.StartsWith("/events/0/", Pointers(problem)[0]);
        }
        byte[] notUtf8 = [.. "{\"events\":[{\"name\":\""u8, 0xC0, 0x80, .. "\"}]}"u8];
        Assert.Equal(["/events/0/name json"], Pointers(await workspace.PostAsync(Route, new ByteArrayContent(notUtf8), 400)));
        Assert.Equal(0, await StoredAsync(workspace));
    }

    [Fact]
    public async Task A_workspace_has_at_most_100_000_names()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(Some.Event("first"));
        const string nearlyFull = """
            update workspace_seq
            set types = 99998
            from workspaces w
            where w.id = $1
              and w.workspace_id = workspace_seq.workspace_id
            """;
        await using (var command = api.Store.CreateCommand(nearlyFull))
        {
            command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = workspace.Id });
            Assert.Equal(1, await command.ExecuteNonQueryAsync());
        }

        object Names(params string[] names) => new { events = names.Select(name => Some.Event(name)) };
        var refused = await workspace.PostAsync(Route, Names("second", "third", "fourth", "first"), 400);
        Assert.Equal(["/events/2/name too_many_names"], Pointers(refused));
        Assert.Equal(1, await StoredAsync(workspace));
        var answer = await workspace.PostAsync(Route + "?partial=true", Names("second", "third", "fourth", "first", "second"));
        Assert.Equal((4, 1), (Number(answer, "inserted"), Number(answer, "rejected")));
        Assert.Equal(["/events/0/name too_many_names"], Pointers(await workspace.PostAsync(Route, Names("fifth"), 400)));
        Assert.Equal(2, Number(await workspace.PostAsync(Route, Names("third", "first")), "inserted"));

        // What the service itself tells has room beyond.
        await workspace.NewCustomerAsync();
        Assert.Equal(1, (await workspace.GetAsync("/api/events?name=customer.created")).GetProperty("data").GetArrayLength());
    }

    async Task<ApiClient> UserOfAsync(params WorkspaceClient[] workspaces)
    {
        var email = $"{Guid.NewGuid():n}@example.com";
        var user = (await api.Root.PostAsync("/api/users", new { email, name = "U" }, 201)).GetProperty("id").GetGuid();
        foreach (var workspace in workspaces)
            using (var answer = await api.Root.AskAsync(HttpMethod.Put, $"/api/workspaces/{workspace.Id}/members/{user}", new { role = "member" }))
                Assert.True(answer.IsSuccessStatusCode);
        var key = await api.Root.PostAsync($"/api/users/{user}/keys", new { name = "own" }, 201);
        return api.With(key.GetProperty("key").GetString());
    }

    async Task<long> StoredAsync(WorkspaceClient workspace)
    {
        await using var command = api.Store.CreateCommand(
            "select count(*) from events e join workspaces w using (workspace_id) where w.id = $1");
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = workspace.Id });
        return (long)(await command.ExecuteScalarAsync())!;
    }

    internal static int Number(JsonElement answer, string name) => answer.GetProperty(name).GetInt32();

    internal static string[] Pointers(JsonElement problem) =>
        [.. problem.GetProperty("errors").EnumerateArray().Select(error =>
            $"{error.GetProperty("pointer").GetString()} {error.GetProperty("code").GetString()}")];
}
