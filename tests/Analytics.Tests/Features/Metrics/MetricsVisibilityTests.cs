using Analytics.Tenancy;
using static Analytics.Tests.Features.Metrics.Dashboard;

namespace Analytics.Tests.Features.Metrics;

/// <summary>Whose numbers one gets: filters, portal keys, other workspaces, scopes.</summary>
public sealed class MetricsVisibilityTests(AnalyticsApi api)
{
    [Fact]
    public async Task Customers_are_asked_for_by_either_id()
    {
        var workspace = await api.NewWorkspaceAsync();
        var (acme, globex) = (await workspace.NewCustomerAsync("acme"), await workspace.NewCustomerAsync("globex"));
        await workspace.IngestAsync(
            Some.Event(at: Some.Day, customer: "acme", cost: 1), Some.Event(at: Some.Day, customerId: acme, cost: 2),
            Some.Event(at: Some.Day, customer: "globex", cost: 4), Some.Event(at: Some.Day, customer: "initech", cost: 8));

        await CostsAsync(workspace, "", "15", "3");
        await CostsAsync(workspace, $"&customer_id={acme}", "3", "1");
        await CostsAsync(workspace, "&external_customer_id=acme", "3", "1");
        await CostsAsync(workspace, $"&customer_id={acme}&customer_id={globex}", "7", "2");
        await CostsAsync(workspace, $"&customer_id={acme}&external_customer_id=acme&external_customer_id=initech", "3", "1");
        await CostsAsync(workspace, $"&customer_id={acme}&external_customer_id=globex", "0", "0");
        await CostsAsync(workspace, $"&customer_id={Guid.NewGuid()}", "0", "0");
        await CostsAsync(workspace, "&external_customer_id=nobody", "0", "0");
        await CostsAsync(workspace, "&share_id=none", "0", "0");
    }

    [Fact]
    public async Task A_portal_key_sees_its_customer_only()
    {
        var workspace = await api.NewWorkspaceAsync();
        var (acme, globex) = (await workspace.NewCustomerAsync("acme"), await workspace.NewCustomerAsync("globex"));
        await workspace.IngestAsync(
            Some.Event(at: Some.Day, customer: "acme", cost: 1), Some.Event(at: Some.Day, customerId: globex, cost: 2),
            Some.Event(at: Some.Day.AddDays(-100), customer: "globex", cost: 4));
        var portal = await workspace.BoundToAsync(acme);

        await CostsAsync(portal, "", "1", "1");
        await CostsAsync(portal, $"&customer_id={acme}", "1", "1");
        await CostsAsync(portal, $"&customer_id={globex}", "0", "0");
        await CostsAsync(portal, $"&customer_id={globex}&customer_id={acme}", "1", "1");
        Assert.Equal("1", Total(await portal.GetAsync(Days), "cumulative_costs"));
    }

    [Fact]
    public async Task Another_workspace_s_customers_are_unknown()
    {
        var (one, two) = (await api.NewWorkspaceAsync(), await api.NewWorkspaceAsync());
        var acme = await one.NewCustomerAsync("acme");
        await one.IngestAsync(Some.Event(at: Some.Day, customerId: acme, cost: 1));
        await two.IngestAsync(Some.Event(at: Some.Day, customer: "globex", cost: 2));

        await CostsAsync(two, $"&customer_id={acme}", "0", "0");
        await CostsAsync(two, "&external_customer_id=acme", "0", "0");
        await CostsAsync(two, "", "2", "1");
        await two.GetAsync($"{Days}&workspace_id={one.Id}", 404);
    }

    [Fact]
    public async Task Only_keys_with_the_scope_may_ask()
    {
        var workspace = await api.NewWorkspaceAsync();
        var reader = await workspace.WithScopesAsync(Scopes.MetricsRead);
        var other = await workspace.WithScopesAsync([.. Scopes.All.Where(scope => scope != Scopes.MetricsRead)]);

        await reader.GetAsync(Days);
        await reader.GetAsync($"{Route}/limits");
        await other.GetAsync(Days, 403);
        await other.GetAsync($"{Route}/limits", 403);
        await api.Anonymous.GetAsync(Days, 401);
    }

    static async Task CostsAsync(WorkspaceClient client, string filter, string costs, string users)
    {
        var answer = await client.GetAsync(Days + filter);
        Assert.Equal((costs, users, costs), (Total(answer, "costs"), Total(answer, "active_users"), Each(answer, "costs")[2]));
    }
}
