using System.Diagnostics;
using Analytics.Tests.Features.Streams;

namespace Analytics.Tests.Http.Telemetry;

public sealed class TraceExportTests(AnalyticsApi api)
{
    [Fact]
    public async Task A_collector_receives_a_request_with_its_statements()
    {
        await using var collector = await OtlpCollector.StartAsync();
        await using var node = await TracedNodeAsync(collector);
        var workspace = node.Of(await api.NewWorkspaceAsync());

        var read = await TracedAsync(workspace, HttpMethod.Get, "/api/events?q=secret");
        var written = await TracedAsync(workspace, HttpMethod.Post, "/api/events/ingest", """{"events":[{"name":"a","external_customer_id":"c"}]}""");

        var reading = await collector.WhenAsync(read, spans => spans.Any(span => span.Name == "GET api/events"));
        var request = Assert.Single(reading, span => span.Name == "GET api/events");
        Assert.DoesNotContain("secret", string.Concat(request.Attributes.Values));
        Assert.Contains(reading, span => span.ParentId == request.Id && span.Attributes.GetValueOrDefault("db.query.text", "").Contains("from events"));

        // What waits for a lock is committed in a second try.
        var writing = await collector.WhenAsync(
            written, spans => ((string[])["POST api/events/ingest", "commit"]).All(name => spans.Any(span => span.Name == name)));
        Assert.Contains(writing, span => span.Attributes.ContainsKey("db.query.text")
            && writing.Any(commit => commit.Name == "commit" && commit.Id == span.ParentId));
    }

    [Fact]
    public async Task Streams_health_checks_and_what_the_service_does_by_itself_are_in_no_trace()
    {
        await using var collector = await OtlpCollector.StartAsync();
        await using var node = await TracedNodeAsync(collector);
        var made = await api.NewWorkspaceAsync();
        var workspace = node.Of(made);

        var health = await TracedAsync(workspace, HttpMethod.Get, "/health/ready");
        await using (var stream = await OpenStream.OpenAsync(workspace, $"/api/stream/workspaces/{made.Id}"))
        {
            await made.IngestAsync(Some.Event("a"));
            await stream.NextAsync();
        }
        var last = await TracedAsync(workspace, HttpMethod.Get, "/api/customers");
        await collector.WhenAsync(last, spans => spans.Any(span => span.Name == "GET api/customers"));

        Assert.Empty(collector.SpansOf(health));
        Assert.DoesNotContain(collector.Spans, span => span.Name.StartsWith("GET api/stream"));
        // Other tests have pools of their own in this process: only the service's are looked at.
        Assert.DoesNotContain(collector.Spans, span => span.ParentId.Length == 0
            && span.Attributes.GetValueOrDefault("db.npgsql.data_source") is "analytics-reader" or "analytics-writer" or "analytics-feed");
    }

    [Fact]
    public async Task A_key_in_a_path_is_in_no_trace()
    {
        await using var collector = await OtlpCollector.StartAsync();
        await using var node = await TracedNodeAsync(collector);
        var made = await api.NewWorkspaceAsync();
        var workspace = node.Of(made);

        var found = await TracedAsync(workspace, HttpMethod.Get, $"/api/workspaces/{made.Id}/keys?access_token={made.Key}");
        var lost = await TracedAsync(workspace, HttpMethod.Get, $"/api/nothing/{made.Key}?access_token={made.Key}", isGood: false);

        foreach (var trace in (string[])[found, lost])
            await collector.WhenAsync(trace, spans => spans.Any(span => span.Attributes.ContainsKey("url.path")));
        Assert.Contains(collector.SpansOf(lost), span => span.Attributes.GetValueOrDefault("url.path") == $"/api/nothing/ak_{made.KeyId}_***");
        Assert.All(collector.Spans, span => Assert.DoesNotContain(made.Key![12..], string.Concat(span.Attributes.Values), StringComparison.Ordinal));
    }

    Task<Node> TracedNodeAsync(OtlpCollector collector) => Node.StartAsync(
        api, ("OTEL_EXPORTER_OTLP_ENDPOINT", $"{collector.Address}"), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
        ("OTEL_BSP_SCHEDULE_DELAY", "50"));

    static async Task<string> TracedAsync(ApiClient client, HttpMethod method, string path, string? body = null, bool isGood = true)
    {
        var trace = ActivityTraceId.CreateRandom().ToHexString();
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new StringContent(body, null, "application/json") };
        request.Headers.Add("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom().ToHexString()}-01");
        using var answer = await client.Http.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode == isGood, $"{path} answered {answer.StatusCode}.");
        return trace;
    }
}
