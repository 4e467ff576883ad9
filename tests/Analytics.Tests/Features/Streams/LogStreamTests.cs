using System.Net;
using Analytics.Storage;
using Analytics.Tests.Features.Metrics;

namespace Analytics.Tests.Features.Streams;

/// <summary>The log's stream has what the service itself tells too; the other streams do not notice it.</summary>
public sealed class LogStreamTests(AnalyticsApi api)
{
    [Fact]
    public async Task The_log_has_events_and_audit_records_in_the_order_they_were_committed()
    {
        var workspace = await api.NewWorkspaceAsync();
        await using var log = await Telling.LogAsync(workspace);
        for (var n = 0; n < 60; n += 6)
        {
            await workspace.IngestAsync(Numbered.Events(n, 3));
            await workspace.TellAsync(n + 3, 3);
        }

        Assert.Equal(Enumerable.Range(0, 60), (await log.TakeAsync(60)).Select(Telling.NumberOf));
    }

    [Fact]
    public async Task An_audit_record_says_what_it_is_about()
    {
        var workspace = await api.NewWorkspaceAsync();
        await using var log = await Telling.LogAsync(workspace);
        await workspace.TellAsync(7);

        var record = (await log.NextAsync()).Json;
        Assert.Equal(
            ["eventId", "tenantId", "eventType", "category", "source", "severity", "actorType", "actorId", "targetType", "targetId", "payload",
                "correlationId", "createdAt"],
            record.EnumerateObject().Select(member => member.Name));
        Assert.Equal(
            ["anomaly.detected", "USAGE", "system", "WARN", null, null, "endpoint", "GET:/orders/:id", null],
            ((string[])["eventType", "category", "source", "severity", "actorType", "actorId", "targetType", "targetId", "correlationId"])
                .Select(member => record.GetProperty(member).GetString()));
        Assert.Equal("""{"n":7}""", record.GetProperty("payload").GetRawText());
        Assert.Equal(workspace.Id, record.GetProperty("tenantId").GetGuid());
        Assert.InRange(record.GetProperty("createdAt").GetDateTimeOffset(), api.Clock.GetUtcNow().AddMinutes(-5), api.Clock.GetUtcNow());
    }

    [Fact]
    public async Task Streams_of_events_neither_tell_audit_records_nor_move_by_them()
    {
        var workspace = await api.NewWorkspaceAsync();
        var (_, user) = await api.NewUserAsync((workspace, "viewer"));
        await using var log = await Telling.LogAsync(workspace);
        await using var events = await OpenStream.OfAsync(workspace);
        await using var users = await OpenStream.OpenAsync(user, "/api/stream/user");
        await workspace.IngestAsync(Numbered.Event(0));
        var before = (await events.NextAsync()).Id;
        await users.NextAsync();

        await workspace.TellAsync(1, 400);
        Assert.Equal(401, (await log.TakeAsync(401)).Count);
        await workspace.IngestAsync(Numbered.Event(2));

        Assert.Equal(2, (await events.NextAsync()).Number);
        Assert.Equal(2, (await users.NextAsync()).Number);
        await Cursors.MovesToAsync(events, 2);
        await using var again = await OpenStream.OfAsync(workspace, lastEventId: before);
        Assert.Equal(2, (await again.NextAsync()).Number);
    }

    [Fact]
    public async Task Answers_about_events_stay_what_they_were()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(Some.Events(3, at: Some.Day));
        var tag = await Dashboard.TagAsync(workspace, Dashboard.Days);

        await workspace.TellAsync(1);

        Assert.Equal(304, await Dashboard.StatusAsync(workspace, Dashboard.Days, tag));
        Assert.Equal(3, (await workspace.GetAsync("/api/events")).GetProperty("data").GetArrayLength());
        Assert.Equal(1, (await workspace.GetAsync("/api/events/names")).GetProperty("data").GetArrayLength());
    }

    [Fact]
    public async Task Whatever_the_log_told_meanwhile_comes_first_and_once()
    {
        var workspace = await api.NewWorkspaceAsync();
        await using var first = await Telling.LogAsync(workspace);
        await workspace.IngestAsync(Numbered.Events(0, 2));
        await workspace.TellAsync(2, 2);
        var cursor = (await first.TakeAsync(3))[2].Id;
        await workspace.TellAsync(4, 300);
        await workspace.IngestAsync(Numbered.Events(304, 300));
        await workspace.TellAsync(604, 3);

        await using var again = await Telling.LogAsync(workspace, lastEventId: cursor);
        await workspace.IngestAsync(Numbered.Event(607));

        Assert.Equal(Enumerable.Range(3, 605), (await again.TakeAsync(605)).Select(Telling.NumberOf));
    }

    [Fact]
    public async Task A_cursor_of_one_kind_of_stream_is_none_of_the_other()
    {
        var workspace = await api.NewWorkspaceAsync();
        await using var log = await Telling.LogAsync(workspace);
        await workspace.TellAsync(1, 5);
        await workspace.IngestAsync(Numbered.Event(6));
        var logs = (await log.TakeAsync(6))[5].Id!;

        await Cursors.ResetsAsync(workspace, logs);
        await using var reset = await Telling.LogAsync(workspace, lastEventId: await Cursors.OfAsync(workspace));
        Assert.Equal("reset", (await reset.NextAsync()).Event);
        await workspace.TellAsync(7);
        Assert.Equal(7, Telling.NumberOf(await reset.NextAsync()));
    }

    [Fact]
    public async Task Each_kind_of_stream_reaches_back_100_000_of_its_own()
    {
        var workspace = await api.NewWorkspaceAsync();
        await using var log = await Telling.LogAsync(workspace);
        var events = await Cursors.OfAsync(workspace);
        var logs = (await log.NextAsync()).Id;
        await workspace.IngestAsync(Numbered.Event(7));
        var key = await Commands.RandomLife.KeyOfAsync(workspace);

        // As if so many had been told meanwhile.
        await api.Store.ExecuteAsync("update workspace_seq set log_seq = log_seq + 99999 where workspace_id = $1", [key], default);
        await using (var stream = await Telling.LogAsync(workspace, lastEventId: logs))
            Assert.Equal(7, Telling.NumberOf(await stream.NextAsync()));
        await api.Store.ExecuteAsync("update workspace_seq set log_seq = log_seq + 1 where workspace_id = $1", [key], default);

        await using (var stream = await Telling.LogAsync(workspace, lastEventId: logs))
            Assert.Equal("reset", (await stream.NextAsync()).Event);
        await using (var stream = await OpenStream.OfAsync(workspace, lastEventId: events))
            Assert.Equal(7, (await stream.NextAsync()).Number);
    }

    [Fact]
    public async Task A_portal_key_is_told_none()
    {
        var workspace = await api.NewWorkspaceAsync();
        var portal = await workspace.BoundToAsync(await workspace.NewCustomerAsync("mine"));
        await using var log = await Telling.LogAsync(portal);
        await Until.HoldsAsync(() => log.LastId is not null, "A stream says where it is.");
        var before = log.LastId!;

        await workspace.TellAsync(1, 5);
        await workspace.IngestAsync(Some.Event("mine", customer: "mine"));
        var message = await log.NextAsync();

        Assert.Equal("mine", message.Json.GetProperty("eventType").GetString());
        await using var again = await Telling.LogAsync(portal, lastEventId: before);
        Assert.Equal("mine", (await again.NextAsync()).Json.GetProperty("eventType").GetString());
        await using var other = await OpenStream.OfAsync(portal, lastEventId: message.Id);
        Assert.Equal("reset", (await other.NextAsync()).Event);
    }

    [Fact]
    public async Task What_was_told_already_is_not_told_again()
    {
        var workspace = await api.NewWorkspaceAsync();
        await using var log = await Telling.LogAsync(workspace);
        var tries = Enumerable.Range(0, 8).Select(_ => workspace.TellAsync(1, key: "once")).ToList();
        var results = await Task.WhenAll(tries);
        await workspace.IngestAsync(Some.Event(externalId: "once"), Numbered.Event(2));

        Assert.Equal((1, 7), (results.Sum(result => result.Inserted), results.Sum(result => result.Duplicates)));
        Assert.Equal(
            ["anomaly.detected", "task.done", "task.done"],
            (await log.TakeAsync(3)).Select(message => message.Json.GetProperty("eventType").GetString()));
    }

    [Fact]
    public async Task Names_filter_the_log()
    {
        var workspace = await api.NewWorkspaceAsync();
        await using var log = await Telling.LogAsync(workspace, "?names=anomaly.detected");
        await workspace.IngestAsync(Numbered.Events(0, 3));
        await workspace.TellAsync(3);

        Assert.Equal(3, Telling.NumberOf(await log.NextAsync()));
    }

    [Fact]
    public async Task Both_kinds_of_stream_take_places_of_the_workspace()
    {
        var workspace = await api.NewWorkspaceAsync();
        await using var node = await Node.StartAsync(api, ("Analytics:StreamsPerWorkspace", "2"));
        await using var log = await Telling.LogAsync(node.Of(workspace));
        await using var events = await OpenStream.OpenAsync(node.Of(workspace), $"/api/stream/workspaces/{workspace.Id}");

        using var refused = await node.Of(workspace).AskAsync(HttpMethod.Get, "/api/v1/events/stream");
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
    }
}
