using System.Globalization;

namespace Analytics.Tests.Features.Requests;

public sealed class SlowRequestsTests(AnalyticsApi api)
{
    [Fact]
    public async Task The_slowest_of_a_day_are_told_whichever_quarter_hour_they_are_of()
    {
        var workspace = await api.NewWorkspaceAsync();
        var random = new Random(5);
        var requests = Enumerable.Range(0, 2_000).Select(number =>
            (At: Some.Day.AddSeconds(number < 900 ? random.Next(900) : random.Next(86_400)), Latency: random.Next(1, 40_000_000) / 1000.0)).ToList();
        requests.AddRange([(Some.Day.AddTicks(-10), 90_000), (Some.Day.AddDays(1), 90_000), (Some.Day, 1_000), (Some.Day.AddHours(2), 1_000.001)]);
        await workspace.TellAsync(requests.Select(request => Told.Request(request.At, latency: request.Latency)));
        var expected = requests.Where(request => request.At >= Some.Day && request.At < Some.Day.AddDays(1) && request.Latency > 1_000)
            .Select(request => request.Latency).OrderDescending().ToList();

        string[] Texts(int count) => [.. expected.Take(count).Select(latency => latency.ToString(CultureInfo.InvariantCulture))];

        Assert.Equal(Texts(100), await workspace.RowsAsync("/api/requests/slow?date=2026-03-11", "latencyMs"));
        Assert.Equal(Texts(7), await workspace.RowsAsync("/api/requests/slow?date=2026-03-11&limit=7", "latencyMs"));
    }

    [Fact]
    public async Task Ties_go_by_endpoint_then_customer_also_where_the_list_is_cut()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.TellAsync(
            from endpoint in (string[])["/z", "/a", "/m"]
            from customer in (string[])["cy", "ann", "bob"]
            select Told.Request(Some.Day.AddHours(endpoint[1] % 5), endpoint, 30_000, 504, customer));

        var all = await workspace.RowsAsync("/api/requests/slow?date=2026-03-11", "endpoint", "customerId", "statusCode");

        Assert.Equal(
            [
                "GET:/a ann 504", "GET:/a bob 504", "GET:/a cy 504", "GET:/m ann 504", "GET:/m bob 504", "GET:/m cy 504", "GET:/z ann 504",
                "GET:/z bob 504", "GET:/z cy 504",
            ], all);
        Assert.Equal(all[..4], await workspace.RowsAsync("/api/requests/slow?date=2026-03-11&limit=4", "endpoint", "customerId", "statusCode"));
    }

    [Fact]
    public async Task A_day_is_one_of_the_zone()
    {
        var workspace = await api.NewWorkspaceAsync("Asia/Kathmandu");
        var midnight = new DateTimeOffset(2026, 3, 11, 0, 0, 0, TimeSpan.FromMinutes(345));
        await workspace.TellAsync(
            Told.Request(midnight.AddTicks(-10), "/before", 5_000), Told.Request(midnight, "/first", 4_000),
            Told.Request(midnight.AddDays(1).AddTicks(-10), "/last", 3_000), Told.Request(midnight.AddDays(1), "/after", 2_000));

        Assert.Equal(["GET:/first", "GET:/last"], await workspace.RowsAsync("/api/requests/slow?date=2026-03-11", "endpoint"));
        Assert.Equal(["GET:/before", "GET:/first"], await workspace.RowsAsync("/api/requests/slow?date=2026-03-10&timezone=America/New_York", "endpoint"));
    }

    [Fact]
    public async Task A_portal_key_sees_its_customers_only()
    {
        var workspace = await api.NewWorkspaceAsync();
        var portal = await workspace.BoundToAsync(await workspace.NewCustomerAsync("ann"));
        await workspace.TellAsync(
            [.. Enumerable.Range(0, 120).Select(number => Told.Request(Some.Day.AddSeconds(number), latency: 9_000, customer: "bob")),
            Told.Request(Some.Day.AddHours(3), "/own", 1_500, customer: "ann")]);

        Assert.Equal(["GET:/own ann"], await portal.RowsAsync("/api/requests/slow?date=2026-03-11", "endpoint", "customerId"));
        await portal.GetAsync("/api/requests/slow/patterns", 403);
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=101")]
    [InlineData("date=11.3.2026")]
    [InlineData("timezone=Mars")]
    public async Task What_makes_no_sense_is_400(string query)
    {
        var problem = await (await api.NewWorkspaceAsync()).GetAsync($"/api/requests/slow?{query}", 400);

        Assert.Equal(query.Split('=')[0], Assert.Single(problem.GetProperty("errors").EnumerateArray()).GetProperty("pointer").GetString());
    }
}
