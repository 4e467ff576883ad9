using System.Globalization;
using Analytics.Storage;
using Analytics.Tests.Commands;
using Analytics.Tests.Features.Erasure;
using Analytics.Tests.Features.Export;
using Analytics.Tests.Features.Requests;
using Analytics.Tests.Oracle;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.Tests.Storage;

/// <summary>Workspaces with different retentions side by side: of every kind of facts each keeps its own days, to the microsecond.</summary>
public sealed class RetentionDaysTests(TimedApi timed) : IClassFixture<TimedApi>
{
    static readonly string[] Kinds = ["events", "requests", "views", "invocations", "devices", "downloads", "storage", "audit"];

    readonly AnalyticsApi api = timed.Api;

    DateTimeOffset Today => new(timed.Now.UtcDateTime.Date, TimeSpan.Zero);

    [Fact]
    public async Task Only_what_is_older_than_its_own_workspaces_limit_is_gone_and_what_was_counted_stays()
    {
        var (shorter, longer) = (await api.NewWorkspaceAsync(retentionDays: 30), await api.NewWorkspaceAsync(retentionDays: 365));
        DateTimeOffset[] times = [Before(365), Today.AddDays(-365), Before(30), Today.AddDays(-30), Today];
        foreach (var workspace in (WorkspaceClient[])[shorter, longer])
        {
            await BeginAsync(workspace);
            foreach (var time in times)
                await TellAsync(workspace, time);
            await (await Upkeep.OfAsync(workspace)).CompactAsync();
        }

        var before = (await CountedAsync(shorter), await CountedAsync(longer));
        await RunAsync();

        foreach (var kind in Kinds)
        {
            Assert.Equal(times[3..], await TimesAsync(shorter, kind));
            Assert.Equal(times[1..], await TimesAsync(longer, kind));
        }

        Assert.Equal(before, (await CountedAsync(shorter), await CountedAsync(longer)));
        foreach (var workspace in (WorkspaceClient[])[shorter, longer])
        {
            await VerifyRun.OfAsync(workspace, 0);
            await (await Upkeep.OfAsync(workspace)).RebuildAsync();
            await VerifyRun.OfAsync(workspace, 0);
        }

        Assert.Equal(before, (await CountedAsync(shorter), await CountedAsync(longer)));
    }

    [Fact]
    public async Task What_comes_late_and_is_older_than_the_limit_counts_once_and_is_readable_until_the_next_run()
    {
        var workspace = await api.NewWorkspaceAsync(retentionDays: 30);
        await BeginAsync(workspace);
        var (old, late) = (Today.AddDays(-90), Today.AddDays(-60));
        await TellAsync(workspace, old);
        await TellAsync(workspace, Today);
        await RunAsync();

        await TellAsync(workspace, late);
        await TellAsync(workspace, old);

        // Of devices and records nobody knows whether they came before.
        foreach (var kind in Kinds)
            Assert.Equal(kind is "devices" or "audit" ? [old, late, Today] : [late, Today], await TimesAsync(workspace, kind));
        var counted = await CountedAsync(workspace);
        foreach (var total in (string[])
        [
            "\"occurrences\":3,", "\"count\":3,", "\"totalViews\":3,", "\"storage\":21,", "\"totalSessions\":3,", "\"visitors\":3,", "\"costCents\":0.75,",
            "\"revenueCents\":27,",
        ])
            Assert.Contains(total, counted, StringComparison.Ordinal);
        await VerifyRun.OfAsync(workspace, 0);
        await (await Upkeep.OfAsync(workspace)).CompactAsync();
        await RunAsync();
        foreach (var kind in Kinds)
            Assert.Equal([Today], await TimesAsync(workspace, kind));
        await (await Upkeep.OfAsync(workspace)).RebuildAsync();
        Assert.Equal(counted, await CountedAsync(workspace));
        await VerifyRun.OfAsync(workspace, 0);
    }

    /// <summary>The last microsecond that so many days do not reach.</summary>
    DateTimeOffset Before(int days) => Today.AddDays(-days).AddMicroseconds(-1);

    Task RunAsync() => api.Services.GetRequiredService<Retention>().RunAsync(timed.Now, TestContext.Current.CancellationToken);

    static async Task BeginAsync(WorkspaceClient workspace)
    {
        await workspace.NewAppAsync();
        await workspace.PostAsync(
            "/api/v1/billable-units", """{"key":"u","name":"n","unitLabel":"l","aggregation":"UNIQUE","eventName":"visit","field":"who","filters":[]}""", 201);
    }

    /// <summary>A fact of every kind at a time; sent again it is the same.</summary>
    static async Task TellAsync(WorkspaceClient workspace, DateTimeOffset time)
    {
        var at = time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
        const string App = "/api/apps/acme:shop";
        await workspace.IngestAsync(
            Some.Event("visit", time, at, cost: 0.25m, metadata: new() { ["who"] = at, ["product_id"] = "shop", ["cost_category"] = "c" }),
            Some.Event("mcp.session_started", time, $"s {at}", metadata: new() { ["session_id"] = at }),
            Some.Event("mcp.tool_invoked", time, $"t {at}", metadata: new() { ["session_id"] = at, ["tool"] = "t", ["duration_ms"] = 5 }),
            Some.Event("mcp.session_ended", time.AddSeconds(7), $"e {at}", metadata: new() { ["session_id"] = at }),
            Some.Event("storefront.visit", time, $"v {at}", metadata: new() { ["visitor_id"] = at }),
            Some.Event("storefront.product_view", time, $"p {at}", metadata: new() { ["visitor_id"] = at }),
            Some.Event("payment.completed", time, $"m {at}", metadata: new() { ["payment_id"] = at, ["amount_cents"] = 9, ["subscription_id"] = "sub" }));
        await workspace.TellAsync(Told.Request(time, id: at));
        await workspace.PostAsync($"{App}/views", $$"""{"views":[{"viewerId":"ada","timestamp":"{{at}}","externalId":"{{at}}"}]}""");
        await workspace.PostAsync($"{App}/devices", $$"""{"devices":[{"deviceId":"phone","timestamp":"{{at}}"}]}""");
        await workspace.PostAsync($"{App}/downloads", $$"""{"downloads":[{"bytes":5,"timestamp":"{{at}}","externalId":"{{at}}"}]}""");
        await workspace.PostAsync($"{App}/storage", $$"""{"changes":[{"bytes":7,"timestamp":"{{at}}","externalId":"{{at}}"}]}""");
        await workspace.PostAsync($"{App}/invocations", $$"""
            {"invocations":[{"method":"GET","path":"/","username":"ada","startedAt":"{{at}}","durationMs":3,"statusCode":200,"memoryPeakBytes":9,"externalId":"{{at}}"}]}
            """);
        await using var audit = workspace.Api.Store.CreateCommand("""
            insert into audit (workspace_id, timestamp, id, name, category, severity, payload, commit)
            values ($1, $2, gen_random_uuid(), 'test.told', 'SYSTEM', 'INFO', '{}', 0)
            """);
        audit.Parameters.Add(new() { Value = await workspace.NumberAsync() });
        audit.Parameters.Add(new() { Value = time.UtcDateTime });
        await audit.ExecuteNonQueryAsync();
    }

    /// <summary>When the facts of a kind happened that can be read.</summary>
    static async Task<DateTimeOffset[]> TimesAsync(WorkspaceClient workspace, string kind) => kind == "audit"
        ? [.. (await workspace.ExportAsync("log")).Where(line => line.GetProperty("eventType").GetString() == "test.told").Select(Exported.TimeOf)]
        : [
            .. (await workspace.ExportAsync(kind)).Where(line => kind != "events" || line.GetProperty("name").GetString() == "visit")
                .Select(line => line.GetProperty(kind == "invocations" ? "startedAt" : "timestamp").GetDateTimeOffset()),
        ];

    /// <summary>What all of it counts for.</summary>
    async Task<string> CountedAsync(WorkspaceClient workspace)
    {
        var answers = new List<string>();
        foreach (var path in (string[])
        [
            "/api/event-types", $"/api/requests/endpoints?{All}", $"/api/requests/customers?{All}",
            $"/api/v1/analytics/mcp/sessions?{All}", $"/api/v1/analytics/mcp/tools?{All}", $"/api/v1/analytics/storefront/funnel?{All}",
            $"/api/v1/analytics/cogs?{All}&groupBy=category", $"/api/v1/analytics/cogs?{All}&groupBy=subscription",
            $"/api/v1/analytics/usage/by-billable-unit?{All}", $"/api/v1/analytics/usage/by-product?{All}", "/api/apps/acme:shop/stats", $"/statistics/app/acme:shop?from={Day(-89)}&to={Day(1)}", $"/statistics/org/{workspace.Slug}?from={Day(-89)}&to={Day(1)}",
        ])
            answers.Add((await workspace.GetAsync(path)).GetRawText());
        return string.Join('\n', answers);
    }

    string All => $"from={Day(-700)}&to={Day(1)}";

    string Day(int days) => Today.AddDays(days).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
