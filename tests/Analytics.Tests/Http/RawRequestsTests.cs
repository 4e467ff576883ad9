using System.Text;

namespace Analytics.Tests.Http;

/// <summary>
/// Requests as no client makes them. What is none is refused before routing, without more words; whatever got further is answered like any
/// other request, with a problem where something is wrong. Nothing of it is an error of ours.
/// </summary>
public sealed class RawRequestsTests(AnalyticsApi api)
{
    [Theory]
    [InlineData("GET /api/customers/%00 HTTP/1.1", 400)]
    [InlineData("GET /api/customers/a%00b HTTP/1.1", 400)]
    [InlineData("GET /\0 HTTP/1.1", 400)]
    [InlineData("GET /api/customers/\u00e9 HTTP/1.1", 400)]
    [InlineData("GET /api/customers?q=\u00e9 HTTP/1.1", 400)]
    [InlineData("GET http://elsewhere.example/api/customers HTTP/1.1", 400)]
    [InlineData("GET api/customers HTTP/1.1", 400)]
    [InlineData("GET  /api/customers HTTP/1.1", 400)]
    [InlineData("GET /api/customers", 400)]
    [InlineData("GET /api/customers HTTP/9.9", 505)]
    [InlineData("GET /api/customers HTTP/1.1x", 400)]
    [InlineData("G=T /api/customers HTTP/1.1", 400)]
    [InlineData("\0", 400)]
    public async Task What_is_no_request_is_refused(string line, int status)
    {
        var answer = await AskAsync(line, "");

        Assert.Equal(status, RawConnection.StatusOf(answer));
        Assert.EndsWith("\r\n\r\n", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host: a\r\nHost: b", 400)]
    [InlineData("X\0Y: a", 400)]
    [InlineData("X: a\0b", 400)]
    [InlineData("X Y: a", 400)]
    [InlineData(": a", 400)]
    [InlineData("X: a\r\n b", 400)]
    [InlineData("no colon", 400)]
    [InlineData("Content-Length: x", 400)]
    [InlineData("Content-Length: 1\r\nContent-Length: 2", 400)]
    public async Task Headers_that_are_none_are_refused(string header, int status) =>
        Assert.Equal(status, RawConnection.StatusOf(await AskAsync("GET /api/customers HTTP/1.1", header)));

    [Fact]
    public async Task Floods_are_refused()
    {
        var address = "/api/customers?external_id=" + string.Join("&external_id=", Enumerable.Range(0, 2_000));

        Assert.Equal(414, RawConnection.StatusOf(await AskAsync($"GET {address} HTTP/1.1", "")));
        Assert.Equal(414, RawConnection.StatusOf(await AskAsync($"GET /{new string('a', 10_000)} HTTP/1.1", "")));
        Assert.Equal(431, RawConnection.StatusOf(await AskAsync("GET / HTTP/1.1", string.Join("\r\n", Enumerable.Range(0, 150).Select(at => $"X-{at}: a")))));
        Assert.Equal(431, RawConnection.StatusOf(await AskAsync("GET / HTTP/1.1", "X: " + new string('a', 40_000))));
    }

    [Theory]
    [InlineData("/api/customers/%", 400)]
    [InlineData("/api/customers/%zz", 400)]
    [InlineData("/api/customers/%ff", 400)]
    [InlineData("/api/customers/%c3%28", 400)]
    [InlineData("/api/customers/%ed%a0%80", 400)]
    [InlineData("/api/event-types/%ff", 404)]
    [InlineData("/api/events/%2500", 404)]
    [InlineData("/api/workspaces/%2500", 404)]
    [InlineData("/api/workspaces/a%2500b/keys", 404)]
    [InlineData("/api/workspaces/%ff/members", 404)]
    [InlineData("/api/%2e%2e/%2e%2e/etc/passwd", 404)]
    [InlineData("/api/customers?q=%00", 400)]
    [InlineData("/api/customers?q=a%00b&external_id=%00", 400)]
    [InlineData("/api/customers?email=%00", 400)]
    [InlineData("/api/customers?sort=%00", 400)]
    [InlineData("/api/customers?cursor=%00", 400)]
    [InlineData("/api/customers?limit=%00", 400)]
    [InlineData("/api/events?name=%00", 400)]
    [InlineData("/api/events?q=%00", 400)]
    [InlineData("/api/events?metadata[a]=%00", 400)]
    [InlineData("/api/events?metadata[%00]=a", 400)]
    [InlineData("/api/events?external_customer_id=%00", 400)]
    [InlineData("/api/event-types?q=%00", 400)]
    [InlineData("/api/metrics?start_date=2026-01-01&end_date=2026-01-02&interval=day&share_id=%00", 400)]
    [InlineData("/api/metrics?start_date=2026-01-01&end_date=2026-01-02&interval=day&external_customer_id=%00", 400)]
    [InlineData("/api/metrics?start_date=2026-01-01&end_date=2026-01-02&interval=day&timezone=%00", 400)]
    [InlineData("/api/events/statistics/timeseries?start_date=2026-01-01&end_date=2026-01-02&interval=day&name=%00", 400)]
    [InlineData("/api/events/statistics/timeseries?start_date=2026-01-01&end_date=2026-01-02&interval=day&metadata[a]=%00", 400)]
    [InlineData("/api/events/statistics/timeseries?start_date=2026-01-01&end_date=2026-01-02&interval=day&metadata[%00]=a", 400)]
    [InlineData("/api/customers?workspace_id=%00", 400)]
    [InlineData("/api/customers?q=%ff%fe", 200)]
    [InlineData("/api/customers?q=%ed%a0%80", 200)]
    [InlineData("/api/customers?q=%", 200)]
    [InlineData("/api/customers?%", 200)]
    [InlineData("/api/customers?&&=&=a&a", 200)]
    [InlineData("/api/events?metadata[%ff]=%ff", 200)]
    [InlineData("/api/customers/?q=a", 200)]
    [InlineData("/api/customers//", 404)]
    [InlineData("//api/customers", 404)]
    [InlineData("/api/./customers", 200)]
    [InlineData("http://localhost/api/customers", 200)]
    public async Task A_target_however_odd_is_answered(string target, int status) =>
        AssertAnswered(await AskAsync($"GET {target} HTTP/1.1", ""), target, status);

    [Theory]
    [InlineData("OPTIONS * HTTP/1.1", 405)]
    [InlineData("OPTIONS /api/customers HTTP/1.1", 405)]
    [InlineData("TRACE /api/customers HTTP/1.1", 405)]
    [InlineData("BREW /api/customers HTTP/1.1", 405)]
    [InlineData("get /api/customers HTTP/1.1", 200)]
    [InlineData("GET /api/customers HTTP/1.0", 200)]
    public async Task A_method_however_odd_is_answered(string line, int status) => AssertAnswered(await AskAsync(line, ""), line, status);

    [Theory]
    [InlineData("Accept: ,;q=,text/csv;q=z"), InlineData("If-None-Match: \""), InlineData("Cookie: =;=;"), InlineData("Range: bytes=9-1"), InlineData("Expect: nothing")]
    [InlineData("X-Request-Id: \u00e9"), InlineData("traceparent: 00-x"), InlineData("Last-Event-ID: \u00ff"), InlineData("Content-Type: ;"), InlineData("Accept-Encoding: ;q")]
    [InlineData("Connection: close, x"), InlineData("Upgrade: websocket"), InlineData("Transfer-Encoding: identity, chunked"), InlineData("X-Forwarded-For: \u00e9")]
    public async Task A_header_however_odd_is_no_error_of_ours(string header)
    {
        var answer = await AskAsync("GET /api/metrics/limits HTTP/1.1", header);

        Assert.True(RawConnection.StatusOf(answer) is 200 or 400 or 417, $"{header}: {answer}");
    }

    [Theory]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Length: 2", "2\r\n{}\r\n0\r\n\r\n")]
    [InlineData("Content-Length: 2\r\nTransfer-Encoding: chunked", "2\r\n{}\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked, chunked", "2\r\n{}\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked", "+2\r\n{}\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked", "0x2\r\n{}\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked", "80000001\r\n{}\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked", "7fffffffffffffff\r\n{}\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked", "2\r\n{}\r\n-1\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked", "2\r\n{}\r\n0\r\nX\0: a\r\n\r\n")]
    public async Task A_body_that_two_servers_might_read_differently_is_never_an_error_of_ours(string headers, string body)
    {
        foreach (var path in (string[])["/api/customers", "/api/events/ingest"])
        {
            var status = RawConnection.StatusOf(await AskAsync($"POST {path} HTTP/1.1", $"Content-Type: application/json\r\n{headers}", body));
            Assert.True(status is 0 or (>= 200 and < 500), $"{path} answered {status}.");
        }
    }

    [Fact]
    public async Task A_flood_of_chunk_extensions_or_trailers_ends()
    {
        const string chunked = "Content-Type: application/json\r\nTransfer-Encoding: chunked";
        var extension = "2;" + string.Join(';', Enumerable.Repeat("a=b", 50_000)) + "\r\n{}\r\n0\r\n\r\n";
        var trailers = "2\r\n{}\r\n0\r\n" + string.Concat(Enumerable.Repeat("X: y\r\n", 20_000)) + "\r\n";
        var crumbs = string.Concat(Enumerable.Repeat("1\r\n \r\n", 100_000)) + "0\r\n\r\n";
        foreach (var body in new[] { extension, trailers, crumbs })
            foreach (var path in (string[])["/api/customers", "/api/events/ingest"])
            {
                var status = RawConnection.StatusOf(await AskAsync($"POST {path} HTTP/1.1", chunked, body));
                Assert.True(status is 0 or (>= 200 and < 500), $"{path} answered {status}.");
            }
    }

    [Fact]
    public async Task What_follows_a_body_is_a_request_of_its_own()
    {
        var answer = await AskAsync(
            "POST /api/events/ingest HTTP/1.1", "Content-Type: application/json\r\nContent-Length: 13", "{\"events\":[]}GARBAGE\r\n\r\n", close: false);

        Assert.Equal(200, RawConnection.StatusOf(answer));
        Assert.Contains("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
    }

    async Task<string> AskAsync(string line, string header, string body = "", bool close = true)
    {
        var workspace = await api.NewWorkspaceAsync();
        var head = new StringBuilder($"{line}\r\n");
        if (!header.StartsWith("Host:", StringComparison.Ordinal))
            head.Append("Host: localhost\r\n");
        head.Append($"X-API-Key: {workspace.Key}\r\n");
        if (close)
            head.Append("Connection: close\r\n");
        if (header.Length > 0)
            head.Append(header).Append("\r\n");
        return await RawConnection.AskAsync(api.Address, head + "\r\n" + body);
    }

    static void AssertAnswered(string answer, string what, int status)
    {
        Assert.True(RawConnection.StatusOf(answer) == status, $"{what}: {answer}");
        Assert.Contains("\r\nX-Request-Id: ", answer, StringComparison.Ordinal);
        if (status >= 400)
            Assert.Contains("\r\nContent-Type: application/problem+json\r\n", answer, StringComparison.Ordinal);
    }
}
