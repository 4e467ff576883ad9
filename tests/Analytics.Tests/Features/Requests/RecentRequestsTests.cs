namespace Analytics.Tests.Features.Requests;

public sealed class RecentRequestsTests(AnalyticsApi api)
{
    const string Day = "from=2026-03-11&to=2026-03-12";

    [Fact]
    public async Task A_request_reads_as_it_was_told()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.TellAsync(
            Told.Request(
                Some.Day.AddMicroseconds(1_000_001), "/orders/17?x=1", 12.345, 404, "acme", "/orders/{id}", "r-1", "key-1", "shop", "curl/8", "203.0.113.77", 5_000),
            Told.Request(Some.Day, "/2fa/verify", 0, 101, customer: null, ip: "2001:db8:1:2::3", id: "0b7f7e4e-6d4e-4a52-9d3c-3d6f8a5b7c11", size: 0));

        var rows = (await workspace.GetAsync($"/api/requests/recent?{Day}")).GetProperty("data");

        Assert.Equal(
            """
            {"timestamp":"2026-03-11T00:00:01.000001Z","method":"GET","path":"/orders/17","route":"/orders/{id}","endpoint":"GET:/orders/{id}","statusCode":404,"latencyMs":12.345,"customerId":"acme","productId":"shop","apiKeyId":"key-1","requestSize":500,"responseSize":5000,"userAgent":"curl/8","ip":"203.0.113.0","requestId":"r-1"}
            {"timestamp":"2026-03-11T00:00:00Z","method":"GET","path":"/2fa/verify","route":null,"endpoint":"GET:/2fa/verify","statusCode":101,"latencyMs":0,"customerId":"anonymous","productId":null,"apiKeyId":null,"requestSize":0,"responseSize":0,"userAgent":null,"ip":"2001:db8:1::","requestId":"0b7f7e4e-6d4e-4a52-9d3c-3d6f8a5b7c11"}
            """,
            string.Join('\n', rows.EnumerateArray().Select(row => "{" + row.GetRawText()[(row.GetRawText().IndexOf(',', StringComparison.Ordinal) + 1)..])));
        Assert.Equal(2, rows.EnumerateArray().Select(row => row.GetProperty("id").GetGuid()).Distinct().Count());
    }

    [Fact]
    public async Task A_repeated_filter_means_any_and_different_ones_all()
    {
        var workspace = await api.NewWorkspaceAsync();
        var ann = await workspace.NewCustomerAsync("ann");
        await workspace.TellAsync(
            Told.Request(Some.Day.AddMinutes(1), "/a", status: 200, customer: "ann", apiKey: "k1"),
            Told.Request(Some.Day.AddMinutes(2), "/b", status: 500, customer: "bob", apiKey: "k2"),
            Told.Request(Some.Day.AddMinutes(3), "/a", status: 503, customer: null, apiKey: "k1"),
            Told.Request(Some.Day.AddMinutes(4), "/c", status: 200, customer: "ann"));

        async Task<string> AskAsync(string filter) => string.Join(' ', await workspace.RowsAsync($"/api/requests/recent?{Day}&{filter}", "path"));

        Assert.Equal("/c /a /b /a", await AskAsync(""));
        Assert.Equal("/a /b", await AskAsync("status=500&status=503"));
        Assert.Equal("/a /a", await AskAsync("endpoint=GET:/a"));
        Assert.Equal("/a", await AskAsync("endpoint=GET:/a&endpoint=GET:/b&customerId=ann"));
        Assert.Equal("/c /a", await AskAsync($"customerId={ann}"));
        Assert.Equal("/c /a /a", await AskAsync("customerId=anonymous&customerId=ann"));
        Assert.Equal("/b", await AskAsync("apiKeyId=k2&apiKeyId=nobody"));
        foreach (var none in (string[])["endpoint=GET:/never", "customerId=never", "apiKeyId=never", "status=204", "endpoint=GET:/b&status=200"])
            Assert.Equal("", await AskAsync(none));
    }

    [Fact]
    public async Task Pages_go_on_by_time_and_the_last_has_no_cursor()
    {
        var workspace = await api.NewWorkspaceAsync();
        // Several of the same microsecond: their ids decide.
        await workspace.TellAsync(Enumerable.Range(0, 250).Select(number => Told.Request(Some.Day.AddMicroseconds(number / 7), $"/{"abc"[number % 3]}")));

        foreach (var (filter, expected) in ((string, int)[])[("limit=25", 250), ("limit=25&endpoint=GET:/a", 84), ("limit=50&status=200", 250)])
        {
            var seen = new List<Guid>();
            string? cursor = null;
            do
            {
                var page = await workspace.GetAsync($"/api/requests/recent?{Day}&{filter}{(cursor is null ? "" : $"&cursor={cursor}")}");
                var (rows, meta) = (page.GetProperty("data").EnumerateArray().ToList(), page.GetProperty("meta"));
                seen.AddRange(rows.Select(row => row.GetProperty("id").GetGuid()));
                cursor = meta.GetProperty("nextCursor").GetString();
                Assert.Equal(cursor is null ? null : rows[^1].GetProperty("timestamp").GetString(), meta.GetProperty("scannedTo").GetString());
            }
            while (cursor is not null);

            Assert.Equal((expected, expected), (seen.Count, seen.Distinct().Count()));
        }
    }

    [Fact]
    public async Task A_range_counts_to_the_microsecond()
    {
        var workspace = await api.NewWorkspaceAsync("Europe/Paris");
        await workspace.TellAsync(Enumerable.Range(0, 5).Select(number => Told.Request(Some.Day.AddMicroseconds(number), $"/{number}")));

        Assert.Equal(["/3", "/2", "/1"], await workspace.RowsAsync(
            "/api/requests/recent?from=2026-03-11T00:00:00.0000019Z&to=2026-03-11T00:00:00.000004Z", "path"));
        Assert.Equal(5, (await workspace.RowsAsync("/api/requests/recent?from=2026-03-11&to=2026-03-12", "path")).Length);
        Assert.Empty(await workspace.RowsAsync("/api/requests/recent?from=2026-03-11T00:00:01Z&to=2026-03-11T00:00:01Z", "path"));
        Assert.Empty(await workspace.RowsAsync("/api/requests/recent", "path"));
    }

    [Theory]
    [InlineData("status=99", "status")]
    [InlineData("status=5xx", "status")]
    [InlineData("sort=timestamp", "sort")]
    [InlineData("sort=-latencyMs", "sort")]
    [InlineData("limit=0", "limit")]
    [InlineData("from=yesterday", "from")]
    [InlineData("from=2026-03-12&to=2026-03-11", "to")]
    [InlineData("timezone=Mars/North", "timezone")]
    [InlineData("cursor=abc", "cursor")]
    public async Task What_makes_no_sense_is_400(string query, string parameter)
    {
        var workspace = await api.NewWorkspaceAsync();

        var problem = await workspace.GetAsync($"/api/requests/recent?{query}", 400);

        Assert.StartsWith(parameter, problem.GetProperty("errors")[0].GetProperty("pointer").GetString());
    }

    [Fact]
    public async Task A_portal_key_sees_its_customers_requests()
    {
        var workspace = await api.NewWorkspaceAsync();
        var portal = await workspace.BoundToAsync(await workspace.NewCustomerAsync("ann"));
        await workspace.TellAsync(Told.Request(Some.Day, "/a", customer: "ann"), Told.Request(Some.Day, "/b", customer: "bob"), Told.Request(Some.Day, "/c", customer: null));
        await portal.TellAsync(Told.Request(Some.Day.AddSeconds(1), "/d", customer: null));

        Assert.Equal(["/d ann", "/a ann"], await portal.RowsAsync($"/api/requests/recent?{Day}", "path", "customerId"));
        Assert.Empty(await portal.RowsAsync($"/api/requests/recent?{Day}&customerId=bob&customerId=anonymous", "path"));
        Assert.Equal(["/a"], await portal.RowsAsync($"/api/requests/recent?{Day}&customerId=ann&endpoint=GET:/a&endpoint=GET:/b", "path"));
    }

    [Fact]
    public async Task Requests_come_as_csv_too()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.TellAsync(Told.Request(Some.Day, "/a"));

        using var answer = await workspace.AskAsync(HttpMethod.Get, $"/api/requests/recent?{Day}&format=csv");
        var lines = (await answer.Content.ReadAsStringAsync()).Trim().Split("\r\n");

        Assert.Equal(
            "id,timestamp,method,path,route,endpoint,statusCode,latencyMs,customerId,productId,apiKeyId,requestSize,responseSize,userAgent,ip,requestId", lines[0]);
        Assert.EndsWith(",2026-03-11T00:00:00Z,GET,/a,,GET:/a,200,10,acme,,,10,100,,,", Assert.Single(lines[1..]));
    }
}
