using System.Globalization;
using System.Text.Json;
using Analytics.Features.Metrics;
using static Analytics.Tests.Features.Metrics.Dashboard;

namespace Analytics.Tests.Features.Metrics;

/// <summary>What the route answers and refuses, whatever the metric.</summary>
public sealed class MetricsTests(AnalyticsApi api)
{
    [Theory, InlineData("hour", 120), InlineData("day", 5), InlineData("week", 1), InlineData("month", 1), InlineData("year", 1)]
    public async Task An_empty_workspace_answers_zero_for_every_metric(string interval, int periods)
    {
        var workspace = await api.NewWorkspaceAsync();

        var answer = await workspace.GetAsync($"{Route}?start_date=2026-03-09&end_date=2026-03-13&interval={interval}&compare=previous_period");

        Assert.Equal(["periods", "totals", "metrics", "previous", "change"], answer.EnumerateObject().Select(member => member.Name));
        foreach (var range in new[] { answer, answer.GetProperty("previous") })
        {
            Assert.Equal(periods, Periods(range).Count);
            foreach (var values in Periods(range).Append(range.GetProperty("totals")))
                Assert.Equal(
                    Slugs.Select(slug => $"{slug}: 0"),
                    values.EnumerateObject().Where(member => member.Name is not ("timestamp" or "partial")).Select(member => $"{member.Name}: {member.Value.GetRawText()}"));
        }

        Assert.All(Slugs, slug => Assert.Equal("null", Change(answer, slug)));
    }

    [Fact]
    public async Task The_answer_says_what_each_metric_is()
    {
        var workspace = await api.NewWorkspaceAsync();

        var metrics = (await workspace.GetAsync(Days)).GetProperty("metrics");

        Assert.Equal(Slugs, metrics.EnumerateObject().Select(metric => metric.Name));
        Assert.Equal(
            MetricCatalogue.All.Select(metric => $"{metric.Slug}|{metric.DisplayName}"),
            metrics.EnumerateObject().Select(metric => $"{metric.Value.GetProperty("slug")}|{metric.Value.GetProperty("display_name")}"));
        Assert.Equal(
            (string[])[
                "cashflow currency", "cost_per_user currency_sub_cent", "costs currency_sub_cent", "cumulative_costs currency_sub_cent",
                "cumulative_file_share_platform_fees currency", "file_share_avg_price currency", "file_share_payment_conversion percentage",
                "file_share_platform_fees currency", "file_share_revenue currency"],
            metrics.EnumerateObject().Select(metric => $"{metric.Name} {metric.Value.GetProperty("type")}")
                .Where(metric => !metric.EndsWith(" scalar", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Costs_are_exact_and_users_distinct_over_the_range()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(
            Some.Event(at: Some.Day.AddDays(-400), cost: 1000),
            Some.Event(at: Some.Day, customer: "acme", cost: 0.000000000001m), Some.Event(at: Some.Day, customer: "globex", cost: 1),
            Some.Event(at: Some.Day.AddHours(23), customer: "initech", cost: 1),
            Some.Event(at: Some.Day.AddDays(1), customer: "acme", cost: -2), Some.Event(at: Some.Day.AddDays(1), customer: "acme"),
            Some.Event("health_check.ok", Some.Day.AddDays(2), customer: null, cost: 0.5m));

        var answer = await workspace.GetAsync(Days);

        Assert.Equal(["0", "0", "2.000000000001", "-2", "0.5"], Each(answer, "costs"));
        Assert.Equal(["1000", "1000", "1002.000000000001", "1000.000000000001", "1000.500000000001"], Each(answer, "cumulative_costs"));
        Assert.Equal(["0", "0", "3", "1", "0"], Each(answer, "active_users"));
        Assert.Equal(["0", "0", "0.666666666667", "-2", "0"], Each(answer, "cost_per_user"));
        Assert.Equal(["0", "0", "-2.000000000001", "2", "-0.5"], Each(answer, "cashflow"));
        Assert.Equal(
            ["0.500000000001", "1000.500000000001", "3", "0.166666666667", "-0.500000000001"],
            new[] { "costs", "cumulative_costs", "active_users", "cost_per_user", "cashflow" }.Select(slug => Total(answer, slug)));
    }

    [Fact]
    public async Task An_event_by_either_id_of_a_customer_is_one_user_and_what_the_service_tells_is_none()
    {
        var workspace = await api.NewWorkspaceAsync();
        var today = TimeProvider.System.GetUtcNow();
        var range = $"{Route}?start_date={today.AddDays(-1):yyyy-MM-dd}&end_date={today.AddDays(1):yyyy-MM-dd}&interval=day";
        var customer = await workspace.NewCustomerAsync("acme");
        Assert.Equal("0", Total(await workspace.GetAsync(range), "active_users"));

        await workspace.IngestAsync(Some.Event(customer: "acme"), Some.Event(customerId: customer), Some.Event(customer: "later"));
        Assert.Equal("2", Total(await workspace.GetAsync(range), "active_users"));

        await workspace.PatchAsync($"/api/customers/{customer}", new { external_id = "later" });
        Assert.Equal("2", Total(await workspace.GetAsync(range), "active_users"));
        Assert.Equal("1", Total(await workspace.GetAsync($"{range}&customer_id={customer}"), "active_users"));
    }

    [Fact]
    public async Task Only_what_was_asked_for_is_answered_and_asking_changes_no_number()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(Some.Event(at: Some.Day, cost: 1), Some.Event(at: Some.Day, customer: "globex", cost: 0.1m), Some.Event(at: Some.Day.AddDays(1)));
        var all = await workspace.GetAsync(Days);

        foreach (var slug in Slugs)
        {
            var one = await workspace.GetAsync($"{Days}&metrics={slug}");
            Assert.Equal([slug], one.GetProperty("totals").EnumerateObject().Select(member => member.Name));
            Assert.Equal([slug], one.GetProperty("metrics").EnumerateObject().Select(member => member.Name));
            Assert.Equal((Total(all, slug), string.Join(' ', Each(all, slug))), (Total(one, slug), string.Join(' ', Each(one, slug))));
        }

        var two = await workspace.GetAsync($"{Days}&metrics=cost_per_user&metrics=costs&metrics=costs");
        Assert.Equal(["costs", "cost_per_user"], two.GetProperty("totals").EnumerateObject().Select(member => member.Name));
    }

    [Fact]
    public async Task Active_users_may_be_asked_by_their_other_name()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(Some.Event(at: Some.Day));

        var answer = await workspace.GetAsync($"{Days}&metrics=active_user_by_event&metrics=active_users");

        Assert.Equal("""{"active_users":1}""", answer.GetProperty("totals").GetRawText());
        Assert.Equal("active_users", answer.GetProperty("metrics").GetProperty("active_users").GetProperty("slug").GetString());
    }

    [Fact]
    public async Task All_problems_are_told_at_once()
    {
        var workspace = await api.NewWorkspaceAsync();

        var problem = await workspace.GetAsync(
            $"{Route}?end_date=2026-02-30&interval=minute&timezone=Mars/Base&customer_id=acme&metrics=costs&metrics=profit&metrics=Costs&compare=yesterday", 400);

        Assert.Equal(
            ["interval", "timezone", "start_date", "end_date", "customer_id", "metrics", "metrics", "compare"],
            problem.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("pointer").GetString()));
        Assert.Contains(problem.GetProperty("errors").EnumerateArray(), error => error.GetProperty("message").GetString()!.Contains("'profit'"));
        problem = await workspace.GetAsync(Route, 400);
        Assert.Equal(
            ["interval", "start_date", "end_date"],
            problem.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("pointer").GetString()));
        problem = await workspace.GetAsync($"{Route}?start_date=2026-03-02&end_date=2026-03-01&interval=day", 400);
        Assert.Equal("end_date", Assert.Single(problem.GetProperty("errors").EnumerateArray()).GetProperty("pointer").GetString());
    }

    [Fact]
    public async Task Ranges_may_be_as_long_as_the_limits_say_and_no_longer()
    {
        var workspace = await api.NewWorkspaceAsync();
        var limits = await workspace.GetAsync($"{Route}/limits");
        Assert.Equal(
            """{"min_date":"2000-01-01","intervals":{"hour":{"max_days":31},"day":{"max_days":1100},"week":{"max_days":1860},"month":{"max_days":7500},"year":{"max_days":18300}}}""",
            limits.GetRawText());

        foreach (var limit in limits.GetProperty("intervals").EnumerateObject())
        {
            var days = limit.Value.GetProperty("max_days").GetInt32();
            var start = new DateOnly(2000, 1, 1);
            var range = string.Create(CultureInfo.InvariantCulture, $"{Route}?start_date={start:yyyy-MM-dd}&interval={limit.Name}&metrics=costs");
            await workspace.GetAsync($"{range}&end_date={start.AddDays(days - 1):yyyy-MM-dd}");
            var problem = await workspace.GetAsync($"{range}&end_date={start.AddDays(days):yyyy-MM-dd}", 400);
            Assert.Equal("end_date", Assert.Single(problem.GetProperty("errors").EnumerateArray()).GetProperty("pointer").GetString());
        }
    }

    [Fact]
    public async Task A_range_is_compared_with_as_many_buckets_before()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(
            Some.Event(at: Some.Day.AddDays(-2), cost: -4), Some.Event(at: Some.Day.AddDays(-1), cost: 1), Some.Event(at: Some.Day, cost: 2),
            Some.Event(at: Some.Day, cost: 3), Some.Event(at: Some.Day.AddDays(1), customer: "globex"));

        var answer = await workspace.GetAsync($"{Route}?start_date=2026-03-11&end_date=2026-03-12&interval=day&compare=previous_period");

        var before = answer.GetProperty("previous");
        Assert.Equal(["periods", "totals"], before.EnumerateObject().Select(member => member.Name));
        Assert.Equal(["2026-03-09T00:00:00Z", "2026-03-10T00:00:00Z"], Periods(before).Select(period => period.GetProperty("timestamp").GetString()));
        Assert.Equal(["5", "0"], Each(answer, "costs"));
        Assert.Equal(["-4", "1"], Each(before, "costs"));
        Assert.Equal(("5", "-3", "2.666666666667"), (Total(answer, "costs"), Total(before, "costs"), Change(answer, "costs")));
        Assert.Equal(("2", "1", "1"), (Total(answer, "active_users"), Total(before, "active_users"), Change(answer, "active_users")));
        Assert.Equal(("2", "-3", "1.666666666667"), (Total(answer, "cumulative_costs"), Total(before, "cumulative_costs"), Change(answer, "cumulative_costs")));
        Assert.Equal(("0", "0", "null"), (Total(answer, "file_share_sessions"), Total(before, "file_share_sessions"), Change(answer, "file_share_sessions")));
    }

    [Fact]
    public async Task A_range_is_compared_with_the_same_dates_a_year_before()
    {
        var workspace = await api.NewWorkspaceAsync(timezone: "Europe/Paris");
        await workspace.IngestAsync(Some.Event(at: Some.Day.AddYears(-1), cost: 8), Some.Event(at: Some.Day, cost: 2));

        var answer = await workspace.GetAsync($"{Route}?start_date=2026-03-01&end_date=2026-03-31&interval=month&compare=previous_year&metrics=costs");

        Assert.Equal("2025-02-28T23:00:00Z", Assert.Single(Periods(answer.GetProperty("previous"))).GetProperty("timestamp").GetString());
        Assert.Equal(("2", "-0.75"), (Total(answer, "costs"), Change(answer, "costs")));
    }

    [Fact]
    public async Task Periods_are_partial_when_they_are_cut()
    {
        var workspace = await api.NewWorkspaceAsync();

        var cut = Periods(await workspace.GetAsync($"{Route}?start_date=2026-03-11&end_date=2026-03-22&interval=week"));

        Assert.Equal([true, false], cut.Select(period => period.TryGetProperty("partial", out _)));
    }

    [Fact]
    public async Task A_date_that_never_was_has_no_periods_but_what_runs_on()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(Some.Event(at: new(2011, 12, 29, 0, 0, 0, TimeSpan.Zero), cost: 3));

        var answer = await workspace.GetAsync($"{Route}?start_date=2011-12-30&end_date=2011-12-30&interval=day&timezone=Pacific/Apia&compare=previous_period");

        Assert.Empty(Periods(answer));
        Assert.Equal(("0", "3"), (Total(answer, "costs"), Total(answer, "cumulative_costs")));
    }

    [Fact]
    public async Task Periods_come_as_csv_with_the_catalogue_as_header()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(Some.Event(at: Some.Day, cost: -0.5m));

        using var past = await AskAsync(workspace, $"{Route}?start_date=2026-03-10&end_date=2026-03-11&interval=day&compare=previous_year", accept: "text/csv");

        Assert.Equal("text/csv; charset=utf-8", past.Content.Headers.ContentType?.ToString());
        var lines = (await past.Content.ReadAsStringAsync()).TrimEnd().Split("\r\n");
        Assert.Equal("timestamp," + string.Join(',', Slugs), lines[0]);
        Assert.Equal(3, lines.Length);
        Assert.Equal(
            "2026-03-11T00:00:00Z," + string.Join(',', Slugs.Select(slug => slug switch
            {
                "costs" or "cumulative_costs" or "cost_per_user" => "-0.5",
                "cashflow" => "0.5",
                "active_users" => "1",
                _ => "0",
            })), lines[2]);
    }
}
