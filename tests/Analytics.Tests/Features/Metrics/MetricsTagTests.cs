using System.Globalization;
using static Analytics.Tests.Features.Metrics.Dashboard;

namespace Analytics.Tests.Features.Metrics;

/// <summary>Asking again costs little and never gets an old number.</summary>
public sealed class MetricsTagTests(LaterNode later) : IClassFixture<LaterNode>
{
    readonly AnalyticsApi api = later.Api;

    [Fact]
    public async Task As_long_as_nothing_changed_the_answer_is_304()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(Some.Event(at: Some.Day, cost: 1));
        using var first = await AskAsync(workspace, Days);
        var tag = first.Headers.ETag!;
        Assert.False(tag.IsWeak);

        foreach (var known in new[] { $"{tag}", $"\"other\", {tag}", $"W/{tag}", "*" })
        {
            using var again = await AskAsync(workspace, Days, known);
            Assert.Equal((304, "", $"{tag}"), ((int)again.StatusCode, await again.Content.ReadAsStringAsync(), $"{again.Headers.ETag}"));
            foreach (var answer in new[] { first, again })
            {
                Assert.Equal((true, true), (answer.Headers.CacheControl!.Private, answer.Headers.CacheControl.NoCache));
                Assert.Equal(["Authorization", "X-API-Key", "Accept"], answer.Headers.Vary);
            }
        }

        Assert.Equal(304, await StatusAsync(later.Of(workspace), Days, $"{tag}"));
        Assert.Equal(200, await StatusAsync(workspace, Days, "\"other\""));
        Assert.Equal(200, await StatusAsync(workspace, Days, "no tag at all"));
    }

    [Fact]
    public async Task After_a_write_the_answer_is_new()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(Some.Event(at: Some.Day, externalId: "e-1", cost: 1));
        var tag = await TagAsync(workspace, Days);

        await workspace.IngestAsync(Some.Event(at: Some.Day, externalId: "e-1", cost: 1));
        Assert.Equal(304, await StatusAsync(workspace, Days, tag));

        await workspace.IngestAsync(Some.Event(at: Some.Day, externalId: "e-2", cost: 2));
        using var answer = await AskAsync(workspace, Days, tag);
        Assert.Equal(200, (int)answer.StatusCode);
        Assert.Contains("\"costs\":3,", await answer.Content.ReadAsStringAsync());
        Assert.Equal(200, await StatusAsync(later.Of(workspace), Days, tag));
    }

    [Fact]
    public async Task After_people_are_linked_or_erased_the_answer_is_new()
    {
        var workspace = await api.NewWorkspaceAsync();
        var customer = await workspace.NewCustomerAsync("acme");
        await workspace.IngestAsync(Some.Event(at: Some.Day, customerId: customer), Some.Event(at: Some.Day, customer: "ann"));
        var tag = await TagAsync(workspace, Days);

        await workspace.PatchAsync($"/api/customers/{customer}", new { external_id = "ann" });
        using var linked = await AskAsync(workspace, Days, tag);
        Assert.Contains("\"active_users\":1,", await linked.Content.ReadAsStringAsync());
        tag = $"{linked.Headers.ETag}";

        await workspace.DeleteAsync($"/api/customers/{customer}", 202);
        Assert.Equal(200, await StatusAsync(workspace, Days, tag));
    }

    [Fact]
    public async Task When_a_bucket_ends_the_answer_is_new()
    {
        var workspace = await api.NewWorkspaceAsync();
        var today = TimeProvider.System.GetUtcNow();
        var hours = $"{Route}?start_date={today:yyyy-MM-dd}&end_date={today.AddDays(1):yyyy-MM-dd}&interval=hour";
        var past = $"{Route}?start_date={today.AddDays(-3):yyyy-MM-dd}&end_date={today.AddDays(-2):yyyy-MM-dd}&interval=hour";
        var node = later.Of(workspace);
        later.Ahead = TimeSpan.Zero;
        var (tag, tagOfPast) = (await TagAsync(node, hours), await TagAsync(node, past));

        later.Ahead = TimeSpan.FromHours(1);

        Assert.Equal(200, await StatusAsync(node, hours, tag));
        Assert.Equal(304, await StatusAsync(node, past, tagOfPast));
        Assert.NotEqual(tag, await TagAsync(node, hours));
    }

    [Fact]
    public async Task When_a_share_runs_out_the_answer_is_new()
    {
        var workspace = await api.NewWorkspaceAsync();
        var now = TimeProvider.System.GetUtcNow();
        await workspace.IngestAsync(Some.Event("file_share.created", now.AddMinutes(-1), metadata: new()
        {
            ["share_id"] = "s",
            ["expires_at"] = now.AddMinutes(40).UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
        }));
        var years = $"{Route}?start_date={now.AddDays(-1):yyyy-MM-dd}&end_date={now.AddDays(40):yyyy-MM-dd}&interval=year&metrics=file_share_active_sessions";
        var (node, other) = (later.Of(workspace), later.Of(await api.NewWorkspaceAsync()));
        later.Ahead = TimeSpan.Zero;
        var (tag, tagOfOther) = (await TagAsync(node, years), await TagAsync(other, years));

        later.Ahead = TimeSpan.FromMinutes(39);
        Assert.Equal(304, await StatusAsync(node, years, tag));
        Assert.Equal("1", Total(await node.GetAsync(years), "file_share_active_sessions"));

        later.Ahead = TimeSpan.FromMinutes(41);
        Assert.Equal(200, await StatusAsync(node, years, tag));
        Assert.Equal("0", Total(await node.GetAsync(years), "file_share_active_sessions"));
        Assert.Equal(304, await StatusAsync(other, years, tagOfOther));
    }

    [Fact]
    public async Task No_two_questions_callers_or_workspaces_share_a_tag()
    {
        var (workspace, other) = (await api.NewWorkspaceAsync(), await api.NewWorkspaceAsync());
        var (acme, globex) = (await workspace.NewCustomerAsync("acme"), await workspace.NewCustomerAsync("globex"));
        var tags = new List<string> { await TagAsync(other, Days), await TagAsync(workspace, Days, "text/csv") };
        foreach (var more in (string[])[
            "", "&timezone=Europe/Paris", "&timezone=Asia/Tokyo", "&metrics=costs", "&metrics=active_users", "&share_id=a", "&share_id=b",
            "&share_id=a&share_id=b", "&external_customer_id=a", $"&customer_id={acme}", $"&customer_id={globex}",
            "&compare=previous_period", "&compare=previous_year"])
            tags.Add(await TagAsync(workspace, Days + more));
        foreach (var interval in (string[])["hour", "week", "month", "year"])
            tags.Add(await TagAsync(workspace, $"{Route}?start_date=2026-03-09&end_date=2026-03-13&interval={interval}"));
        tags.Add(await TagAsync(workspace, $"{Route}?start_date=2026-03-09&end_date=2026-03-14&interval=day"));
        tags.Add(await TagAsync(await workspace.BoundToAsync(acme), Days));
        tags.Add(await TagAsync(await workspace.BoundToAsync(globex), Days));

        Assert.Distinct(tags);
        Assert.Equal(await TagAsync(workspace, Days), await TagAsync(workspace, $"{Days}&timezone=UTC"));
        Assert.Equal(await TagAsync(workspace, $"{Days}&metrics=active_users"), await TagAsync(workspace, $"{Days}&metrics=active_user_by_event"));
        Assert.Equal(await TagAsync(workspace, $"{Days}&format=csv"), await TagAsync(workspace, Days, "text/csv"));
    }
}
