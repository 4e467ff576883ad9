using System.Text.Json;

namespace Analytics.Tests.Features.Statistics;

/// <summary>Two workspaces in which everything is named alike never meet on the event routes.</summary>
public sealed class TwoWorkspacesTests(AnalyticsApi api)
{
    const string Statistics = "/api/events/statistics/timeseries?start_date=2026-03-01&end_date=2026-03-31&interval=month&sort=name";

    [Fact]
    public async Task Workspaces_with_the_same_names_and_ids_never_meet()
    {
        var (one, two) = (await api.NewWorkspaceAsync(), await api.NewWorkspaceAsync());
        var customers = (One: await one.NewCustomerAsync("acme"), Two: await two.NewCustomerAsync("acme"));

        // The child waits here, and its parent comes there.
        await one.IngestAsync(Some.Event("step", Some.Day, "child", parent: "root", cost: 1));
        await two.IngestAsync(Some.Event("run", Some.Day, "root", cost: 10));
        Assert.Empty((await one.GetAsync(Statistics)).GetProperty("totals").EnumerateArray());
        Assert.Equal(["run 1 10"], await TotalsAsync(two));

        await one.IngestAsync(Some.Event("run", Some.Day, "root", cost: 2), Some.Event("run", Some.Day, "alone", customerId: customers.One, cost: 4));
        Assert.Equal(["run 2 7"], await TotalsAsync(one));
        Assert.Equal(["run 1 10"], await TotalsAsync(two));
        Assert.Equal(3, (await EventsAsync(one)).Count);
        await AssertForeignIdsAreUnknownAsync(one, two, customers.One);
        await AssertForeignIdsAreUnknownAsync(two, one, customers.Two);
    }

    static async Task AssertForeignIdsAreUnknownAsync(WorkspaceClient owner, WorkspaceClient other, Guid customer)
    {
        var before = await TotalsAsync(other);
        var type = (await owner.GetAsync("/api/event-types")).GetProperty("data")[0].GetProperty("id").GetGuid();
        foreach (var e in await EventsAsync(owner))
        {
            var id = e.GetProperty("id").GetGuid();
            await AssertAlikeAsync(other, HttpMethod.Get, "/api/events/", id, null, 404);
            Assert.Empty((await other.GetAsync($"/api/events?parent_id={id}")).GetProperty("data").EnumerateArray());

            // A foreign event is no parent: the child waits for ever.
            var child = Some.ExternalId;
            await other.IngestAsync(Some.Event("step", Some.Day, child, parent: $"{id}", cost: 1000));
            var waiting = (await EventsAsync(other)).Single(found => found.GetProperty("external_id").GetString() == child);
            Assert.Equal(($"{id}", null), (waiting.GetProperty("pending_parent_id").GetString(), waiting.GetProperty("root_id").GetString()));
        }

        await AssertAlikeAsync(other, HttpMethod.Patch, "/api/event-types/", type, new { label = "Mine" }, 404);
        foreach (var filter in new[] { $"customer_id={customer}", $"event_type_id={type}" })
        {
            Assert.Empty((await other.GetAsync($"{Statistics}&{filter}")).GetProperty("totals").EnumerateArray());
            Assert.Empty((await other.GetAsync($"/api/events?{filter}")).GetProperty("data").EnumerateArray());
        }

        var foreign = await other.PostAsync("/api/events/ingest", new { events = new[] { Some.Event(customerId: customer) } }, 400);
        var unknown = await other.PostAsync("/api/events/ingest", new { events = new[] { Some.Event(customerId: Guid.NewGuid()) } }, 400);
        Assert.Equal(unknown.GetProperty("errors").GetRawText(), foreign.GetProperty("errors").GetRawText());
        await other.GetAsync($"{Statistics}&workspace_id={owner.Id}", 404);
        Assert.Equal(before, await TotalsAsync(other));
    }

    /// <summary>A foreign id and an unknown one are answered alike, but for the request's id.</summary>
    static async Task AssertAlikeAsync(WorkspaceClient workspace, HttpMethod method, string path, Guid foreign, object? body, int status)
    {
        var unknown = Guid.NewGuid();
        var (one, two) = (await workspace.SendAsync(method, $"{path}{foreign}", body, status), await workspace.SendAsync(method, $"{path}{unknown}", body, status));
        Assert.Equal(Text(one, foreign), Text(two, unknown));

        static string Text(JsonElement answer, Guid id) => string.Join('\n', answer.EnumerateObject()
            .Where(member => member.Name != "request_id").Select(member => member.ToString().Replace($"{id}", "", StringComparison.Ordinal)));
    }

    static async Task<List<string>> TotalsAsync(WorkspaceClient workspace) =>
        [.. (await workspace.GetAsync(Statistics)).GetProperty("totals").EnumerateArray().Select(row =>
            $"{row.GetProperty("name")} {row.GetProperty("occurrences")} {row.GetProperty("totals").GetProperty("_cost_amount")}")];

    static Task<List<JsonElement>> EventsAsync(WorkspaceClient workspace) => Storage.Writing.TwoNodes.EventsAsync(workspace, "&source=user");
}
