using Analytics.Tenancy;

namespace Analytics.Tests.Features.Requests;

/// <summary>What the routes of API usage refuse, and what they answer about what is not there.</summary>
public sealed class RequestRefusalsTests(AnalyticsApi api)
{
    const string Report = "customers/acme/report";

    [Theory]
    [InlineData("dashboard?date=yesterday", "date")]
    [InlineData("dashboard?date=2026-02-30", "date")]
    [InlineData("dashboard?date=2026-03-01T00:00:00Z", "date")]
    [InlineData("dashboard?timezone=Mars/Olympus", "timezone")]
    [InlineData("dashboard?timezone=Mars/Olympus&date=never", "date timezone")]
    [InlineData("timeseries?interval=week", "interval")]
    [InlineData("timeseries?interval=month", "interval")]
    [InlineData("timeseries?interval=second&timezone=nowhere", "interval timezone")]
    [InlineData("timeseries?interval=day&from=2026-03-02&to=2026-03-01", "to")]
    [InlineData("timeseries?interval=day&from=2026-03-01T00:00:00", "from")]
    [InlineData("timeseries?interval=day&from=then&to=now", "from to")]
    [InlineData("endpoints?limit=0", "limit")]
    [InlineData("endpoints?limit=1001", "limit")]
    [InlineData("endpoints?limit=many", "limit")]
    [InlineData("endpoints?sort=-loudness", "sort")]
    [InlineData("endpoints?cursor=garbage", "cursor")]
    [InlineData("endpoints?from=2026-03-01&to=2026-03-01T12:00", "to")]
    [InlineData("latency?date=2026-3-1", "date")]
    [InlineData("latency?from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z", "to")]
    [InlineData("recent?limit=1001", "limit")]
    [InlineData("recent?cursor=garbage", "cursor")]
    [InlineData("recent?status=teapot", "status")]
    [InlineData("slow?limit=0", "limit")]
    [InlineData("slow?limit=101", "limit")]
    [InlineData("slow?date=03/01/2026", "date")]
    [InlineData("slow/patterns?timezone=GMT%2B25", "timezone")]
    [InlineData("heatmap?measure=median", "measure")]
    [InlineData("heatmap?by=hour", "by")]
    [InlineData("heatmap?by=hour&measure=p42", "by measure")]
    [InlineData("customers?limit=-1", "limit")]
    [InlineData("customers?cursor=garbage", "cursor")]
    [InlineData(Report + "?days=0", "days")]
    [InlineData(Report + "?days=366", "days")]
    [InlineData(Report + "?days=all", "days")]
    [InlineData(Report + "?timezone=here", "timezone")]
    [InlineData("degradations?from=never", "from")]
    [InlineData("degradations?timezone=here", "timezone")]
    public async Task A_question_that_makes_no_sense_is_refused_with_all_that_is_wrong(string question, string pointers)
    {
        var workspace = await api.NewWorkspaceAsync();

        var refusal = await workspace.GetAsync($"/api/requests/{question}", 400);

        var told = refusal.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("pointer").GetString());
        Assert.Equal(pointers, string.Join(' ', told.Distinct().Order()));
    }

    [Theory]
    [InlineData("timeseries?interval=minute", 48 * 60)]
    [InlineData("timeseries?interval=hour", 31 * 24 * 60)]
    [InlineData("timeseries?interval=day", 1_100 * 24 * 60)]
    [InlineData("heatmap?by=endpoint", 31 * 24 * 60)]
    [InlineData("heatmap?by=weekday", 1_100 * 24 * 60)]
    [InlineData("endpoints?limit=1", 1_100 * 24 * 60)]
    [InlineData("latency?endpoint=x", 1_100 * 24 * 60)]
    [InlineData("customers?limit=1", 1_100 * 24 * 60)]
    [InlineData("slow/patterns?timezone=UTC", 31 * 24 * 60)]
    public async Task A_range_may_be_so_long_and_no_longer(string question, int minutes)
    {
        var workspace = await api.NewWorkspaceAsync();
        var from = new DateTimeOffset(2023, 11, 1, 0, 0, 0, TimeSpan.Zero);
        string Asked(int more) => $"/api/requests/{question}&from={Text(from)}&to={Text(from.AddMinutes(minutes + more))}";
        static string Text(DateTimeOffset at) => at.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");

        await workspace.GetAsync(Asked(0));
        await workspace.GetAsync(Asked(1), 400);
    }

    [Theory]
    [InlineData("dashboard")]
    [InlineData("timeseries?interval=hour")]
    [InlineData("endpoints")]
    [InlineData("latency")]
    [InlineData("recent")]
    [InlineData("slow")]
    [InlineData("slow/patterns")]
    [InlineData("heatmap")]
    [InlineData("customers")]
    [InlineData(Report)]
    [InlineData("degradations")]
    public async Task Only_who_may_read_statistics_of_the_workspace_is_answered(string route)
    {
        var workspace = await api.NewWorkspaceAsync();
        var path = $"/api/requests/{route}";
        string Elsewhere(string id) => path + (path.Contains('?', StringComparison.Ordinal) ? "&" : "?") + id;

        await workspace.GetAsync(path);
        await workspace.GetAsync(Elsewhere($"tenantId={workspace.Id}"));
        await workspace.GetAsync(Elsewhere($"tenantId={Guid.NewGuid()}"), 404);
        await workspace.GetAsync(Elsewhere($"workspace_id={(await api.NewWorkspaceAsync()).Id}"), 404);
        await (await workspace.WithScopesAsync(Scopes.StatsRead)).GetAsync(path);
        await (await workspace.WithScopesAsync([.. Scopes.All.Except([Scopes.StatsRead])])).GetAsync(path, 403);
        await api.Anonymous.GetAsync(path, 401);
        await api.Root.GetAsync(path, 403);
    }

    [Theory]
    [InlineData("latency?endpoint=GET:/never", """{"p50":0,"p90":0,"p95":0,"p99":0,"count":0,"min":0,"max":0,"avg":0,"statusCodes":{}}""")]
    [InlineData("endpoints", """{"data":[],"meta":{"nextCursor":null}}""")]
    [InlineData("customers", """{"data":[],"meta":{"nextCursor":null}}""")]
    [InlineData("slow", """{"data":[]}""")]
    [InlineData("slow/patterns", """{"data":[]}""")]
    [InlineData("degradations", """{"data":[]}""")]
    [InlineData("heatmap?by=endpoint", """{"cells":[]}""")]
    [InlineData("dashboard?date=2026-03-11", """
        {"totalRequests":0,"errorRate":0,"clientErrorRate":0,"serverErrorRate":0,"avgLatency":0,"latency":{"p50":0,"p90":0,"p95":0,"p99":0},
        "statusBreakdown":{"2xx":0,"3xx":0,"4xx":0,"5xx":0},"topEndpoints":[],"topCustomers":[],"realtimeRPS":0}
        """)]
    public async Task Of_what_never_happened_everything_is_zero(string question, string answer)
    {
        var workspace = await api.NewWorkspaceAsync();

        var told = await workspace.GetAsync($"/api/requests/{question}");

        Assert.True(System.Text.Json.JsonElement.DeepEquals(System.Text.Json.JsonElement.Parse(answer), told), told.GetRawText());
    }

    [Theory]
    [InlineData("who%20is%20that")]
    [InlineData("3f0e1d2c-4b5a-6978-8796-a5b4c3d2e1f0")]
    [InlineData("anonymous")]
    [InlineData("a%2Fb%3A%3F")]
    public async Task The_report_of_somebody_nobody_knows_has_its_days_and_zeros(string customer)
    {
        var workspace = await api.NewWorkspaceAsync();

        var report = await workspace.GetAsync($"/api/requests/customers/{customer}/report?days=3");

        Assert.Equal(Uri.UnescapeDataString(customer), report.GetProperty("customerId").GetString());
        Assert.Equal([0, 0, 0], report.GetProperty("dailyRequests").EnumerateObject().Select(day => day.Value.GetInt32()));
        foreach (var zero in (string[])["totalRequests", "avgLatency", "totalDataTransfer", "errorRate"])
            Assert.Equal(0, report.GetProperty(zero).GetDecimal());
        Assert.Equal(0, report.GetProperty("topEndpoints").GetArrayLength());
    }
}
