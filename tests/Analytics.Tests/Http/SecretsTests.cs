using System.Runtime.Versioning;
using Analytics.Http;
using Analytics.Tenancy;
using Analytics.Tests.Faults;
using Analytics.Tests.Features.Sessions;
using Serilog.Events;
using Serilog.Formatting.Json;
using Serilog.Parsing;

namespace Analytics.Tests.Http;

/// <summary>Whatever leaves by a log, a trace or an error holds no key and no token, wherever they were put by mistake.</summary>
public sealed class SecretsTests(AnalyticsApi api)
{
    const string Token = "Zm9yIHRlc3RzIG9ubHksIGZvcnR5LWVpZ2h0IGJ5dGVzIGluIGFsbCwgbm8gbW9y";
    readonly Secrets secrets = new("hunter22-the-root");

    [Theory]
    [InlineData("/api/workspaces/x/keys/ak_abcd1234_S3cretS3cret", "/api/workspaces/x/keys/ak_abcd1234_***")]
    [InlineData("a ak_abcd1234_x\"b, ak_12345678_yz?c", "a ak_abcd1234_***\"b, ak_12345678_***?c")]
    [InlineData("root_0123456789abcdef0123456789abcdef0123456789abcdef", "root_***")]
    [InlineData("the hunter22-the-root key", "the *** key")]
    [InlineData($"/api/stream/{Token}/x", "/api/stream/***/x")]
    [InlineData($"access_token={Token}&a=b", "access_token=***&a=b")]
    [InlineData($"analytics_session={Token}; a=b", "analytics_session=***; a=b")]
    [InlineData("/ui/open/code_0123456789abcdefABCDEF0123456789?a", "/ui/open/code_***?a")]
    public void They_are_taken_out(string text, string without)
    {
        Assert.Equal(without, secrets.Without(text));
        Assert.True(secrets.IsIn(text));
    }

    [Theory]
    [InlineData(""), InlineData("ak_abcd1234"), InlineData("/api/events/0198f3c2-7a41-7000-8000-000000000000")]
    [InlineData("ask_abcd1234 root_cause"), InlineData("0af7651916cd43dd8448eb211c80319c")]
    [InlineData("At.Analytics.Features.Statistics.TimeseriesQuery.AnswerAsync_and_so_on_for_more_than_64_characters_in_one_long_word")]
    public void Everything_else_stays(string text) => Assert.Same(text, secrets.Without(text));

    [Fact]
    public void A_made_key_and_a_made_token_look_like_that()
    {
        var key = ApiKeyText.New();

        Assert.Equal($"ak_{key.Id}_***", secrets.Without($"{key}"));
        Assert.Equal(64, Token.Length);
    }

    [Fact]
    public async Task A_stream_token_is_one()
    {
        var token = (await (await api.NewWorkspaceAsync()).PostAsync("/api/stream/tokens", null, 201)).GetProperty("token").GetString()!;

        Assert.Equal("***", secrets.Without(token));
    }

    [Fact]
    public async Task A_session_and_a_code_are_two()
    {
        var workspace = await api.NewWorkspaceAsync();
        var browser = await Browser.SignedInAsync(api.Address, workspace.Key);
        var url = (await browser.PostAsync("/api/session/codes", null, 201)).GetProperty("url").GetString()!;

        Assert.Equal("***", secrets.Without(browser.Session));
        Assert.Equal($"{api.Address}ui/open#code_***", secrets.Without(url));
    }

    [Fact]
    public async Task A_link_to_a_report_is_one()
    {
        var link = await (await api.NewWorkspaceAsync()).PostAsync("/api/requests/customers/acme/report/links", null, 201);

        Assert.Equal($"{api.Address}api/requests/reports/link_***", secrets.Without(link.GetProperty("url").GetString()!));
    }

    [Fact]
    public void Log_lines_hold_none_not_even_in_exceptions()
    {
        var line = new StringWriter();
        new SecretiveText(new JsonFormatter(renderMessage: true), secrets).Format(
            new LogEvent(
                DateTimeOffset.UnixEpoch, LogEventLevel.Error, new InvalidOperationException("No ak_abcd1234_FromException."),
                new MessageTemplateParser().Parse("{Path} failed"), [new("Path", new ScalarValue("/keys/ak_abcd1234_FromPath"))]),
            line);

        Assert.Contains("ak_abcd1234_***", line.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("FromException", line.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("FromPath", line.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answers_do_not_repeat_them()
    {
        var workspace = await api.NewWorkspaceAsync();
        var key = Uri.EscapeDataString($"{workspace.Key} ");
        string[] paths =
        [
            $"/api/events?start_timestamp={key}", $"/api/events?customer_id={key}", $"/api/events?source={key}", $"/api/customers?sort={key}",
            $"/api/customers?cursor={key}", $"/api/metrics?metrics={key}", $"/api/customers?workspace_id={key}",
            $"/api/events/statistics/timeseries?aggregate_fields={key}&timezone={key}&interval={key}&source={key}",
            $"/api/workspaces/{key}", $"/api/event-types/{key}", $"/api/customers/{key}", $"/api/nothing/{key}",
        ];
        foreach (var path in paths)
        {
            using var answer = await workspace.AskAsync(HttpMethod.Get, path);
            Assert.InRange((int)answer.StatusCode, 400, 404);
            Assert.DoesNotContain(workspace.Key!, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_key_is_no_request_id()
    {
        var workspace = await api.NewWorkspaceAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/health/live");
        request.Headers.Add("X-Request-Id", workspace.Key);

        using var answer = await workspace.Http.SendAsync(request);

        Assert.NotEqual(workspace.Key, Assert.Single(answer.Headers.GetValues("X-Request-Id")));
    }
}

/// <summary>The log of a process as it is deployed.</summary>
[Collection<Faults.Faults>, UnsupportedOSPlatform("windows")]
public sealed class SecretsInTheLogTests(ServiceProcess service)
{
    [Fact]
    public async Task A_key_in_a_path_is_not_logged()
    {
        await service.StartAsync();
        var key = $"{ApiKeyText.New()}";
        var id = $"request-{Guid.NewGuid():n}";
        foreach (var path in (string[])[$"/api/workspaces/x/keys/{key}", $"/api/{key}?access_token={key}", $"/api/events/ingest/{key}"])
            using (var request = new HttpRequestMessage(HttpMethod.Delete, path) { Headers = { { "X-Request-Id", id } } })
                (await service.Root.Http.SendAsync(request)).Dispose();

        await Until.HoldsAsync(() => service.LogLines().Count(line => line.Contains(id, StringComparison.Ordinal)) == 3, "Requests are not logged.");
        Assert.DoesNotContain(service.LogLines(), line => line.Contains(key[12..], StringComparison.Ordinal));
    }
}
