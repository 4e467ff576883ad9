using System.Net;
using Analytics.Commands.Demo.Life;

namespace Analytics.Commands.Demo;

/// <summary>Makes the demo's workspace, unless it is there, and a key of it.</summary>
static class DemoWorkspace
{
    const string Slug = "demo";

    /// <summary>A new key with every scope.</summary>
    public static async Task<string> NewKeyAsync(DemoClient root, CancellationToken cancel)
    {
        var made = await root.PostAsync(
            "api/workspaces", new { name = "Demo", slug = Slug, timezone = Rhythm.Timezone, currency = "usd" }, cancel,
            HttpStatusCode.Conflict);
        var id = made.TryGetProperty("id", out var fresh) ? fresh.GetGuid() : await FindAsync(root, cancel);
        var key = await root.PostAsync($"api/workspaces/{id}/keys", new { name = "demo", scopes = Tenancy.Scopes.All }, cancel);
        return key.GetProperty("key").GetString()!;
    }

    static async Task<Guid> FindAsync(DemoClient root, CancellationToken cancel)
    {
        string? cursor = null;
        do
        {
            var after = cursor is null ? "" : $"&cursor={cursor}";
            var page = await root.GetAsync("api/workspaces?limit=1000" + after, cancel);
            foreach (var workspace in page.GetProperty("data").EnumerateArray())
                if (workspace.GetProperty("slug").GetString() == Slug)
                    return workspace.GetProperty("id").GetGuid();
            cursor = page.GetProperty("meta").GetProperty("next_cursor").GetString();
        }
        while (cursor is not null);
        throw new InvalidOperationException($"The workspace '{Slug}' is there and is not.");
    }
}
