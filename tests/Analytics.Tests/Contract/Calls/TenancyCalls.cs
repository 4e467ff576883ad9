using Analytics.Tests.Features.Sessions;
using static Analytics.Tests.Contract.HeldClient;

namespace Analytics.Tests.Contract.Calls;

/// <summary>What is open, workspaces, users, sessions and invitations.</summary>
static class TenancyCalls
{
    public static async Task MakeAllAsync(AnalyticsApi api, HeldClient root)
    {
        await AskWhatIsOpenAsync(root.As(api.Anonymous));
        await ManageWorkspacesAsync(root);
        await ManageUsersAsync(api, root);
        await SignInAsync(api, root);
    }

    static async Task AskWhatIsOpenAsync(HeldClient client)
    {
        foreach (var path in (string[])["/", "/openapi.json", "/swagger/v1/swagger.json", "/health/live", "/health/ready"])
            await client.GetAsync(path);
    }

    static async Task ManageWorkspacesAsync(HeldClient client)
    {
        var slug = $"test-{Guid.NewGuid():n}";
        var made = await client.PostAsync("/api/workspaces", new { name = "Acme", slug, timezone = "Europe/Paris" });
        var workspace = $"/api/workspaces/{Id(made)}";
        await client.GetAsync("/api/workspaces");
        await client.GetAsync(workspace);
        await client.SendAsync("PATCH", workspace, new { retention_days = 30 }, 200);
        var key = Id(await client.PostAsync($"{workspace}/keys", new { name = "a", scopes = Analytics.Tenancy.Scopes.All }));
        await client.PostAsync($"{workspace}/keys", new { name = "b", scopes = (string[])["admin"], expires_at = "2099-01-01T00:00:00Z" });
        await client.GetAsync($"{workspace}/keys");
        await client.SendAsync("DELETE", $"{workspace}/keys/{key}", null, 204);
        await client.SendAsync("DELETE", workspace, null, 204);
    }

    static async Task ManageUsersAsync(AnalyticsApi api, HeldClient client)
    {
        var members = $"/api/workspaces/{(await api.NewWorkspaceAsync()).Id}/members";
        var user = Id(await client.PostAsync("/api/users", new { email = $"{Guid.NewGuid():n}@example.com", name = "Ada" }));
        await client.SendAsync("PUT", $"{members}/{user}", new { role = "viewer" }, 200);
        await client.GetAsync(members);
        await client.GetAsync("/api/users");
        await client.GetAsync($"/api/users/{user}");
        var key = Id(await client.PostAsync($"/api/users/{user}/keys", new { name = "laptop" }));
        await client.GetAsync($"/api/users/{user}/keys");
        await client.SendAsync("DELETE", $"/api/users/{user}/keys/{key}", null, 204);
        await client.SendAsync("DELETE", $"{members}/{user}", null, 204);
    }

    static async Task SignInAsync(AnalyticsApi api, HeldClient root)
    {
        var workspace = await api.NewWorkspaceAsync();
        var portal = await workspace.BoundToAsync(await workspace.NewCustomerAsync("acme"));
        var browser = new Browser(api.Address);
        var page = root.As(browser);
        foreach (var key in (string?[])[workspace.Key, portal.Key])
            await page.PostAsync("/api/session", new { key });
        var made = await root.As(workspace).PostAsync("/api/session/codes", new { expires_in = 60 });
        await page.PostAsync("/api/session", new { code = made.GetProperty("code").GetString() });
        await root.As(workspace).GetAsync("/api/session");
        await page.SendAsync("DELETE", "/api/session", null, 204);
        var invitations = $"/api/workspaces/{workspace.Id}/invitations";
        var invited = await root.PostAsync(invitations, new { email = "ada@example.com", name = "Ada", role = "viewer" });
        await root.GetAsync(invitations);
        await root.SendAsync("DELETE", $"{invitations}/{Id(invited)}", null, 204);
    }
}
