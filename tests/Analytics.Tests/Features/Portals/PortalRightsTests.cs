using System.Text.Json.Nodes;
using Analytics.Contract;
using Analytics.Tenancy;
using Analytics.Tests.Features.Streams;
using Analytics.Tests.Http;
using Microsoft.AspNetCore.Mvc;

namespace Analytics.Tests.Features.Portals;

/// <summary>What a portal key may do to its customer, and that a route is closed to it unless it says otherwise.</summary>
public sealed class PortalRightsTests(AnalyticsApi api, PortalRightsTests.ProbedNode node) : IClassFixture<PortalRightsTests.ProbedNode>
{
    const string Forgetful = "/probe/forgets-the-customer";

    [Fact]
    public async Task It_never_becomes_somebody_else()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(Some.Event("secret.kept", customer: "stranger"));
        var customer = await workspace.NewCustomerAsync("mine", "Before");
        var portal = await workspace.BoundToAsync(customer);
        await using var stream = await OpenStream.OfAsync(portal, "?names=secret.kept");

        foreach (var body in (string[])["""{"external_id":"stranger"}""", """{"external_id":null,"name":"x"}""", """{"external_id":"mine"}"""])
            await portal.PatchAsync($"/api/customers/{customer}", body, 403);
        await portal.PatchAsync($"/api/customers/{customer}", new { name = "After", email = "a@example.com", metadata = new { plan = "pro" } });
        await portal.PatchAsync($"/api/customers/{await workspace.NewCustomerAsync("other")}", new { external_id = "x" }, 404);
        await portal.DeleteAsync($"/api/customers/{customer}", 403);
        await portal.PostAsync("/api/customers", new { external_id = "stranger" }, 403);
        await portal.GetAsync($"/api/erasures/{Guid.NewGuid()}", 403);

        var found = await workspace.GetAsync($"/api/customers/{customer}");
        Assert.Equal(("mine", "After"), (found.GetProperty("external_id").GetString(), found.GetProperty("name").GetString()));
        Assert.DoesNotContain("secret.kept", (await portal.GetAsync("/api/events")).GetRawText(), StringComparison.Ordinal);
        await workspace.IngestAsync(Some.Event("secret.kept", customer: "stranger"), Some.Event("secret.kept", customer: "mine"));
        Assert.Equal("mine", (await stream.NextAsync()).Json.GetProperty("payload").GetProperty("external_customer_id").GetString());
    }

    [Fact]
    public async Task What_its_customer_was_called_before_is_not_its_customers_any_more()
    {
        var workspace = await api.NewWorkspaceAsync();
        var customer = await workspace.NewCustomerAsync("old");
        var portal = await workspace.BoundToAsync(customer);
        await workspace.PatchAsync($"/api/customers/{customer}", new { external_id = "new" });

        await portal.PostAsync("/api/events/ingest", new JsonObject { ["events"] = new JsonArray(Some.Event(customer: "old")) }, 403);
        Assert.Equal(1, (await portal.IngestAsync(Some.Event(customer: "new"))).GetProperty("inserted").GetInt32());
    }

    [Fact]
    public async Task A_route_that_does_not_restrict_itself_to_the_customer_is_closed()
    {
        var workspace = await api.NewWorkspaceAsync();
        var portal = await workspace.BoundToAsync(await workspace.NewCustomerAsync(), Scopes.All);

        await node.With(portal.Key).GetAsync(Forgetful, 403);
        await node.With(portal.Key).GetAsync($"{Forgetful}/any", 403);
        await node.With(portal.Key).GetAsync($"{Forgetful}?workspace_id={Guid.NewGuid()}", 404);
        await node.With(workspace.Key).GetAsync(Forgetful);
    }

    [Fact]
    public async Task Its_questions_register_no_numeric_paths()
    {
        var workspace = await api.NewWorkspaceAsync();
        var portal = await workspace.BoundToAsync(await workspace.NewCustomerAsync("mine"));
        await workspace.IngestAsync(
            Some.Event("run", Some.Day, "top", customer: "mine", metadata: new() { ["junk"] = 3 }),
            Some.Event("run", Some.Day, "theirs", customer: "other", parent: "top", metadata: new() { ["junk"] = 10 }),
            Some.Event("run", Some.Day, customer: "mine", parent: "top", metadata: new() { ["junk"] = 4 }));
        const string Statistics = "/api/events/statistics/timeseries?start_date=2026-03-01&end_date=2026-03-31&interval=month";

        var answer = await portal.GetAsync($"{Statistics}&aggregate_fields=junk{string.Concat(Enumerable.Range(0, 25).Select(n => $"&aggregate_fields=junk.n{n}"))}");
        await portal.GetAsync("/api/events?aggregate_fields=junk&aggregate_fields=more.junk");

        Assert.Equal("7", answer.GetProperty("totals")[0].GetProperty("totals").GetProperty("junk").GetString());
        // A question of the backend's is registered after all that was asked before.
        await workspace.GetAsync($"{Statistics}&aggregate_fields=wanted");
        await Until.HoldsAsync(async () => (await RegisteredAsync(workspace)).Contains("wanted"), "The backend's field is not registered.");
        Assert.Equal(["wanted"], await RegisteredAsync(workspace));
    }

    [Fact]
    public async Task Its_names_leave_the_backend_room_for_more()
    {
        var workspace = await api.NewWorkspaceAsync();
        var portal = await workspace.BoundToAsync(await workspace.NewCustomerAsync("mine"));
        await portal.IngestAsync(Some.Event("known", customer: "mine"));
        await using (var command = api.Store.CreateCommand("""
            update workspace_seq set types = 50000 from workspaces w where w.workspace_id = workspace_seq.workspace_id and w.id = $1
            """))
        {
            command.Parameters.Add(new() { Value = workspace.Id });
            Assert.Equal(1, await command.ExecuteNonQueryAsync());
        }

        var refused = await portal.PostAsync(
            "/api/events/ingest", new JsonObject { ["events"] = new JsonArray(Some.Event("junk", customer: "mine"), Some.Event("known", customer: "mine")) }, 400);

        Assert.Equal("too_many_names", Assert.Single(refused.GetProperty("errors").EnumerateArray()).GetProperty("code").GetString());
        Assert.Equal(1, (await portal.IngestAsync(Some.Event("known", customer: "mine"))).GetProperty("inserted").GetInt32());
        Assert.Equal(1, (await workspace.IngestAsync(Some.Event("wanted"))).GetProperty("inserted").GetInt32());
        Assert.Equal(1, (await portal.IngestAsync(Some.Event("wanted", customer: "mine"))).GetProperty("inserted").GetInt32());
    }

    async Task<List<string>> RegisteredAsync(WorkspaceClient workspace)
    {
        var paths = new List<string>();
        await using var command = api.Store.CreateCommand("select path from fields join workspaces using (workspace_id) where workspaces.id = $1 and field > 5");
        command.Parameters.Add(new() { Value = workspace.Id });
        await using var row = await command.ExecuteReaderAsync();
        while (await row.ReadAsync())
            paths.Add(row.GetString(0));
        return paths;
    }

    public sealed class ProbedNode(AnalyticsApi api) : ProbeNode(api, typeof(Probe));

    public sealed record Found(string Slug);

    [ApiController]
    public sealed class Probe : ControllerBase
    {
        /// <summary>Says nothing of customers.</summary>
        [HttpGet(Forgetful), RequireScope(Scopes.EventsRead)]
        public Found Get() => new(HttpContext.Workspace.Slug);

        /// <summary>Says nothing of customers, to any key.</summary>
        [HttpGet($"{Forgetful}/any"), RequireScope(RequireScopeAttribute.AnyKey)]
        public Found GetAny() => new(HttpContext.Workspace.Slug);
    }
}
