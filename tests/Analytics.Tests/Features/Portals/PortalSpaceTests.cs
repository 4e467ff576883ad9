using System.Text.Json;
using System.Text.Json.Nodes;
using Analytics.Storage.Verification;
using Analytics.Tests.Commands;

namespace Analytics.Tests.Features.Portals;

/// <summary>What a portal key sends stands in a space of its customer's: it takes nobody's ids and hangs on nobody else's events.</summary>
public sealed class PortalSpaceTests(AnalyticsApi api)
{
    [Fact]
    public async Task One_external_id_is_an_event_of_each_who_sends_it()
    {
        var (workspace, mine, theirs) = await TwoPortalsAsync();

        foreach (var sender in (WorkspaceClient[])[mine, theirs, workspace])
        {
            Assert.Equal((1, 0), await IngestAsync(sender, Own("invoice-1")));
            Assert.Equal((0, 1), await IngestAsync(sender, Own("invoice-1")));
        }

        Assert.Equal(3, (await RowsAsync(workspace)).Count);
        Assert.Single(await RowsAsync(mine));
        await VerifiesAsync(workspace);
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
    public async Task It_is_not_the_parent_that_others_wait_for()
    {
        var (workspace, mine, theirs) = await TwoPortalsAsync();
        await workspace.IngestAsync(Some.Event(externalId: "waits", parent: "order", customer: "b", cost: 7, at: Some.Day));
        await theirs.IngestAsync(Own("waits too", "order"));

        await mine.IngestAsync(Own("order"));

        var order = Assert.Single(await RowsAsync(mine, "&aggregate_fields=_cost.amount"));
        Assert.Equal((0, 0, "1"), (order.Children, order.Descendants, order.Sum));
        Assert.All((await RowsAsync(workspace)).Where(row => row.ExternalId!.StartsWith("waits", StringComparison.Ordinal)), Waits);
        await workspace.IngestAsync(Some.Event(externalId: "order", customer: "b", at: Some.Day));
        Assert.NotNull((await RowsAsync(workspace)).Single(row => row.ExternalId == "waits").Parent);
        await VerifiesAsync(workspace);
    }

    [Fact]
    public async Task A_foreign_parent_stays_pending_like_an_unknown_one()
    {
        var (workspace, mine, _) = await TwoPortalsAsync();
        await workspace.IngestAsync(
            Some.Event(externalId: "root", customer: "b", cost: 100, at: Some.Day), Some.Event("service.up", Some.Day, "nobody's", customer: null),
            Some.Event(externalId: "under", parent: "root", customer: "a", at: Some.Day), Some.Event(externalId: "awaits", parent: "gone", customer: "a"));
        var stored = await RowsAsync(workspace, "&aggregate_fields=_cost.amount");
        var ids = stored.ToDictionary(row => row.ExternalId!, row => $"{row.Id}");

        foreach (var (name, parent) in (IEnumerable<(string, string)>)[
            ("1", "root"), ("2", ids["root"]), ("3", ids["nobody's"]), ("4", ids["under"]), ("5", ids["awaits"]), ("6", $"{Guid.CreateVersion7()}"),
            ("7", $"{Guid.NewGuid()}"), ("8", "unknown")])
        {
            await mine.IngestAsync(Own(name, parent, cost: -999_999_999m));
            var row = (await RowsAsync(mine)).Single(row => row.ExternalId == name);
            Waits(row);
            Assert.Equal(parent, row.Pending);
        }

        Assert.Equal(
            stored.Select(row => (row.Id, row.Children, row.Descendants, row.Sum)),
            (await RowsAsync(workspace, "&aggregate_fields=_cost.amount")).Where(row => ids.ContainsKey(row.ExternalId!))
                .Select(row => (row.Id, row.Children, row.Descendants, row.Sum)));
        await VerifiesAsync(workspace);
    }

    [Fact]
    public async Task An_event_of_its_customer_is_found_by_its_id_and_not_by_its_external_id()
    {
        var (workspace, mine, theirs) = await TwoPortalsAsync();
        await workspace.IngestAsync(
            Some.Event(externalId: "top", customer: "a", at: Some.Day, cost: 1), Some.Event(externalId: "mid", parent: "top", customer: "a", at: Some.Day, cost: 2));
        var ids = (await RowsAsync(workspace)).ToDictionary(row => row.ExternalId!, row => row.Id);

        await mine.IngestAsync(Own("by id", $"{ids["mid"]}", cost: 4), Own("by name", "mid", cost: 8));
        await theirs.IngestAsync(Own("stranger", $"{ids["mid"]}", cost: 16));

        var rows = (await RowsAsync(mine, "&aggregate_fields=_cost.amount")).ToDictionary(row => row.ExternalId!);
        Assert.Equal((ids["mid"], ids["top"]), (rows["by id"].Parent, rows["by id"].Root));
        Waits(rows["by name"]);
        Assert.Equal(("7", 2), (rows["top"].Sum, rows["top"].Descendants));
        Waits((await RowsAsync(theirs)).Single());
        await VerifiesAsync(workspace);
    }

    [Fact]
    public async Task Children_come_before_parents_within_its_space()
    {
        var (workspace, mine, _) = await TwoPortalsAsync();
        await mine.IngestAsync(Own("leaf", "mid", cost: 4));
        await mine.IngestAsync(Own("mid", "top", cost: 2), Own("other", "top", cost: 8));
        Assert.All(await RowsAsync(mine), row => Assert.Null(row.Root));

        await mine.IngestAsync(Own("top", cost: 1));
        // A batch that is sent once more changes nothing and finds its parents.
        Assert.Equal((1, 2), await IngestAsync(mine, Own("top"), Own("mid", "top"), Own("late", "mid", cost: 16)));

        var rows = (await RowsAsync(mine, "&aggregate_fields=_cost.amount")).ToDictionary(row => row.ExternalId!);
        Assert.All(rows.Values, row => Assert.Equal(rows["top"].Id, row.Root));
        Assert.Equal(("31", 4), (rows["top"].Sum, rows["top"].Descendants));
        await VerifiesAsync(workspace);
    }

    [Fact]
    public async Task A_cycle_is_refused_to_whoever_makes_it_and_to_nobody_else()
    {
        var (workspace, mine, _) = await TwoPortalsAsync();
        await mine.IngestAsync(Own("b1", "b2"));
        await mine.IngestAsync(Own("x", "b1"));
        await mine.PostAsync("/api/events/ingest", new JsonObject { ["events"] = new JsonArray(Own("b2", "x")) }, 400);

        // The backend's own events of these names are a trace as any other.
        await workspace.IngestAsync(Some.Event(externalId: "b2", parent: "x", customer: "a", at: Some.Day));
        await workspace.IngestAsync(Some.Event(externalId: "b1", parent: "b2", customer: "a"), Some.Event(externalId: "x", customer: "a"));

        Assert.Equal(2, (await RowsAsync(workspace)).Count(row => row.Parent is not null && row.Root is not null));
        await VerifiesAsync(workspace);
    }

    [Fact]
    public async Task The_backend_may_hang_its_events_under_a_portals()
    {
        var (workspace, mine, _) = await TwoPortalsAsync();
        await mine.IngestAsync(Own("p", "q"));
        var id = (await RowsAsync(mine)).Single().Id;

        await workspace.IngestAsync(Some.Event(externalId: "backend", parent: $"{id}", customer: "a", at: Some.Day, cost: 2));
        await workspace.IngestAsync(Some.Event(externalId: "b's", parent: "backend", customer: "b", at: Some.Day, cost: 4));
        await workspace.IngestAsync(Some.Event(externalId: "a's", parent: "b's", customer: "a", at: Some.Day, cost: 8));
        var ids = (await RowsAsync(workspace)).ToDictionary(row => row.ExternalId!, row => $"{row.Id}");
        // Below its own, and would be above it: a circle that is all its own.
        await mine.PostAsync("/api/events/ingest", new JsonObject { ["events"] = new JsonArray(Own("q", ids["backend"])) }, 400);
        // Behind another's event there is no way.
        await mine.IngestAsync(Own("q", ids["a's"]));

        var rows = (await RowsAsync(mine, "&aggregate_fields=_cost.amount")).ToDictionary(row => row.ExternalId!);
        Assert.Equal((rows["q"].Id, "3", 1), (rows["p"].Parent, rows["p"].Sum, rows["p"].Descendants));
        Waits(rows["q"]);
        Waits(rows["a's"]);
        await VerifiesAsync(workspace);
    }

    [Fact]
    public async Task Shares_and_payments_it_names_are_plain_metadata()
    {
        var (workspace, mine, _) = await TwoPortalsAsync();
        await workspace.IngestAsync(Some.Event(
            "file_share.created", Some.Day, customer: null, source: "system", metadata: new JsonObject { ["share_id"] = "s", ["price_cents"] = 100 }));
        const string Metrics = "/api/metrics?start_date=2026-03-01&end_date=2026-03-31&interval=month&share_id=s";
        var before = await workspace.GetAsync(Metrics);

        await mine.IngestAsync(Own("x", cost: 5, metadata: new JsonObject { ["share_id"] = "s", ["payment_id"] = "p", ["subscription_id"] = "t" }));
        await mine.IngestAsync(Own("y", cost: 5, metadata: new JsonObject { ["share_id"] = "unheard of" }));

        Assert.Equal(before.GetRawText(), (await workspace.GetAsync(Metrics)).GetRawText());
        Assert.Equal("s", (await mine.GetAsync("/api/events?metadata[share_id]=s")).GetProperty("data")[0]
            .GetProperty("metadata").GetProperty("share_id").GetString());
        await VerifiesAsync(workspace);
    }

    [Fact]
    public async Task System_events_and_other_customers_are_403_and_leave_nothing()
    {
        var (workspace, mine, _) = await TwoPortalsAsync();
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
        await VerifiesAsync(workspace);
    }

    async Task<(WorkspaceClient Workspace, WorkspaceClient Mine, WorkspaceClient Theirs)> TwoPortalsAsync()
    {
        var workspace = await api.NewWorkspaceAsync();
        return (
            workspace, await workspace.BoundToAsync(await workspace.NewCustomerAsync("a")),
            await workspace.BoundToAsync(await workspace.NewCustomerAsync("b")));
    }

    static JsonObject Own(string externalId, string? parent = null, decimal cost = 1, JsonObject? metadata = null)
    {
        var made = Some.Event("step", Some.Day, externalId, parent: parent, cost: cost, metadata: metadata);
        made.Remove("external_customer_id");
        made["name"] = "storefront.step"; // a name that the backend may send without a customer, too
        return made;
    }

    static void Waits(Row row) => Assert.Equal((null, null), (row.Parent, row.Root));

    async Task VerifiesAsync(WorkspaceClient workspace) =>
        Assert.Empty(await Verifier.DifferencesAsync(api.Store, await RandomLife.KeyOfAsync(workspace)));

    async Task<object?> ScalarAsync(WorkspaceClient workspace, string sql)
    {
        await using var command = api.Store.CreateCommand(sql);
        command.Parameters.Add(new() { Value = await RandomLife.KeyOfAsync(workspace) });
        return await command.ExecuteScalarAsync();
    }

    static async Task<(int Inserted, int Duplicates)> IngestAsync(WorkspaceClient sender, params JsonObject[] events)
    {
        var answer = await sender.IngestAsync(events.Select(e => e.DeepClone()));
        return (answer.GetProperty("inserted").GetInt32(), answer.GetProperty("duplicates").GetInt32());
    }

    static async Task<List<Row>> RowsAsync(ApiClient reader, string query = "") =>
        [.. (await reader.GetAsync($"/api/events?source=user&limit=1000{query}")).GetProperty("data").EnumerateArray().Select(Row.Of)];

    sealed record Row(Guid Id, string? ExternalId, Guid? Parent, Guid? Root, string? Pending, int Children, int Descendants, string? Sum)
    {
        public static Row Of(JsonElement row) => new(
            row.GetProperty("id").GetGuid(), row.GetProperty("external_id").GetString(), IdIn(row, "parent_id"), IdIn(row, "root_id"),
            row.GetProperty("pending_parent_id").GetString(), row.GetProperty("child_count").GetInt32(),
            row.GetProperty("descendant_count").GetInt32(),
            row.TryGetProperty("aggregates", out var sums) ? sums.GetProperty("_cost.amount").GetString() : null);

        static Guid? IdIn(JsonElement row, string member) =>
            row.GetProperty(member) is { ValueKind: JsonValueKind.String } id ? id.GetGuid() : null;
    }
}
