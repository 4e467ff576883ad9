using System.Text.Json.Nodes;
using static Analytics.Tests.Features.Portals.PortalSpace;

namespace Analytics.Tests.Features.Portals;

/// <summary>What a portal key sends hangs on its customer's events and on nobody else's, and nobody else's on it.</summary>
public sealed class PortalParentTests(AnalyticsApi api)
{
    [Fact]
    public async Task It_is_not_the_parent_that_others_wait_for()
    {
        var (workspace, mine, theirs) = await api.TwoPortalsAsync();
        await workspace.IngestAsync(Some.Event(externalId: "waits", parent: "order", customer: "b", cost: 7, at: Some.Day));
        await theirs.IngestAsync(Own("waits too", "order"));

        await mine.IngestAsync(Own("order"));

        var order = Assert.Single(await RowsAsync(mine, "&aggregate_fields=_cost.amount"));
        Assert.Equal((0, 0, "1"), (order.Children, order.Descendants, order.Sum));
        Assert.All((await RowsAsync(workspace)).Where(row => row.ExternalId!.StartsWith("waits", StringComparison.Ordinal)), Waits);
        await workspace.IngestAsync(Some.Event(externalId: "order", customer: "b", at: Some.Day));
        Assert.NotNull((await RowsAsync(workspace)).Single(row => row.ExternalId == "waits").Parent);
        await api.VerifiesAsync(workspace);
    }

    [Fact]
    public async Task A_foreign_parent_stays_pending_like_an_unknown_one()
    {
        var (workspace, mine, _) = await api.TwoPortalsAsync();
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
        await api.VerifiesAsync(workspace);
    }

    [Fact]
    public async Task An_event_of_its_customer_is_found_by_its_id_and_not_by_its_external_id()
    {
        var (workspace, mine, theirs) = await api.TwoPortalsAsync();
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
        await api.VerifiesAsync(workspace);
    }

    [Fact]
    public async Task Children_come_before_parents_within_its_space()
    {
        var (workspace, mine, _) = await api.TwoPortalsAsync();
        await mine.IngestAsync(Own("leaf", "mid", cost: 4));
        await mine.IngestAsync(Own("mid", "top", cost: 2), Own("other", "top", cost: 8));
        Assert.All(await RowsAsync(mine), row => Assert.Null(row.Root));

        await mine.IngestAsync(Own("top", cost: 1));
        // A batch that is sent once more changes nothing and finds its parents.
        Assert.Equal((1, 2), await IngestAsync(mine, Own("top"), Own("mid", "top"), Own("late", "mid", cost: 16)));

        var rows = (await RowsAsync(mine, "&aggregate_fields=_cost.amount")).ToDictionary(row => row.ExternalId!);
        Assert.All(rows.Values, row => Assert.Equal(rows["top"].Id, row.Root));
        Assert.Equal(("31", 4), (rows["top"].Sum, rows["top"].Descendants));
        await api.VerifiesAsync(workspace);
    }

    [Fact]
    public async Task A_cycle_is_refused_to_whoever_makes_it_and_to_nobody_else()
    {
        var (workspace, mine, _) = await api.TwoPortalsAsync();
        await mine.IngestAsync(Own("b1", "b2"));
        await mine.IngestAsync(Own("x", "b1"));
        await mine.PostAsync("/api/events/ingest", new JsonObject { ["events"] = new JsonArray(Own("b2", "x")) }, 400);

        // The backend's own events of these names are a trace as any other.
        await workspace.IngestAsync(Some.Event(externalId: "b2", parent: "x", customer: "a", at: Some.Day));
        await workspace.IngestAsync(Some.Event(externalId: "b1", parent: "b2", customer: "a"), Some.Event(externalId: "x", customer: "a"));

        Assert.Equal(2, (await RowsAsync(workspace)).Count(row => row.Parent is not null && row.Root is not null));
        await api.VerifiesAsync(workspace);
    }

    [Fact]
    public async Task The_backend_may_hang_its_events_under_a_portals()
    {
        var (workspace, mine, _) = await api.TwoPortalsAsync();
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
        await api.VerifiesAsync(workspace);
    }

    static void Waits(PortalRow row) => Assert.Equal((null, null), (row.Parent, row.Root));
}
