using Analytics.Contract;
using Analytics.Tenancy;
using Analytics.Tests.Http;
using Microsoft.AspNetCore.Mvc;

namespace Analytics.Tests.Tenancy;

/// <summary>Routes that any key of the workspace may call.</summary>
public sealed class AnyKeyTests(AnalyticsApi api, AnyKeyTests.Node node) : IClassFixture<AnyKeyTests.Node>
{
    const string Route = "/probe/any-key";

    [Fact]
    public async Task Any_key_of_the_workspace_will_do()
    {
        var workspace = await api.NewWorkspaceAsync(scopes: Scopes.CustomersWrite);
        var portal = await workspace.BoundToAsync(await workspace.NewCustomerAsync(), Scopes.LogsRead);
        var (_, member) = await api.NewUserAsync((workspace, "viewer"));

        foreach (var key in (string?[])[workspace.Key, portal.Key, member.Key])
            Assert.Equal(workspace.Slug, (await node.With(key).GetAsync(Route)).GetProperty("slug").GetString());
    }

    [Fact]
    public async Task Nobody_else_gets_in()
    {
        var workspace = await api.NewWorkspaceAsync();
        var other = await api.NewWorkspaceAsync();
        var (_, stranger) = await api.NewUserAsync((other, "owner"));

        await node.With(null).GetAsync(Route, 401);
        await node.With(api.RootKey).GetAsync(Route, 403);
        await node.With(workspace.Key).GetAsync($"{Route}?workspace_id={other.Id}", 404);
        await node.With(stranger.Key).GetAsync($"{Route}?workspace_id={workspace.Id}", 404);
    }

    public sealed class Node(AnalyticsApi api) : ProbeNode(api, typeof(Probe));

    public sealed record Named(string Slug);

    [ApiController, RequireScope(RequireScopeAttribute.AnyKey, OfCustomer = true)]
    public sealed class Probe : ControllerBase
    {
        /// <summary>Which workspace the caller acts in.</summary>
        [HttpGet(Route)]
        public Named Get() => new(HttpContext.Workspace.Slug);
    }
}
