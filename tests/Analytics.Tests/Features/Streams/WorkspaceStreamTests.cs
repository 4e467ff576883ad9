using System.Text.Json;
using System.Text.Json.Nodes;

namespace Analytics.Tests.Features.Streams;

public sealed class WorkspaceStreamTests(AnalyticsApi api)
{
    [Fact]
    public async Task Events_come_in_the_order_they_were_sent_shaped_like_those_that_are_read_back()
    {
        var workspace = await api.NewWorkspaceAsync();
        await using var stream = await OpenStream.OfAsync(workspace);

        await workspace.IngestAsync(Numbered.Events(0, 300));
        await workspace.IngestAsync(Numbered.Events(300, 2));

        var messages = await stream.TakeAsync(302);
        Assert.Equal(Enumerable.Range(0, 302), messages.Select(message => message.Number));
        var last = messages[^1].Json;
        var stored = await workspace.GetAsync($"/api/events/{last.GetProperty("id")}");
        Assert.True(JsonElement.DeepEquals(stored, last.GetProperty("payload")), $"{stored}\n{last}");
        Assert.Equal(["id", "key", "workspace_id", "payload"], last.EnumerateObject().Select(member => member.Name));
        Assert.Equal("task.done", last.GetProperty("key").GetString());
        Assert.Equal(workspace.Id, last.GetProperty("workspace_id").GetGuid());
        Assert.All(messages, message => Assert.Null(message.Event));
        Assert.Equal(302, messages.Select(message => message.Id).Distinct().Count());
    }

    [Fact]
    public async Task The_answer_is_an_event_stream_that_nobody_keeps()
    {
        var workspace = await api.NewWorkspaceAsync();
        await using var stream = await OpenStream.OfAsync(workspace);
        await workspace.IngestAsync(Numbered.Event(1));
        await stream.NextAsync();

        Assert.Equal("text/event-stream", stream.ContentHeaders.ContentType!.ToString());
        Assert.True(stream.Headers.CacheControl!.NoStore);
        Assert.Empty(stream.ContentHeaders.ContentEncoding);
        Assert.Equal("retry: 3000", stream.Others[0]);
        Assert.True(stream.Headers.Contains("X-Request-Id"));
    }

    [Fact]
    public async Task A_page_of_another_origin_may_follow_it()
    {
        var workspace = await api.NewWorkspaceAsync();
        await using var stream = await OpenStream.OfAsync(workspace);

        Assert.Equal("*", Assert.Single(stream.Headers.GetValues("Access-Control-Allow-Origin")));
    }

    [Fact]
    public async Task Children_and_parents_come_with_their_place_in_the_trace()
    {
        var workspace = await api.NewWorkspaceAsync();
        await using var stream = await OpenStream.OfAsync(workspace);

        await workspace.IngestAsync(Some.Event("root", externalId: "r"), Some.Event("leaf", parent: "r"), Some.Event("orphan", parent: "later"));

        var messages = await stream.TakeAsync(3);
        foreach (var message in messages)
        {
            var stored = await workspace.GetAsync($"/api/events/{message.Json.GetProperty("id")}");
            Assert.True(JsonElement.DeepEquals(stored, message.Json.GetProperty("payload")), $"{stored}\n{message.Data}");
        }
    }

    [Fact]
    public async Task Names_filter()
    {
        var workspace = await api.NewWorkspaceAsync();
        await using var stream = await OpenStream.OfAsync(workspace, "?names=b,c&names=d");

        await workspace.IngestAsync("abcde".Select((letter, n) => Numbered.Event(n, $"{letter}")));

        Assert.Equal(["b", "c", "d"], (await stream.TakeAsync(3)).Select(message => message.Json.GetProperty("key").GetString()));
        await workspace.IngestAsync(Numbered.Event(9, "b"));
        Assert.Equal(9, (await stream.NextAsync()).Number);
    }

    [Fact]
    public async Task Names_are_compared_exactly()
    {
        var workspace = await api.NewWorkspaceAsync();
        await using var stream = await OpenStream.OfAsync(workspace, "?names=a,%20b");

        await workspace.IngestAsync(new[] { "b", "A", " b", "a " }.Select((name, n) => Numbered.Event(n, name)));

        Assert.Equal(2, (await stream.NextAsync()).Number);
        await workspace.IngestAsync(Numbered.Event(9, "a"));
        Assert.Equal(9, (await stream.NextAsync()).Number);
    }

    [Fact]
    public async Task What_was_there_before_the_stream_does_not_come()
    {
        var workspace = await api.NewWorkspaceAsync();
        for (var n = 0; n < 10; n++)
        {
            await workspace.IngestAsync(Numbered.Event(n));
            await using var stream = await OpenStream.OfAsync(workspace);
            await workspace.IngestAsync(Numbered.Event(1_000 + n));
            Assert.Equal(1_000 + n, (await stream.NextAsync()).Number);
        }
    }

    [Fact]
    public async Task A_portal_key_gets_its_customer_only()
    {
        var workspace = await api.NewWorkspaceAsync();
        var mine = await workspace.NewCustomerAsync("mine");
        var other = await workspace.NewCustomerAsync("other");
        var portal = await workspace.BoundToAsync(mine);
        await using var stream = await OpenStream.OfAsync(portal);
        await using var everything = await OpenStream.OfAsync(workspace);

        await workspace.IngestAsync(
            Some.Event("a", customer: "mine", externalId: "top"), Some.Event("b", customer: "other", parent: "top"),
            Some.Event("c", customerId: other), Some.Event("d", customerId: mine), Some.Event("service.up", customer: null));

        var messages = await stream.TakeAsync(2);
        Assert.Equal(["a", "d"], messages.Select(message => message.Json.GetProperty("key").GetString()));
        Assert.Equal(0, messages[0].Json.GetProperty("payload").GetProperty("child_count").GetInt32());
        Assert.Equal(1, (await everything.NextAsync()).Json.GetProperty("payload").GetProperty("child_count").GetInt32());
        await workspace.IngestAsync(Some.Event("e", customer: "mine"));
        Assert.Equal("e", (await stream.NextAsync()).Json.GetProperty("key").GetString());
    }

    [Fact]
    public async Task The_event_log_streams_its_bare_records()
    {
        var workspace = await api.NewWorkspaceAsync();
        await using var stream = await OpenStream.OpenAsync(workspace, "/api/v1/events/stream");

        await workspace.IngestAsync(
            Some.Event("payment.failed", source: "system", metadata: new JsonObject { ["payment_id"] = "p1" }),
            Some.Event("api.call", metadata: new JsonObject
            {
                ["_log"] = new JsonObject
                {
                    ["severity"] = "WARN", ["category"] = "AUTH", ["actor_type"] = "user", ["actor_id"] = "u1", ["target_type"] = "doc",
                    ["target_id"] = "d1", ["correlation_id"] = "c1",
                },
            }));

        var messages = await stream.TakeAsync(2);
        var (plain, said) = (messages[0].Json, messages[1].Json);
        Assert.Equal(
            ["eventId", "tenantId", "eventType", "category", "source", "severity", "actorType", "actorId", "targetType", "targetId", "payload",
                "correlationId", "createdAt"],
            plain.EnumerateObject().Select(member => member.Name));
        Assert.Equal(["payment.failed", "BILLING", "system", "ERROR"], Texts(plain, "eventType", "category", "source", "severity"));
        Assert.Equal("p1", plain.GetProperty("payload").GetProperty("payment_id").GetString());
        Assert.Equal(workspace.Id, plain.GetProperty("tenantId").GetGuid());
        Assert.Equal(
            ["AUTH", "WARN", "user", "u1", "doc", "d1", "c1"],
            Texts(said, "category", "severity", "actorType", "actorId", "targetType", "targetId", "correlationId"));
    }

    static IEnumerable<string?> Texts(JsonElement record, params string[] members) => members.Select(member => record.GetProperty(member).GetString());
}
