using System.Text.Json.Nodes;
using Analytics.Tests.Commands;

namespace Analytics.Tests.Storage.Writing;

/// <summary>Events of several workspaces that come at the same time are committed together, and each workspace's count for it alone.</summary>
public sealed class SharedCommitTests(AnalyticsApi api)
{
    [Fact]
    public async Task What_workspaces_send_at_once_counts_for_each_its_own()
    {
        const int Rounds = 20, Workspaces = 6;
        var all = await Task.WhenAll(Enumerable.Range(0, Workspaces).Select(_ => api.NewWorkspaceAsync()));
        foreach (var workspace in all)
            await workspace.PostAsync("/api/v1/billable-units", new
            {
                key = "n", name = "N", unitLabel = "n", aggregation = "SUM", eventName = "task.done", field = "n",
            }, 201);

        for (var round = 0; round < Rounds; round++)
            await Task.WhenAll(all.Select((workspace, at) => workspace.IngestAsync(EventsOf(at))));

        foreach (var (at, workspace) in all.Index())
        {
            var unit = (await workspace.GetAsync($"/api/v1/analytics/usage/by-billable-unit?{March}")).GetProperty("units")[0];
            Assert.Equal(Rounds * (at + 1) * (at + 1), unit.GetProperty("total").GetInt32());
            var product = Assert.Single((await workspace.GetAsync($"/api/v1/analytics/usage/by-product?{March}")).GetProperty("products").EnumerateArray());
            Assert.Equal(($"p{at}", Rounds * (at + 1)), (product.GetProperty("product").GetString(), product.GetProperty("events").GetInt32()));
            var costs = (await workspace.GetAsync($"/api/v1/analytics/cogs?groupBy=subscription&{March}")).GetProperty("rows");
            var cost = Assert.Single(costs.EnumerateArray());
            Assert.Equal(($"s{at}", Rounds * (at + 1)), (cost.GetProperty("key").GetString(), cost.GetProperty("costCents").GetInt32()));
            await VerifyRun.OfAsync(workspace, 0);
        }
    }

    const string March = "from=2026-03-01&to=2026-04-01";

    /// <summary>Of another product and number in each workspace, and so many.</summary>
    static JsonObject[] EventsOf(int at) =>
    [
        .. Enumerable.Range(0, at + 1).Select(_ => Some.Event(
            "task.done", Some.Day, customer: "acme", cost: 1,
            metadata: new() { ["product_id"] = $"p{at}", ["n"] = at + 1, ["subscription_id"] = $"s{at}" })),
    ];
}
