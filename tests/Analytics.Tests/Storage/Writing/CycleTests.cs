using System.Text.Json;
using System.Text.Json.Nodes;

namespace Analytics.Tests.Storage.Writing;

/// <summary>Nobody is their own ancestor, in whatever order it would come to pass.</summary>
public sealed class CycleTests(AnalyticsApi api)
{
    const string Route = "/api/events/ingest";

    public static TheoryData<string, string> Circles
    {
        get
        {
            var circles = new TheoryData<string, string>();
            foreach (var order in new[] { "a", "ab", "ba", "abc", "acb", "bac", "bca", "cab", "cba", "dbca", "abdc" })
                circles.Add(new string([.. order.Order()]), order);
            return circles;
        }
    }

    [Theory, MemberData(nameof(Circles))]
    public async Task A_circle_within_a_request_is_refused(string members, string order)
    {
        var workspace = await api.NewWorkspaceAsync();
        var batch = order.Select(member => Member(members, member)).ToList();
        await AssertRefusedAsync(workspace, batch, null);
        Assert.Empty(await EventsAsync(workspace));

        // Without one of its events a circle is none, so one is what is rejected.
        var answer = await workspace.PostAsync(Route + "?partial=true", Body([.. batch, Some.Event(externalId: "other", parent: order[..1])]));
        Assert.Equal((order.Length, 1), (Number(answer, "inserted"), Number(answer, "rejected")));
        Assert.Equal(order.Length, (await EventsAsync(workspace)).Count);
    }

    [Theory, MemberData(nameof(Circles))]
    public async Task The_event_that_closes_a_circle_across_requests_is_refused(string members, string order)
    {
        var workspace = await api.NewWorkspaceAsync();
        foreach (var member in order[..^1])
            Assert.Equal(1, Number(await workspace.IngestAsync(Member(members, member)), "inserted"));
        var last = Member(members, order[^1]);
        await AssertRefusedAsync(workspace, [Some.Event(externalId: "before"), last, Some.Event(externalId: "after")], 1);
        Assert.Equal(order.Length - 1, (await EventsAsync(workspace)).Count);

        var answer = await workspace.PostAsync(
            Route + "?partial=true", Body([Some.Event(externalId: "before", parent: order[^1..]), last, Some.Event(externalId: "after", parent: "before")]));
        Assert.Equal((2, 0, 1), (Number(answer, "inserted"), Number(answer, "duplicates"), Number(answer, "rejected")));
        Assert.Equal(1, Assert.Single(answer.GetProperty("errors").EnumerateArray()).GetProperty("index").GetInt32());

        // The place is still free for an event that closes nothing.
        Assert.Equal(1, Number(await workspace.IngestAsync(Some.Event(externalId: order[^1..], at: Some.Day, cost: 1)), "inserted"));
        var events = await EventsAsync(workspace);
        Assert.Equal(order.Length + 2, events.Count);
        Assert.All(events, e => Assert.Equal(JsonValueKind.Null, e.GetProperty("pending_parent_id").ValueKind));
        Assert.Single(events.Select(e => e.GetProperty("root_id").GetString()).Distinct());
    }

    [Fact]
    public async Task A_circle_through_an_events_own_id_is_refused()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(Some.Event(externalId: "a", parent: "b"), Some.Event(externalId: "leaf", parent: "a"));
        foreach (var e in await EventsAsync(workspace))
            await AssertRefusedAsync(workspace, [Some.Event(externalId: "b", parent: e.GetProperty("id").GetString())], 0);
        Assert.Equal(2, (await EventsAsync(workspace)).Count);
    }

    [Fact]
    public async Task A_retry_that_would_be_a_circle_is_a_duplicate()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(Some.Event(externalId: "a"));
        var answer = await workspace.IngestAsync(Some.Event(externalId: "a", parent: "b"), Some.Event(externalId: "b", parent: "a"));
        Assert.Equal((1, 1), (Number(answer, "inserted"), Number(answer, "duplicates")));
        Assert.Single((await EventsAsync(workspace)).Select(e => e.GetProperty("root_id").GetString()).Distinct());
    }

    // Everybody's parent is the next one, the last one's is the first.
    static JsonObject Member(string members, char member) =>
        Some.Event(externalId: $"{member}", parent: $"{members[(members.IndexOf(member) + 1) % members.Length]}", cost: 1, at: Some.Day);

    static async Task AssertRefusedAsync(WorkspaceClient workspace, List<JsonObject> batch, int? index)
    {
        var problem = await workspace.PostAsync(Route, Body(batch), 400);
        var errors = problem.GetProperty("errors").EnumerateArray().ToList();
        Assert.NotEmpty(errors);
        foreach (var error in errors)
            if (index is not null)
                Assert.Equal($"/events/{index}/parent_id", error.GetProperty("pointer").GetString());
            else
                Assert.Matches(@"^/events/\d+/parent_id$", error.GetProperty("pointer").GetString());
    }

    // Nodes have one parent each, so the body needs copies.
    static JsonObject Body(IEnumerable<JsonNode> events) => new() { ["events"] = new JsonArray([.. events.Select(e => e.DeepClone())]) };

    static Task<List<JsonElement>> EventsAsync(WorkspaceClient workspace) => TwoNodes.EventsAsync(workspace);

    static int Number(JsonElement answer, string name) => answer.GetProperty(name).GetInt32();
}
