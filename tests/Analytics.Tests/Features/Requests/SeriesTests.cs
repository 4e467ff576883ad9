using System.Text.Json;

namespace Analytics.Tests.Features.Requests;

/// <summary>Requests over time.</summary>
public sealed class SeriesTests(AnalyticsApi api)
{
    const string Route = "/api/requests/timeseries";
    static readonly DateTimeOffset Noon = Some.Day.AddHours(12);

    [Theory, InlineData(""), InlineData("&endpoint=GET:/a"), InlineData("&customerId=acme")]
    public async Task Minutes_hold_what_falls_into_them_empty_ones_nothing(string filter)
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.SendAsync(
            new Sent(Noon.AddSeconds(29), "GET:/a", 1_000), new Sent(Noon.AddSeconds(30), "GET:/a", 10, Bytes: 5), new Sent(Noon.AddSeconds(59.999999), "GET:/a", 20, 404, Bytes: 6),
            new Sent(Noon.AddSeconds(120), "GET:/a", 0.5m, 503, Bytes: 7), new Sent(Noon.AddSeconds(180), "GET:/a", 99));

        var answer = await workspace.GetAsync($"{Route}?interval=minute&from=2026-03-11T12:00:30Z&to=2026-03-11T12:03:00Z{filter}");

        Assert.Equal(
            """
            {"data":[{"timestamp":"2026-03-11T12:00:00Z","partial":true,"count":2,"errors":1,"avgLatency":15,"p50":15,"p95":19.5,"p99":19.9,"bytes":11},
            {"timestamp":"2026-03-11T12:01:00Z","count":0,"errors":0,"avgLatency":0,"p50":0,"p95":0,"p99":0,"bytes":0},
            {"timestamp":"2026-03-11T12:02:00Z","count":1,"errors":1,"avgLatency":0.5,"p50":0.5,"p95":0.5,"p99":0.5,"bytes":7}]}
            """.ReplaceLineEndings(""),
            answer.GetRawText());
    }

    [Theory, InlineData("minute"), InlineData("hour"), InlineData("day")]
    public async Task Filters_choose_any_of_the_endpoints_and_any_of_the_customers(string interval)
    {
        var workspace = await api.NewWorkspaceAsync();
        var acme = await workspace.NewCustomerAsync("acme");
        await workspace.SendAsync(
            from endpoint in (string[])["GET:/a", "GET:/b", "GET:/c"]
            from customer in (string?[])["acme", "globex", null]
            from time in Enumerable.Range(0, endpoint[^1] - 'a' + 1)
            select new Sent(Noon, endpoint, 1, 200, customer));
        await workspace.SendAsync(new Sent(Noon, "GET:/a", Portal: acme));

        async Task<long> CountAsync(string filter) => (await workspace.GetAsync($"{Route}?interval={interval}&from=2026-03-11&to=2026-03-12{filter}"))
            .GetProperty("data").EnumerateArray().Sum(row => row.GetProperty("count").GetInt64());

        Assert.Equal(19, await CountAsync(""));
        Assert.Equal(4, await CountAsync("&endpoint=GET:/a"));
        Assert.Equal(10, await CountAsync("&endpoint=GET:/a&endpoint=GET:/b&endpoint=none"));
        Assert.Equal(7, await CountAsync("&customerId=acme"));
        Assert.Equal(7, await CountAsync($"&customerId={acme}"));
        Assert.Equal(12, await CountAsync("&customerId=globex&customerId=anonymous"));
        Assert.Equal(5, await CountAsync($"&customerId={acme}&endpoint=GET:/a&endpoint=GET:/c"));
        Assert.Equal(0, await CountAsync("&customerId=nobody"));
        Assert.Equal(0, await CountAsync("&endpoint=none"));
    }

    [Fact]
    public async Task Days_of_the_zone_are_as_long_as_they_are()
    {
        var workspace = await api.NewWorkspaceAsync("Europe/Paris");
        var from = new DateTimeOffset(2026, 10, 24, 22, 0, 0, TimeSpan.Zero);
        await workspace.SendAsync(Enumerable.Range(-1, 27).Select(hour => new Sent(from.AddHours(hour))));

        var days = (await workspace.GetAsync($"{Route}?interval=day&from=2026-10-25&to=2026-10-27")).GetProperty("data");
        var hours = (await workspace.GetAsync($"{Route}?interval=hour&from=2026-10-25&to=2026-10-26")).GetProperty("data");

        Assert.Equal(["2026-10-24T22:00:00Z 25", "2026-10-25T23:00:00Z 1"], days.Each("timestamp", "count"));
        Assert.Equal(25, hours.GetArrayLength());
        Assert.All(hours.Each("count"), count => Assert.Equal("1", count));
    }

    [Fact]
    public async Task Hours_begin_where_the_zones_do()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.SendAsync(new Sent(Noon.AddMinutes(14)), new Sent(Noon.AddMinutes(15)), new Sent(Noon.AddMinutes(74)));

        var rows = (await workspace.GetAsync($"{Route}?from=2026-03-11T11:30:00Z&to=2026-03-11T13:15:00Z&timezone=Asia/Kathmandu")).GetProperty("data");

        Assert.Equal(["2026-03-11T11:15:00Z 1", "2026-03-11T12:15:00Z 2"], rows.Each("timestamp", "count"));
        Assert.Equal([true, false], rows.EnumerateArray().Select(row => row.TryGetProperty("partial", out _)));
    }

    [Fact]
    public async Task Without_a_range_it_is_the_last_day_by_hour_whose_last_one_is_not_over()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.SendAsync(new Sent(TimeProvider.System.GetUtcNow().AddSeconds(-2)));

        var rows = (await workspace.GetAsync(Route)).GetProperty("data").EnumerateArray().ToList();

        Assert.InRange(rows.Count, 24, 25);
        Assert.True(rows[^1].GetProperty("partial").GetBoolean());
        Assert.Equal(1, rows.Sum(row => row.GetProperty("count").GetInt64()));
    }

    [Theory, InlineData("minute"), InlineData("hour"), InlineData("day")]
    public async Task A_portal_key_sees_its_customers_only(string interval)
    {
        var workspace = await api.NewWorkspaceAsync();
        var portal = await workspace.BoundToAsync(await workspace.NewCustomerAsync("acme"));
        await workspace.SendAsync(new Sent(Noon, "GET:/a", 5), new Sent(Noon, "GET:/a", 9_000, 500, "globex"), new Sent(Noon, "GET:/b", 9_000, 500, null));

        async Task<JsonElement> AskAsync(string filter) => (await portal.GetAsync(
            $"{Route}?interval={interval}&from=2026-03-11T12:00:00Z&to=2026-03-11T12:01:00Z{filter}")).GetProperty("data");

        foreach (var filter in (string[])["", "&endpoint=GET:/a", "&customerId=acme", "&customerId=acme&customerId=globex"])
            Assert.Equal(["1 0 5 100"], (await AskAsync(filter)).Each("count", "errors", "p99", "bytes"));
        foreach (var filter in (string[])["&endpoint=GET:/b", "&customerId=globex", "&customerId=anonymous"])
            Assert.Equal(["0 0 0 0"], (await AskAsync(filter)).Each("count", "errors", "p99", "bytes"));
    }

    [Fact]
    public async Task Ranges_are_as_long_as_the_interval_allows()
    {
        var workspace = await api.NewWorkspaceAsync();

        Assert.Equal(2_880, (await workspace.GetAsync($"{Route}?interval=minute&from=2026-03-10&to=2026-03-12")).GetProperty("data").GetArrayLength());
        Assert.Equal(["from"], await workspace.RefusedAsync($"{Route}?interval=minute&from=2026-03-10&to=2026-03-12T00:00:00.000001Z"));
        Assert.Equal(744, (await workspace.GetAsync($"{Route}?interval=hour&from=2026-03-01&to=2026-04-01")).GetProperty("data").GetArrayLength());
        Assert.Equal(["from"], await workspace.RefusedAsync($"{Route}?interval=hour&from=2026-03-01&to=2026-04-01T00:00:01Z"));
        Assert.Equal(["from"], await workspace.RefusedAsync($"{Route}?interval=day&from=2020-01-01&to=2023-01-06"));
        Assert.Equal(["timezone", "interval", "from"], await workspace.RefusedAsync($"{Route}?interval=week&from=yesterday&timezone=x"));
        Assert.Equal(["to"], await workspace.RefusedAsync($"{Route}?from=2026-03-02&to=2026-03-01"));
        Assert.Equal(0, (await workspace.GetAsync($"{Route}?from=2026-03-02&to=2026-03-02")).GetProperty("data").GetArrayLength());
    }

    [Fact]
    public async Task Buckets_come_as_csv()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.SendAsync(new Sent(Noon, Latency: 2.5m));

        Assert.Equal(
            ["timestamp,partial,count,errors,avgLatency,p50,p95,p99,bytes", "2026-03-11T12:00:00Z,,1,0,2.5,2.5,2.5,2.5,100"],
            await workspace.LinesAsync($"{Route}?from=2026-03-11T12:00:00Z&to=2026-03-11T13:00:00Z&format=csv"));
    }
}
