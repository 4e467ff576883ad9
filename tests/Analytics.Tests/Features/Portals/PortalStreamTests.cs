using System.Net;
using System.Text.Json;
using Analytics.Feed;
using Analytics.Tests.Commands;
using Analytics.Tests.Features.Streams;

namespace Analytics.Tests.Features.Portals;

/// <summary>A portal key's streams: so many, of its customer's events only, with cursors that tell nothing.</summary>
[Collection<Timed>]
public sealed class PortalStreamTests(TimedApi timed)
{
    const int Most = 20;

    [Fact]
    public async Task A_portal_key_has_20_streams_and_others_have_theirs()
    {
        var (workspace, portal) = await PortalAsync();
        var path = $"/api/stream/workspaces/{workspace.Id}";
        var open = new List<OpenStream>();
        for (var n = 0; n < Most; n++)
            open.Add(await OpenStream.OpenAsync(portal, n % 2 == 0 ? path : "/api/v1/events/stream"));

        using (var refused = await portal.AskAsync(HttpMethod.Get, path))
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
            Assert.NotNull(refused.Headers.RetryAfter);
        }

        var token = (await portal.PostAsync("/api/stream/tokens", null, 201)).GetProperty("token").GetString();
        await timed.Api.Anonymous.GetAsync($"{path}?access_token={token}", 429);
        for (var n = 0; n <= Most; n++)
            open.Add(await OpenStream.OpenAsync(workspace, path));
        await open[0].DisposeAsync();
        open.RemoveAt(0);
        await Until.HoldsAsync(
            async () =>
            {
                using var answer = await portal.Http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);
                return answer.IsSuccessStatusCode;
            },
            "A closed stream's place is not free again.");
        foreach (var stream in open)
            await stream.DisposeAsync();
    }

    [Fact]
    public async Task Its_cursors_never_look_alike_and_no_other_reader_can_use_them()
    {
        var (workspace, portal) = await PortalAsync();
        var ids = new List<string>();
        for (var n = 0; n < 3; n++)
        {
            await using var stream = await OpenStream.OfAsync(portal);
            await Until.HoldsAsync(() => stream.LastId is not null, "A stream says where it is.");
            ids.Add(stream.LastId!);
        }

        Assert.Distinct(ids);
        Assert.Single(ids.Select(id => id.Length).Distinct());
        Assert.All(ids, id => Assert.Null(Cursor.Parse(id, Track.Events)));
        await workspace.IngestAsync(Some.Event(customer: "b"));
        var other = await workspace.BoundToAsync(await workspace.NewCustomerAsync("b"));
        await ResetsAsync(workspace, ids[0]);
        await ResetsAsync(other, ids[0]);
        // Its own making: whether there are so many events is not to be found out.
        var key = await RandomLife.KeyOfAsync(workspace);
        foreach (var sequence in (long[])[0, 1, 1_000])
            await ResetsAsync(portal, $"{new Cursor(Track.Events) { [key] = sequence }}");
        await ResetsAsync(portal, $"{(ids[0][0] == 'A' ? 'B' : 'A')}{ids[0][1..]}");
    }

    [Fact]
    public async Task It_resumes_on_every_node_with_any_key_of_its_customer()
    {
        var (workspace, portal) = await PortalAsync();
        await using var node = await Node.StartAsync(timed.Api, timed.Clock);
        string? last;
        await using (var stream = await OpenStream.OfAsync(portal))
        {
            await workspace.IngestAsync(Some.Event("first", customer: "a"));
            last = (await stream.NextAsync()).Id;
        }

        await workspace.IngestAsync(Some.Event("hidden", customer: "b"), Some.Event("second", customer: "a"), Some.Event("hidden", customer: "b"));

        await using var again = await OpenStream.OpenAsync(node.Of(portal), $"/api/stream/workspaces/{workspace.Id}", last);
        Assert.Equal("second", (await again.NextAsync()).Json.GetProperty("key").GetString());
        await workspace.IngestAsync(Some.Event("third", customer: "a"));
        var third = again.NextAsync();
        await timed.Clock.RunAsync(third);
        Assert.Equal("third", (await third).Json.GetProperty("key").GetString());
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_sign_of_life_says_where_it_is_whatever_others_did(bool areOthersActive)
    {
        var (workspace, portal) = await PortalAsync();
        await using var stream = await OpenStream.OfAsync(portal);
        await workspace.IngestAsync(Some.Event("mine", customer: "a"));
        await stream.NextAsync();
        var before = stream.LastId;
        if (areOthersActive)
        {
            await using var witness = await OpenStream.OfAsync(workspace);
            await workspace.IngestAsync(Numbered.Events(1, 300));
            await timed.Clock.RunAsync(witness.TakeAsync(300));
        }

        timed.Clock.Advance(TimeSpan.FromSeconds(15));

        await Until.HoldsAsync(() => stream.Pings >= 1 && stream.LastId != before, "A ping comes without an id.");
        Assert.Empty(stream.TakeAll());
        await using var again = await OpenStream.OfAsync(portal, lastEventId: stream.LastId);
        await workspace.IngestAsync(Some.Event("next", customer: "a"));
        Assert.Equal("next", (await again.NextAsync()).Json.GetProperty("key").GetString());
    }

    [Fact]
    public async Task Its_messages_show_the_forest_of_its_customers_events()
    {
        var (workspace, portal) = await PortalAsync();
        await using var stream = await OpenStream.OfAsync(portal);
        await workspace.IngestAsync(
            Some.Event("top", customer: "a", externalId: "top"), Some.Event("theirs", customer: "b", parent: "top", externalId: "theirs"),
            Some.Event("under theirs", customer: "a", parent: "theirs"), Some.Event("under mine", customer: "a", parent: "top"));

        var shown = (await stream.TakeAsync(3)).ToDictionary(
            message => message.Json.GetProperty("key").GetString()!, message => message.Json.GetProperty("payload"));

        Assert.Equal(1, shown["top"].GetProperty("descendant_count").GetInt32());
        Assert.Equal(JsonValueKind.Null, shown["under theirs"].GetProperty("parent_id").ValueKind);
        Assert.Equal(JsonValueKind.Null, shown["under theirs"].GetProperty("root_id").ValueKind);
        Assert.Equal("theirs", shown["under theirs"].GetProperty("pending_parent_id").GetString());
        Assert.Equal(shown["top"].GetProperty("id").GetString(), shown["under mine"].GetProperty("root_id").GetString());
        foreach (var payload in shown.Values)
            Assert.Equal(payload.GetRawText(), (await portal.GetAsync($"/api/events/{payload.GetProperty("id")}")).GetRawText());
    }

    static async Task ResetsAsync(WorkspaceClient reader, string cursor)
    {
        await using var stream = await OpenStream.OfAsync(reader, lastEventId: cursor);
        Assert.Equal("reset", (await stream.NextAsync()).Event);
    }

    async Task<(WorkspaceClient Workspace, WorkspaceClient Portal)> PortalAsync()
    {
        var workspace = await timed.Api.NewWorkspaceAsync();
        return (workspace, await workspace.BoundToAsync(await workspace.NewCustomerAsync("a")));
    }
}
