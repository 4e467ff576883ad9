using Analytics.Commands;
using Analytics.Tests.Features.Sessions;
using Analytics.Tests.Features.Streams;
using Microsoft.Extensions.Configuration;

namespace Analytics.Tests.Commands;

public sealed class LinkCommandTests(AnalyticsApi api)
{
    [Fact]
    public async Task It_prints_a_link_that_signs_in_once_with_every_right()
    {
        var workspace = await api.NewWorkspaceAsync();

        var (exit, output, _) = await RunAsync("--workspace", workspace.Slug);

        Assert.Equal(0, exit);
        Assert.StartsWith($"http://localhost:{api.Address.Port}/ui/open#code_", output);
        var code = output.Trim().Split('#')[1];
        var session = await new Browser(api.Address).SignInAsync(new { code });
        Assert.Equal(workspace.Slug, session.GetProperty("workspaces")[0].GetProperty("slug").GetString());
        Assert.Equal(
            Analytics.Tenancy.Scopes.All,
            session.GetProperty("workspaces")[0].GetProperty("scopes").EnumerateArray().Select(scope => scope.GetString()));
        await new Browser(api.Address).SignInAsync(new { code }, 401);
    }

    [Fact]
    public async Task All_its_links_hang_on_one_key_that_ends_them()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.PostAsync($"/api/workspaces/{workspace.Id}/keys", new { name = "link", scopes = new[] { "events:read" } }, 201);
        var browser = new Browser(api.Address);
        await browser.SignInAsync(new { code = await CodeAsync(workspace) });
        var waiting = await CodeAsync(workspace);
        var keys = (await workspace.GetAsync($"/api/workspaces/{workspace.Id}/keys?sort=-created_at")).GetProperty("data").EnumerateArray()
            .Where(key => key.GetProperty("name").GetString() == "link").ToList();
        Assert.Equal(2, keys.Count);

        await workspace.DeleteAsync($"/api/workspaces/{workspace.Id}/keys/{keys[0].GetProperty("id").GetString()}");

        await browser.LookAsync(401);
        await new Browser(api.Address).SignInAsync(new { code = waiting }, 401);
        await new Browser(api.Address).SignInAsync(new { code = await CodeAsync(workspace) });
    }

    [Fact]
    public async Task It_says_the_public_address()
    {
        var workspace = await api.NewWorkspaceAsync();

        var (_, output, _) = await RunAsync(
            ["--workspace", $"{workspace.Id}"], ("Analytics:PublicUrl", "https://stats.example.com/in"), ("Analytics:PathBase", "/elsewhere"));
        var (_, local, _) = await RunAsync(["--workspace", $"{workspace.Id}"], ("Analytics:PathBase", "/elsewhere"));

        Assert.StartsWith("https://stats.example.com/in/ui/open#code_", output);
        Assert.StartsWith($"http://localhost:{api.Address.Port}/elsewhere/ui/open#code_", local);
    }

    // On a store of its own: another test's may have a demo, which is then the one that is meant.
    [Fact]
    public async Task It_says_what_is_missing()
    {
        var store = await api.NewDatabaseAsync() + ";Maximum Pool Size=12";
        await using var node = await Node.StartAsync(api, ("ConnectionStrings:Postgres", store));
        var root = new ApiClient(node.Address, api.RootKey);
        await root.PostAsync("/api/workspaces", new { name = "One", slug = "one" }, 201);
        await root.PostAsync("/api/workspaces", new { name = "Two", slug = "two" }, 201);

        Assert.Equal((2, "There is no workspace 'nowhere'."), await RefusedAsync(store, "--workspace=nowhere"));
        Assert.Equal((2, "Say which workspace: link --workspace slug-or-id"), await RefusedAsync(store));
        Assert.Equal((2, "Usage: link [--workspace slug-or-id]"), await RefusedAsync(store, "demo"));
    }

    async Task<string> CodeAsync(WorkspaceClient workspace) =>
        (await RunAsync("--workspace", workspace.Slug)).Output.Trim().Split('#')[1];

    async Task<(int, string)> RefusedAsync(string store, params string[] args)
    {
        var (exit, output, error) = await RunAsync(args, ("ConnectionStrings:Postgres", store));
        Assert.Equal("", output);
        return (exit, error.Trim());
    }

    Task<(int Exit, string Output, string Error)> RunAsync(params string[] args) => RunAsync(args, []);

    async Task<(int Exit, string Output, string Error)> RunAsync(string[] args, params (string Name, string Value)[] settings)
    {
        var all = new Dictionary<string, string?> { ["ConnectionStrings:Postgres"] = api.ConnectionString, ["PORT"] = $"{api.Address.Port}" };
        foreach (var (name, value) in settings)
            all[name] = value;
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exit = await LinkCommand.RunAsync(args, new ConfigurationBuilder().AddInMemoryCollection(all).Build(), output, error);
        return (exit, output.ToString(), error.ToString());
    }
}
