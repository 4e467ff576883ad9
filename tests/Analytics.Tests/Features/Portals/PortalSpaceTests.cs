using System.Text.Json.Nodes;
using Analytics.Tests.Commands;
using static Analytics.Tests.Features.Portals.PortalSpace;

namespace Analytics.Tests.Features.Portals;

/// <summary>What a portal key sends stands in a space of its customer's: it takes nobody's ids and says nothing of what is the workspace's.</summary>
public sealed class PortalSpaceTests(AnalyticsApi api)
{
    [Fact]
    public async Task One_external_id_is_an_event_of_each_who_sends_it()
    {
        var (workspace, mine, theirs) = await api.TwoPortalsAsync();

        foreach (var sender in (WorkspaceClient[])[mine, theirs, workspace])
        {
            Assert.Equal((1, 0), await IngestAsync(sender, Own("invoice-1")));
            Assert.Equal((0, 1), await IngestAsync(sender, Own("invoice-1")));
        }

        Assert.Equal(3, (await RowsAsync(workspace)).Count);
        Assert.Single(await RowsAsync(mine));
        await api.VerifiesAsync(workspace);
    }

    [Fact]
    public async Task Two_keys_of_one_customer_share_a_space()
    {
        var workspace = await api.NewWorkspaceAsync();
        var customer = await workspace.NewCustomerAsync("a");
        var (one, other) = (await workspace.BoundToAsync(customer), await workspace.BoundToAsync(customer));

        Assert.Equal((1, 0), await IngestAsync(one, Own("x")));
        Assert.Equal((0, 1), await IngestAsync(other, Own("x")));
        await other.IngestAsync(Own("y", "x"));

        var child = (await RowsAsync(one)).Single(row => row.ExternalId == "y");
        Assert.NotNull(child.Parent);
    }

    [Fact]
    public async Task Shares_and_payments_it_names_are_plain_metadata()
    {
        var (workspace, mine, _) = await api.TwoPortalsAsync();
        await workspace.IngestAsync(Some.Event(
            "file_share.created", Some.Day, customer: null, source: "system", metadata: new JsonObject { ["share_id"] = "s", ["price_cents"] = 100 }));
        const string Metrics = "/api/metrics?start_date=2026-03-01&end_date=2026-03-31&interval=month&share_id=s";
        var before = await workspace.GetAsync(Metrics);

        await mine.IngestAsync(Own("x", cost: 5, metadata: new JsonObject { ["share_id"] = "s", ["payment_id"] = "p", ["subscription_id"] = "t" }));
        await mine.IngestAsync(Own("y", cost: 5, metadata: new JsonObject { ["share_id"] = "unheard of" }));

        Assert.Equal(before.GetRawText(), (await workspace.GetAsync(Metrics)).GetRawText());
        Assert.Equal("s", (await mine.GetAsync("/api/events?metadata[share_id]=s")).GetProperty("data")[0]
            .GetProperty("metadata").GetProperty("share_id").GetString());
        await api.VerifiesAsync(workspace);
    }

    [Fact]
    public async Task System_events_and_other_customers_are_403_and_leave_nothing()
    {
        var (workspace, mine, _) = await api.TwoPortalsAsync();
        var other = await workspace.NewCustomerAsync("c");
        foreach (var e in (JsonObject[])[
            Some.Event("file_share.created", customer: null, metadata: new JsonObject { ["share_id"] = "s" }), Some.Event(customer: "b"),
            Some.Event(customerId: other), Some.Event(customer: "A")])
            await mine.PostAsync("/api/events/ingest", new JsonObject { ["events"] = new JsonArray(e) }, 403);

        Assert.Empty(await RowsAsync(workspace));
    }

    [Fact]
    public async Task Erasing_its_customer_leaves_its_events_a_trace_and_names_nobody()
    {
        var workspace = await api.NewWorkspaceAsync();
        var customer = await workspace.NewCustomerAsync("a");
        var mine = await workspace.BoundToAsync(customer);
        await mine.IngestAsync(Own("leaf", "top", cost: 2, metadata: new JsonObject { ["share_id"] = "s" }), Own("waits", "never"));
        await mine.IngestAsync(Own("top", cost: 1), Own("below", "leaf", cost: 4));

        var job = (await workspace.DeleteAsync($"/api/customers/{customer}", 202)).GetProperty("job_id").GetString();
        await Until.HoldsAsync(
            async () => (await workspace.GetAsync($"/api/erasures/{job}")).GetProperty("status").GetString() == "done", "The erasure does not end.");

        var rows = await RowsAsync(workspace, "&aggregate_fields=_cost.amount");
        Assert.Equal(["7", "6", "4", "1"], rows.OrderByDescending(row => row.Descendants).ThenByDescending(row => row.Sum).Select(row => row.Sum));
        Assert.Equal(0L, await ScalarAsync(workspace, $"select count(*) from events where workspace_id = $1 and (portal = '{customer}' or external_id is not null)"));
        await api.VerifiesAsync(workspace);
    }

    async Task<object?> ScalarAsync(WorkspaceClient workspace, string sql)
    {
        await using var command = api.Store.CreateCommand(sql);
        command.Parameters.Add(new() { Value = await RandomLife.KeyOfAsync(workspace) });
        return await command.ExecuteScalarAsync();
    }
}
