using System.Text.Json.Nodes;
using Analytics.Features.Business.Alerts;
using Analytics.Storage;
using Analytics.Tenancy;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.Tests.Features.Business.Alerts;

/// <summary>What alerts hold and what they told is bounded, by how much it is and by time.</summary>
public sealed class AlertBoundsTests(TimedApi timed) : IClassFixture<TimedApi>
{
    [Fact]
    public async Task What_an_alert_told_goes_with_the_retention_of_its_records_unless_it_is_crossed_still()
    {
        var workspace = await timed.Api.NewWorkspaceAsync(retentionDays: 30);
        var over = await workspace.MakeAlertAsync(SomeAlerts.Count(above: 0));
        var open = await workspace.MakeAlertAsync(SomeAlerts.Of(
            """{"aggregation":"sum","field":"n"}""", new JsonObject { ["operator"] = "LESS_THAN", ["value"] = 1 }));
        await workspace.IngestAsync(Some.Events(1, at: timed.Now));
        await timed.LookAsync();
        await timed.LookAsync(16);
        var told = Assert.Single(await workspace.HistoryAsync(over));
        Assert.NotNull(told.GetProperty("backAt").GetString());

        await RunRetentionAsync(30);
        Assert.Single(await workspace.HistoryAsync(over));
        await RunRetentionAsync(32);

        Assert.Empty(await workspace.HistoryAsync(over));
        Assert.Single(await workspace.HistoryAsync(open));
    }

    [Fact]
    public async Task An_alert_that_is_too_large_says_so_and_no_other_suffers()
    {
        await timed.LookAsync(); // the service's own watch does not look again until the clock moves
        var workspace = await timed.Api.NewWorkspaceAsync();
        var large = await workspace.MakeAlertAsync(SomeAlerts.Count(above: 0, dimension: "customer"));
        var small = await workspace.MakeAlertAsync(SomeAlerts.Count(above: 59));
        await workspace.IngestAsync(Enumerable.Range(0, 60).Select(n => Some.Event(at: timed.Now.AddMinutes(-2), customer: $"c{n}")));
        var known = (await timed.Api.Services.GetRequiredService<TenantDirectory>().NamedAsync(workspace.Slug))!;
        var watched = new WatchedWorkspace(known, most: 50);

        await SomeAlerts.LookAsync(timed.Api, watched);
        Assert.Equal(["too large", "crossed"], [await StateAsync(workspace, large), await StateAsync(workspace, small)]);
        Assert.Empty(await workspace.HistoryAsync(large));

        await workspace.PatchAsync($"{SomeAlerts.Path}/{large}", new { window = "1h" });
        Assert.Equal("watching", await StateAsync(workspace, large));
    }

    Task RunRetentionAsync(int days) => timed.Clock.RunAsync(
        timed.Api.Services.GetRequiredService<Retention>().RunAsync(timed.Now.AddDays(days), TestContext.Current.CancellationToken));

    static async Task<string?> StateAsync(WorkspaceClient workspace, string alert) =>
        (await workspace.GetAsync($"{SomeAlerts.Path}/{alert}")).GetProperty("state").GetString();
}
