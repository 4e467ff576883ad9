using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Analytics.Features.Metrics;
using Analytics.Storage;
using Analytics.Storage.Schema;
using Analytics.Tests.Oracle;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using static Analytics.Tests.Features.Metrics.Dashboard;

namespace Analytics.Tests.Features.Metrics;

/// <summary>Asking again costs little and never gets an old number.</summary>
public sealed class MetricsTagTests(AnalyticsApi api)
{
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
                Assert.Equal(["Authorization", "X-API-Key", "Cookie"], answer.Headers.Vary);
            }
        }

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
    public async Task After_a_rebuild_nobody_keeps_a_number_that_may_have_been_wrong()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(Some.Event(at: Some.Day));
        var upkeep = await Upkeep.OfAsync(workspace);
        var tag = await TagAsync(workspace, Days);

        await upkeep.CompactAsync();
        Assert.Equal(304, await StatusAsync(workspace, Days, tag));

        await upkeep.RebuildAsync();
        Assert.Equal(200, await StatusAsync(workspace, Days, tag));
    }

    [Fact]
    public async Task When_a_bucket_ends_the_tag_is_another()
    {
        var workspace = await StoredAsync(await api.NewWorkspaceAsync());
        var noon = Some.Day.AddHours(12);
        var hours = new MetricsRequest { StartDate = "2026-03-11", EndDate = "2026-03-12", Interval = "hour" };
        var later = new MetricsRequest { StartDate = "2026-03-20", EndDate = "2026-03-20", Interval = "hour" };

        Assert.Equal(await TagAtAsync(workspace, hours, noon), await TagAtAsync(workspace, hours, noon.AddMinutes(59)));
        Assert.NotEqual(await TagAtAsync(workspace, hours, noon.AddMinutes(59)), await TagAtAsync(workspace, hours, noon.AddHours(1)));
        Assert.Equal(await TagAtAsync(workspace, later, noon.AddMinutes(59)), await TagAtAsync(workspace, later, noon.AddHours(1)));
        // The hours it is compared with end too.
        later = later with { Compare = "previous_period", StartDate = "2026-03-12", EndDate = "2026-03-12" };
        Assert.NotEqual(await TagAtAsync(workspace, later, noon.AddMinutes(59)), await TagAtAsync(workspace, later, noon.AddHours(1)));
    }

    [Fact]
    public async Task When_a_share_runs_out_the_tag_is_another()
    {
        var (client, other) = (await api.NewWorkspaceAsync(), await StoredAsync(await api.NewWorkspaceAsync()));
        await client.IngestAsync(Share("s", Some.Day.AddHours(11), Some.Day.AddHours(12)));
        var workspace = await StoredAsync(client);
        var noon = Some.Day.AddHours(12);
        var years = new MetricsRequest { StartDate = "2026-03-11", EndDate = "2026-03-12", Interval = "year" };

        var before = await TagAtAsync(workspace, years, noon.AddMicroseconds(-1));
        Assert.Equal(before, await TagAtAsync(workspace, years, noon.AddMinutes(-20)));
        Assert.NotEqual(before, await TagAtAsync(workspace, years, noon));
        Assert.Equal(await TagAtAsync(other, years, noon.AddMicroseconds(-1)), await TagAtAsync(other, years, noon));
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

    [Fact]
    public async Task A_portal_keys_tag_changes_with_its_customers_facts_and_by_nobody_elses()
    {
        var workspace = await api.NewWorkspaceAsync();
        var acme = await workspace.NewCustomerAsync("acme");
        var portal = await workspace.BoundToAsync(acme);
        await workspace.IngestAsync(Some.Event(at: Some.Day, customer: "acme", cost: 1));
        var before = await TagAsync(portal, Days);

        await workspace.IngestAsync(
            Some.Event(at: Some.Day, customer: "globex", cost: 2), Some.Event("storefront.viewed", Some.Day, customer: null),
            Some.Event("file_share.created", Some.Day, customer: "globex", metadata: new() { ["share_id"] = "s", ["price_cents"] = 100 }));
        await workspace.NewCustomerAsync("globex");
        Assert.Equal(before, await TagAsync(portal, Days));
        Assert.Equal(304, await StatusAsync(portal, Days, before));

        await workspace.IngestAsync(Some.Event(at: Some.Day, customer: "acme", cost: 3));
        Assert.NotEqual(before, await TagAsync(portal, Days));
        Assert.Equal(200, await StatusAsync(portal, Days, before));
    }

    static JsonObject Share(string id, DateTimeOffset at, DateTimeOffset expiresAt) => Some.Event("file_share.created", at, metadata: new()
    {
        ["share_id"] = id,
        ["expires_at"] = expiresAt.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
    });

    /// <summary>The tag the service would give at that moment.</summary>
    async Task<string> TagAtAsync(Workspace workspace, MetricsRequest request, DateTimeOffset now)
    {
        await using var scope = api.Services.CreateAsyncScope();
        var version = await scope.ServiceProvider.GetRequiredService<MetricsQuery>().VersionAsync(workspace, now, default);
        return $"{new MetricsTag(workspace, null, MetricsQuestion.Of(request, workspace, now), false).Of(version)}";
    }

    async Task<Workspace> StoredAsync(WorkspaceClient client)
    {
        await using var scope = api.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AnalyticsDb>();
        return await db.Set<Workspace>().SingleAsync(workspace => workspace.Id == client.Id);
    }
}
