using System.Text.Json;

namespace Analytics.Tests.Storage.Writing;

/// <summary>The first write of an external id wins, for ever.</summary>
public sealed class DeduplicationTests(AnalyticsApi api)
{
    [Fact]
    public async Task An_external_id_with_another_time_or_content_is_a_duplicate()
    {
        var workspace = await api.NewWorkspaceAsync();
        Assert.Equal((1, 0), await IngestAsync(workspace, Some.Event("first", Some.Day, "x", cost: 1)));
        Assert.Equal((0, 1), await IngestAsync(workspace, Some.Event("first", Some.Day.AddMonths(-1), "x", cost: 2)));
        Assert.Equal((0, 1), await IngestAsync(workspace, Some.Event("second", Some.Day.AddYears(-6), "x", customer: "other", cost: 3)));
        Assert.Equal((1, 2), await IngestAsync(
            workspace, Some.Event(externalId: "x"), Some.Event(externalId: "y", cost: 10, at: Some.Day), Some.Event("first", externalId: "x", parent: "y")));
        Assert.Equal((1, 0), await IngestAsync(workspace, Some.Event(externalId: "X", cost: 100, at: Some.Day)));

        var events = await TwoNodes.EventsAsync(workspace);
        Assert.Equal(3, events.Count);
        var x = events.Single(e => e.GetProperty("external_id").GetString() == "x");
        Assert.Equal(("first", "acme", "1"), (
            x.GetProperty("name").GetString(), x.GetProperty("external_customer_id").GetString(),
            x.GetProperty("metadata").GetProperty("_cost").GetProperty("amount").GetRawText()));
        Assert.Equal("2026-03-11T00:00:00Z", x.GetProperty("timestamp").GetString());
        Assert.Equal(JsonValueKind.Null, x.GetProperty("parent_id").ValueKind);
        await AssertTotalsAsync(workspace, ("first", 1, "1"), ("task.done", 2, "110"));
        var names = await workspace.GetAsync("/api/events/names");
        Assert.DoesNotContain("second", names.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Duplicates_within_a_batch_count_once()
    {
        var workspace = await api.NewWorkspaceAsync();
        var batch = Enumerable.Range(0, 300).Select(at => Some.Event(externalId: $"{at % 7}", at: Some.Day.AddDays(at / 7), cost: at)).ToArray();
        Assert.Equal((7, 293), await IngestAsync(workspace, batch));
        await AssertTotalsAsync(workspace, ("task.done", 7, "21"));
    }

    [Fact]
    public async Task Events_without_an_external_id_are_never_duplicates()
    {
        var workspace = await api.NewWorkspaceAsync();
        Assert.Equal((3, 0), await IngestAsync(workspace, Some.Event(at: Some.Day, cost: 1), Some.Event(at: Some.Day, cost: 1), Some.Event(at: Some.Day, cost: 1)));
        await AssertTotalsAsync(workspace, ("task.done", 3, "3"));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_retried_batch_attaches_new_children_to_the_stored_parent(bool pending)
    {
        var workspace = await api.NewWorkspaceAsync();
        if (pending)
            await workspace.IngestAsync(Some.Event("step", Some.Day, "early", parent: "run", cost: 7));
        Assert.Equal((2, 0), await IngestAsync(workspace, Some.Event("run", Some.Day, "run", cost: 1), Some.Event("step", Some.Day, "a", parent: "run", cost: 2)));
        var retried = await IngestAsync(
            workspace, Some.Event("step", Some.Day, "c", parent: "b", cost: 8), Some.Event("run", Some.Day.AddMonths(-3), "run", cost: 1000),
            Some.Event("step", Some.Day, "a", parent: "run", cost: 2), Some.Event("step", Some.Day, "b", parent: "run", cost: 4));
        Assert.Equal((2, 2), retried);

        var events = await TwoNodes.EventsAsync(workspace);
        var run = events.Single(e => e.GetProperty("external_id").GetString() == "run");
        Assert.All(events, e => Assert.Equal(run.GetProperty("id").GetString(), e.GetProperty("root_id").GetString()));
        Assert.Equal(pending ? 3 : 2, run.GetProperty("child_count").GetInt32());
        await AssertTotalsAsync(workspace, ("run", 1, pending ? "22" : "15"));
    }

    [Fact]
    public async Task A_refused_batch_claims_nothing()
    {
        var workspace = await api.NewWorkspaceAsync();
        var bad = Some.Event(externalId: "self", parent: "self");
        await workspace.PostAsync("/api/events/ingest", new { events = new[] { Some.Event(externalId: "x"), bad } }, 400);
        Assert.Equal((1, 0), await IngestAsync(workspace, Some.Event(externalId: "x")));
        var customer = Guid.NewGuid();
        await workspace.PostAsync("/api/events/ingest?partial=true", new { events = new[] { Some.Event(externalId: "y", customerId: customer) } });
        Assert.Equal((1, 0), await IngestAsync(workspace, Some.Event(externalId: "y")));
    }

    [Fact]
    public async Task A_retry_that_waits_for_the_workspace_for_long_is_a_duplicate_all_the_same()
    {
        var workspace = await api.NewWorkspaceAsync();
        Assert.Equal((1, 0), await IngestAsync(workspace, Some.Event(externalId: "x")));
        await using var held = await HeldWorkspace.OfAsync(workspace);
        var retried = IngestAsync(workspace, Some.Event(externalId: "x"), Some.Event(externalId: "y"));
        await held.WaitsAsync(1, "slow-writer"); // it was given up once
        await held.LetGoAsync();
        Assert.Equal((1, 1), await retried);
    }

    static Task<(int Inserted, int Duplicates)> IngestAsync(WorkspaceClient workspace, params System.Text.Json.Nodes.JsonNode[] events) =>
        TwoNodes.PostAsync(workspace, events);

    static async Task AssertTotalsAsync(WorkspaceClient workspace, params (string Name, int Occurrences, string Cost)[] expected)
    {
        var answer = await workspace.GetAsync("/api/events/statistics/timeseries?start_date=2019-01-01&end_date=2026-12-31&interval=year&sort=name");
        Assert.Equal(expected, answer.GetProperty("totals").EnumerateArray().Select(row => (
            row.GetProperty("name").GetString()!, row.GetProperty("occurrences").GetInt32(),
            row.GetProperty("totals").GetProperty("_cost_amount").GetString()!)));
    }
}
