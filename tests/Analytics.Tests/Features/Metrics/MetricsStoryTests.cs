using System.Globalization;
using System.Text.Json.Nodes;
using static Analytics.Tests.Features.Metrics.Dashboard;

namespace Analytics.Tests.Features.Metrics;

/// <summary>Five days of a small product, and every number one can work out of them by hand.</summary>
public sealed class MetricsStoryTests(AnalyticsApi api)
{
    static JsonObject[] Story() =>
    [
        // Long before: a share without a price, downloaded once, and a cost.
        Tell("file_share.created", "2026-03-01T08:00Z", "acme", """{"share_id":"old","file_size_bytes":10,"price_cents":0}"""),
        Tell("file_share.downloaded", "2026-03-01T09:00Z", null, """{"share_id":"old"}"""),
        Tell("task.done", "2026-03-01T10:00Z", "hooli", """{"_cost":{"amount":100,"currency":"usd"}}"""),
        // Two paid shares; the first is downloaded and paid for.
        Tell("file_share.created", "2026-03-09T10:00Z", "acme", """{"share_id":"a","price_cents":1000,"file_size_bytes":500}"""),
        Tell("file_share.created", "2026-03-09T10:30Z", "globex", """{"share_id":"b","price_cents":500,"file_size_bytes":200,"expires_at":"2026-03-11T12:00:00Z"}"""),
        Tell("file_share.downloaded", "2026-03-09T10:45Z", null, """{"share_id":"a"}"""),
        Tell("file_share.downloaded", "2026-03-09T11:00Z", null, """{"share_id":"a","bytes":120}"""),
        Tell("payment.completed", "2026-03-09T12:00Z", null, """{"payment_id":"p1","amount_cents":1000,"share_id":"a","platform_fee_cents":50}"""),
        // The day begins with a share that is completed within it; the second paid share is paid for; a third never is.
        Tell("file_share.created", "2026-03-10T00:00Z", "globex", """{"share_id":"c"}"""),
        Tell("file_share.downloaded", "2026-03-10T01:00Z", null, """{"share_id":"c"}"""),
        Tell("file_share.completed", "2026-03-10T20:00Z", null, """{"share_id":"c"}"""),
        Tell("payment.completed", "2026-03-10T21:00Z", null, """{"payment_id":"p2","amount_cents":500,"share_id":"b","platform_fee_cents":25}"""),
        Tell("file_share.created", "2026-03-10T22:00Z", "initech", """{"share_id":"d","price_cents":250,"file_size_bytes":7}"""),
        // One share runs out at noon, another by an event.
        Tell("file_share.downloaded", "2026-03-11T11:00Z", null, """{"share_id":"b"}"""),
        Tell("file_share.expired", "2026-03-11T13:00Z", null, """{"share_id":"old"}"""),
        // A refund in part; what ends a share that has ended changes nothing.
        Tell("payment.refunded", "2026-03-12T09:00Z", null, """{"payment_id":"p2","amount_cents":200}"""),
        Tell("file_share.completed", "2026-03-12T10:00Z", null, """{"share_id":"b"}"""),
        Tell("service.scan", "2026-03-12T11:00Z", null, """{"share_id":"a","_cost":{"amount":1.5,"currency":"usd"}}"""),
        // The same payment once more, and one that has no share.
        Tell("payment.completed", "2026-03-13T09:00Z", null, """{"payment_id":"p1","amount_cents":1000,"share_id":"a","platform_fee_cents":50}"""),
        Tell("payment.completed", "2026-03-13T10:00Z", "hooli", """{"payment_id":"p3","amount_cents":9999,"platform_fee_cents":99}"""),
        Tell("file_share.downloaded", "2026-03-13T11:00Z", null, """{"share_id":"d"}"""),
    ];

    [Theory, InlineData(false), InlineData(true)]
    public async Task Every_metric_is_what_one_counts_by_hand(bool backwards)
    {
        var workspace = await api.NewWorkspaceAsync();
        await TellAsync(workspace, backwards);

        await AssertAsync(
            workspace, "",
            "file_share_sessions 2 2 0 0 0 = 4",
            "file_share_downloads 2 1 1 0 1 = 5",
            "file_share_avg_downloads 1 0.5 0 0 0 = 1.25",
            "file_share_active_sessions 3 4 2 2 2 = 2",
            "file_share_completed_sessions 0 1 0 0 0 = 1",
            "file_share_expired_sessions 0 0 2 0 0 = 2",
            "file_share_free_sessions 0 1 0 0 0 = 1",
            "file_share_paid_sessions 2 1 0 0 0 = 3",
            "file_share_total_size_bytes 620 0 200 0 7 = 827",
            "cumulative_file_share_sessions 3 5 5 5 5 = 5",
            "cumulative_file_share_downloads 3 4 5 5 6 = 6",
            "file_share_revenue 1000 500 0 -200 0 = 1300",
            "file_share_avg_price 750 250 0 0 0 = 583.333333333333",
            "file_share_payment_conversion 1 0 0 0 0 = 0.666666666667",
            "file_share_platform_fees 50 25 0 -10 0 = 65",
            "cumulative_file_share_platform_fees 50 75 75 65 65 = 65",
            "costs 0 0 0 1.5 0 = 1.5",
            "cumulative_costs 100 100 100 101.5 101.5 = 101.5",
            "active_users 2 2 2 2 3 = 4",
            "cost_per_user 0 0 0 0.75 0 = 0.375",
            "cashflow 1000 500 0 -201.5 0 = 1298.5");
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task One_share_has_its_numbers_in_every_metric(bool backwards)
    {
        var workspace = await api.NewWorkspaceAsync();
        await TellAsync(workspace, backwards);

        await AssertAsync(
            workspace, "&share_id=b",
            "file_share_sessions 1 0 0 0 0 = 1",
            "file_share_downloads 0 0 1 0 0 = 1",
            "file_share_avg_downloads 0 0 0 0 0 = 1",
            "file_share_active_sessions 1 1 0 0 0 = 0",
            "file_share_completed_sessions 0 0 0 0 0 = 0",
            "file_share_expired_sessions 0 0 1 0 0 = 1",
            "file_share_free_sessions 0 0 0 0 0 = 0",
            "file_share_paid_sessions 1 0 0 0 0 = 1",
            "file_share_total_size_bytes 0 0 200 0 0 = 200",
            "cumulative_file_share_sessions 1 1 1 1 1 = 1",
            "cumulative_file_share_downloads 0 0 1 1 1 = 1",
            "file_share_revenue 0 500 0 -200 0 = 300",
            "file_share_avg_price 500 0 0 0 0 = 500",
            "file_share_payment_conversion 1 0 0 0 0 = 1",
            "file_share_platform_fees 0 25 0 -10 0 = 15",
            "cumulative_file_share_platform_fees 0 25 25 15 15 = 15",
            "costs 0 0 0 0 0 = 0",
            "cumulative_costs 0 0 0 0 0 = 0",
            "active_users 1 1 1 1 0 = 1",
            "cost_per_user 0 0 0 0 0 = 0",
            "cashflow 0 500 0 -200 0 = 300");
        await AssertAsync(workspace, "&share_id=a&share_id=b&metrics=file_share_revenue&metrics=costs", "file_share_revenue 1000 500 0 -200 0 = 1300", "costs 0 0 0 1.5 0 = 1.5");
        await AssertAsync(workspace, "&share_id=a&external_customer_id=globex&metrics=file_share_revenue", "file_share_revenue 0 0 0 0 0 = 0");
        await AssertAsync(workspace, "&share_id=b&external_customer_id=globex&metrics=file_share_revenue", "file_share_revenue 0 500 0 -200 0 = 300");
        await AssertAsync(await api.NewWorkspaceAsync(), "&share_id=b&metrics=file_share_sessions", "file_share_sessions 0 0 0 0 0 = 0");
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task One_customer_has_its_numbers_in_every_metric(bool backwards)
    {
        var workspace = await api.NewWorkspaceAsync();
        var acme = await workspace.NewCustomerAsync("acme");
        await TellAsync(workspace, backwards);

        foreach (var (client, filter) in new[] { (workspace, "&external_customer_id=acme"), (workspace, $"&customer_id={acme}"), (await workspace.BoundToAsync(acme), "") })
            await AssertAsync(
                client, filter,
                "file_share_sessions 1 0 0 0 0 = 1",
                "file_share_downloads 2 0 0 0 0 = 2",
                "file_share_avg_downloads 2 0 0 0 0 = 2",
                "file_share_active_sessions 2 2 1 1 1 = 1",
                "file_share_completed_sessions 0 0 0 0 0 = 0",
                "file_share_expired_sessions 0 0 1 0 0 = 1",
                "file_share_free_sessions 0 0 0 0 0 = 0",
                "file_share_paid_sessions 1 0 0 0 0 = 1",
                "file_share_total_size_bytes 620 0 0 0 0 = 620",
                "cumulative_file_share_sessions 2 2 2 2 2 = 2",
                "cumulative_file_share_downloads 3 3 3 3 3 = 3",
                "file_share_revenue 1000 0 0 0 0 = 1000",
                "file_share_avg_price 1000 0 0 0 0 = 1000",
                "file_share_payment_conversion 1 0 0 0 0 = 1",
                "file_share_platform_fees 50 0 0 0 0 = 50",
                "cumulative_file_share_platform_fees 50 50 50 50 50 = 50",
                "costs 0 0 0 1.5 0 = 1.5",
                "cumulative_costs 0 0 0 1.5 1.5 = 1.5",
                "active_users 1 0 1 1 1 = 1",
                "cost_per_user 0 0 0 1.5 0 = 1.5",
                "cashflow 1000 0 0 -1.5 0 = 998.5");
    }

    [Fact]
    public async Task A_share_is_active_until_now_and_not_after_its_time_has_come()
    {
        var workspace = await api.NewWorkspaceAsync();
        var now = TimeProvider.System.GetUtcNow();
        await workspace.IngestAsync(
            Share("ended", now.AddHours(-3), now.AddHours(-2)), Share("over", now.AddHours(-3), now.AddSeconds(-1)),
            Share("open", now.AddHours(-3), now.AddHours(1)), Share("never", now.AddHours(-3), now.AddHours(-4)));

        var answer = await workspace.GetAsync(
            $"{Route}?start_date={now.AddDays(-2):yyyy-MM-dd}&end_date={now.AddDays(3):yyyy-MM-dd}&interval=year");

        Assert.Equal(("4", "1"), (Total(answer, "file_share_sessions"), Total(answer, "file_share_active_sessions")));
        Assert.Equal("3", Total(answer, "file_share_expired_sessions"));
    }

    static async Task TellAsync(WorkspaceClient workspace, bool backwards)
    {
        if (!backwards)
        {
            await workspace.IngestAsync(Story());
            return;
        }

        foreach (var told in Story().Reverse())
            await workspace.IngestAsync(told);
    }

    static JsonObject Share(string id, DateTimeOffset at, DateTimeOffset expiresAt) => Some.Event(
        "file_share.created", at, customer: null,
        metadata: new JsonObject { ["share_id"] = id, ["expires_at"] = expiresAt.UtcDateTime.ToString("O", CultureInfo.InvariantCulture) });

    static JsonObject Tell(string name, string at, string? customer, string metadata) => Some.Event(
        name, DateTimeOffset.Parse(at, CultureInfo.InvariantCulture), Some.ExternalId, customer, metadata: (JsonObject)JsonNode.Parse(metadata)!);

    static async Task AssertAsync(ApiClient client, string filter, params string[] expected)
    {
        var answer = await client.GetAsync(Days + filter);
        Assert.Equal(
            expected,
            answer.GetProperty("totals").EnumerateObject().Select(total => $"{total.Name} {string.Join(' ', Each(answer, total.Name))} = {total.Value.GetRawText()}"));
    }
}
