using System.Text.Json;

namespace Analytics.Tests.Features.Requests;

/// <summary>What the sketch that this grew from had wrong, and how it has to be.</summary>
public sealed class RequestGoldenTests(AnalyticsApi api)
{
    const string Day = "date=2026-03-11";
    const string Range = "from=2026-03-11&to=2026-03-12";

    [Fact]
    public async Task The_busiest_of_sixty_endpoints_is_first_though_it_came_last()
    {
        var workspace = await api.NewWorkspaceAsync();
        var quiet = Enumerable.Range(0, 59).SelectMany(number => Enumerable.Repeat($"/v{number}/quiet", 1 + (number % 2)));
        await workspace.TellAsync([.. quiet.Select(path => SomeRequests.Request(path))]);
        await workspace.TellAsync([.. Enumerable.Range(0, 3).Select(_ => SomeRequests.Request("/zzz/busiest"))]);

        var top = (await workspace.GetAsync($"/api/requests/dashboard?{Day}")).GetProperty("topEndpoints");
        var all = (await workspace.GetAsync($"/api/requests/endpoints?{Range}&limit=100")).GetProperty("data");

        Assert.Equal((10, 60), (top.GetArrayLength(), all.GetArrayLength()));
        foreach (var first in (JsonElement[])[top[0], all[0]])
            Assert.Equal(("GET:/zzz/busiest", 3), (first.GetProperty("endpoint").GetString(), first.GetProperty("count").GetInt32()));
    }

    [Fact]
    public async Task Percentiles_of_one_to_a_hundred_milliseconds_lie_between_ranks()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.TellAsync([.. Enumerable.Range(1, 100).Reverse().Select(latency => SomeRequests.Request("/steps", latency))]);

        foreach (var question in (string[])[$"latency?{Day}", $"latency?{Range}&endpoint=GET:/steps"])
        {
            var answer = await workspace.GetAsync($"/api/requests/{question}");
            Assert.Equal([50.5m, 90.1m, 95.05m, 99.01m], Numbers(answer, "p50", "p90", "p95", "p99"));
            Assert.Equal([100, 1, 100, 50.5m], Numbers(answer, "count", "min", "max", "avg"));
        }

        var dashboard = await workspace.GetAsync($"/api/requests/dashboard?{Day}");
        Assert.Equal([50.5m, 90.1m, 95.05m, 99.01m], Numbers(dashboard.GetProperty("latency"), "p50", "p90", "p95", "p99"));
        var row = (await workspace.GetAsync($"/api/requests/endpoints?{Range}")).GetProperty("data")[0];
        Assert.Equal([50.5m, 90.1m, 95.05m, 99.01m], Numbers(row, "p50", "p90", "p95", "p99"));
        var hour = (await workspace.GetAsync($"/api/requests/timeseries?{Range}&interval=hour")).GetProperty("data")[12];
        Assert.Equal([50.5m, 95.05m, 99.01m], Numbers(hour, "p50", "p95", "p99"));
    }

    [Fact]
    public async Task One_request_of_3200_milliseconds_reads_3200()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.TellAsync(SomeRequests.Request("/api/search", 3_200));

        var latency = await workspace.GetAsync($"/api/requests/latency?endpoint=GET:/api/search&{Day}");
        Assert.Equal([3_200m, 3_200, 3_200, 3_200], Numbers(latency, "p50", "p90", "p95", "p99"));
        Assert.Equal([1, 3_200, 3_200, 3_200], Numbers(latency, "count", "min", "max", "avg"));
        var dashboard = await workspace.GetAsync($"/api/requests/dashboard?{Day}");
        Assert.Equal([3_200m, 3_200], Numbers(dashboard.GetProperty("topEndpoints")[0], "avgLatency", "p99"));
        var slow = (await workspace.GetAsync($"/api/requests/slow?{Day}")).GetProperty("data")[0];
        Assert.Equal([3_200m, 200], Numbers(slow, "latencyMs", "statusCode"));
        foreach (var measure in (string[])["avgLatency", "p95", "p99"])
        {
            var cells = (await workspace.GetAsync($"/api/requests/heatmap?{Range}&measure={measure}")).GetProperty("cells");
            // The 11th of March is a Wednesday.
            var only = cells.EnumerateArray().Single(cell => cell.GetProperty("value").GetDecimal() != 0);
            Assert.Equal([3, 12, 3_200], Numbers(only, "weekday", "hour", "value"));
        }
    }

    [Fact]
    public async Task The_slowest_hundred_of_a_day_are_those_and_equal_ones_are_all_kept()
    {
        var workspace = await api.NewWorkspaceAsync();
        decimal[] latencies = [.. Enumerable.Range(1_001, 150), 9_999, 9_999, 9_999, 9_999, 9_999, 1_000];
        await workspace.TellAsync([.. latencies.Select(latency => SomeRequests.Request("/slow", latency, customer: "same"))]);

        var slow = (await workspace.GetAsync($"/api/requests/slow?{Day}")).GetProperty("data").EnumerateArray();

        Assert.Equal(
            [.. Enumerable.Repeat(9_999, 5), .. Enumerable.Range(1_056, 95).Reverse()],
            slow.Select(row => row.GetProperty("latencyMs").GetInt32()));
        Assert.Equal(3, (await workspace.GetAsync($"/api/requests/slow?{Day}&limit=3")).GetProperty("data").GetArrayLength());
    }

    [Fact]
    public async Task Any_instant_may_cut_a_range()
    {
        var workspace = await api.NewWorkspaceAsync();
        var at = new DateTimeOffset(2026, 3, 11, 12, 7, 33, 500, TimeSpan.Zero);
        var steps = Enumerable.Range(-2, 5).Select(step => SomeRequests.Request("/cut", 10 + step, at: at.AddMicroseconds(step)));
        await workspace.TellAsync([.. steps]);

        async Task<decimal[]> AskAsync(string range) =>
            Numbers(await workspace.GetAsync($"/api/requests/latency?{range}"), "count", "min", "max");

        Assert.Equal([3, 10, 12], await AskAsync("from=2026-03-11T12:07:33.5Z&to=2026-03-12"));
        Assert.Equal([2, 8, 9], await AskAsync("from=2026-03-11&to=2026-03-11T12:07:33.5Z"));
        Assert.Equal([2, 9, 10], await AskAsync("from=2026-03-11T12:07:33.4999999Z&to=2026-03-11T17:52:33.500001%2B05:45"));
    }

    [Fact]
    public async Task A_portal_key_is_answered_about_its_customer_only_and_not_about_what_others_wait_for()
    {
        var workspace = await api.NewWorkspaceAsync();
        var portal = await workspace.BoundToAsync(await workspace.NewCustomerAsync("mine"));
        await workspace.TellAsync(
            SomeRequests.Request(customer: "mine", id: "r"), SomeRequests.Request("/theirs", 4_000, 500, customer: "other"),
            SomeRequests.Request("/nobodys"));
        Assert.Equal(1, (await portal.TellAsync(SomeRequests.Request(id: "r"))).GetProperty("inserted").GetInt32());

        Assert.Equal(2, (await portal.GetAsync($"/api/requests/dashboard?{Day}")).GetProperty("totalRequests").GetInt32());
        foreach (var route in (string[])["endpoints", "customers", "recent", "timeseries", "heatmap", "latency"])
        {
            var answer = (await portal.GetAsync($"/api/requests/{route}?{Range}&interval=hour&by=endpoint")).GetRawText();
            foreach (var foreign in (string[])["theirs", "other", "nobodys", "anonymous"])
                Assert.DoesNotContain(foreign, answer, StringComparison.Ordinal);
        }

        Assert.Equal(0, (await portal.GetAsync($"/api/requests/slow?{Day}")).GetProperty("data").GetArrayLength());
        Assert.Equal(0, (await portal.GetAsync($"/api/requests/latency?{Range}&endpoint=GET:/theirs")).GetProperty("count").GetInt32());
        Assert.Equal(0, (await portal.GetAsync("/api/requests/customers/other/report?days=365")).GetProperty("totalRequests").GetInt32());
        await portal.GetAsync($"/api/requests/slow/patterns?{Range}", 403);
        await portal.GetAsync($"/api/requests/degradations?{Range}", 403);
    }

    static decimal[] Numbers(JsonElement row, params string[] members) =>
        [.. members.Select(member => row.GetProperty(member).GetDecimal())];
}
