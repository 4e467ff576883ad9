using System.Text.Json;
using System.Text.Json.Nodes;

namespace Analytics.Tests.Features.Streams;

/// <summary>The log's stream tells API requests beside events and audit records, and of all of them what is asked for.</summary>
public sealed class LogStreamOfRequestsTests(AnalyticsApi api)
{
    [Fact]
    public async Task Requests_come_where_they_were_committed()
    {
        var workspace = await api.NewWorkspaceAsync();
        await using var log = await Telling.LogAsync(workspace);
        for (var n = 0; n < 90; n += 9)
        {
            await workspace.IngestAsync(Numbered.Events(n, 3));
            await TellAsync(workspace, [.. Enumerable.Range(n + 3, 3).Select(number => Request(number))]);
            await workspace.TellAsync(n + 6, 3);
        }

        Assert.Equal(Enumerable.Range(0, 90), (await log.TakeAsync(90)).Select(NumberOf));
    }

    [Fact]
    public async Task A_request_is_the_record_that_the_log_lists()
    {
        var workspace = await api.NewWorkspaceAsync();
        await using var log = await Telling.LogAsync(workspace);
        await TellAsync(workspace, Request(7, status: 503, customer: "acme"));

        var listed = (await workspace.GetAsync("/api/v1/events")).GetProperty("data")[0];
        Assert.Equal(listed.GetRawText(), (await log.NextAsync()).Json.GetRawText());
        Assert.Equal(
            ("request.completed", "ERROR", "GET:/orders/{id}", "r7"),
            (TextOf(listed, "eventType"), TextOf(listed, "severity"), TextOf(listed, "targetId"), TextOf(listed, "correlationId")));
    }

    [Fact]
    public async Task What_was_missed_of_them_comes_first_and_once()
    {
        var workspace = await api.NewWorkspaceAsync();
        await using var first = await Telling.LogAsync(workspace);
        await TellAsync(workspace, Request(0), Request(1), Request(2));
        var cursor = (await first.TakeAsync(2))[1].Id;
        await TellAsync(workspace, [.. Enumerable.Range(3, 600).Select(number => Request(number))]);
        await workspace.IngestAsync(Numbered.Event(603));

        await using var again = await Telling.LogAsync(workspace, lastEventId: cursor);
        await TellAsync(workspace, Request(604));

        Assert.Equal(Enumerable.Range(2, 603), (await again.TakeAsync(603)).Select(NumberOf));
    }

    [Fact]
    public async Task Streams_of_events_do_not_notice_them()
    {
        var workspace = await api.NewWorkspaceAsync();
        await using var events = await OpenStream.OfAsync(workspace);
        await workspace.IngestAsync(Numbered.Event(0));
        await events.NextAsync();

        await TellAsync(workspace, [.. Enumerable.Range(1, 300).Select(number => Request(number))]);
        await workspace.IngestAsync(Numbered.Event(301));

        Assert.Equal(301, (await events.NextAsync()).Number);
        await Cursors.MovesToAsync(events, 2);
    }

    [Fact]
    public async Task A_portal_key_is_told_its_customers()
    {
        var workspace = await api.NewWorkspaceAsync();
        var portal = await workspace.BoundToAsync(await workspace.NewCustomerAsync("mine"));
        await using var log = await Telling.LogAsync(portal);
        await TellAsync(workspace, Request(1, customer: "others"), Request(2), Request(3, customer: "mine"));
        await TellAsync(workspace, Request(4, customer: "others"), Request(5, customer: "mine"));

        Assert.Equal([3, 5], (await log.TakeAsync(2)).Select(NumberOf));
    }

    [Theory]
    [InlineData("?severity=error", new[] { 2, 4, 6 })]
    [InlineData("?category=api", new[] { 0, 1, 2 })]
    [InlineData("?category=api&severity=WARN", new[] { 1, 2 })]
    [InlineData("?category=billing&category=usage", new[] { 3, 4, 5, 6, 7 })]
    [InlineData("?type=subscription.failed&type=anomaly.detected", new[] { 4, 7 })]
    [InlineData("?q=r1", new[] { 1 })]
    [InlineData("?q=NEEDLE", new[] { 5 })]
    [InlineData("?correlationId=r2&correlationId=trace-1", new[] { 2, 6 })]
    [InlineData("?targetType=endpoint&targetId=GET:/orders/{id}", new[] { 0, 1, 2 })]
    [InlineData("?actor=u-1", new[] { 6 })]
    [InlineData("?severity=&q=", new[] { 0, 1, 2, 3, 4, 5, 6, 7 })]
    [InlineData("?names=subscription.failed,task.done&severity=ERROR", new[] { 4, 6 })]
    public async Task The_searchs_filters_hold_for_the_stream(string filter, int[] expected)
    {
        var workspace = await api.NewWorkspaceAsync();
        await using var log = await Telling.LogAsync(workspace, filter);
        await TellAsync(workspace, Request(0), Request(1, status: 404), Request(2, status: 500));
        await workspace.IngestAsync(
            Numbered.Event(3), Numbered.Event(4, "subscription.failed"),
            Some.Event("task.done", metadata: new JsonObject { ["n"] = 5, ["deep"] = new JsonArray(new JsonObject { ["er"] = "a needle" }) }),
            Some.Event("task.done", metadata: new JsonObject
            {
                ["n"] = 6,
                ["_log"] = new JsonObject { ["severity"] = "CRITICAL", ["actor_id"] = "u-1", ["correlation_id"] = "trace-1" },
            }));
        await workspace.TellAsync(7);

        Assert.Equal(expected, (await log.TakeAsync(expected.Length)).Select(NumberOf));
        if (filter.Contains("names=", StringComparison.Ordinal))
            return;
        var listed = (await workspace.GetAsync($"/api/v1/events{filter}")).GetProperty("data").EnumerateArray()
            .Where(record => TextOf(record, "eventType") != "api_key.created").Select(NumberOf);
        Assert.Equal(expected, listed.Order());
    }

    [Theory]
    [InlineData("severity=loud")]
    [InlineData("category=noise")]
    public async Task A_filter_that_is_none_is_refused(string filter)
    {
        var workspace = await api.NewWorkspaceAsync();
        using var refused = await workspace.AskAsync(HttpMethod.Get, $"/api/v1/events/stream?{filter}");
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, refused.StatusCode);
    }

    static Task<JsonElement> TellAsync(WorkspaceClient workspace, params JsonObject[] requests) =>
        workspace.PostAsync("/api/requests/ingest", new { requests });

    static JsonObject Request(int number, int status = 200, string? customer = null) => new()
    {
        ["method"] = "GET", ["path"] = $"/orders/{number}", ["route"] = "/orders/{id}", ["statusCode"] = status, ["latencyMs"] = 12,
        ["customerId"] = customer, ["requestId"] = $"r{number}",
    };

    static int NumberOf(Message message) => NumberOf(message.Json);

    static int NumberOf(JsonElement record) => TextOf(record, "eventType") == "request.completed"
        ? int.Parse(TextOf(record, "correlationId")![1..], System.Globalization.CultureInfo.InvariantCulture)
        : record.GetProperty("payload").GetProperty("n").GetInt32();

    static string? TextOf(JsonElement record, string member) => record.GetProperty(member).GetString();
}
