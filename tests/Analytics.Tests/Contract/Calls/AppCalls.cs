using System.Text.Json.Nodes;
using Analytics.Tests.Features.Apps;
using Npgsql;
using static Analytics.Tests.Contract.HeldClient;

namespace Analytics.Tests.Contract.Calls;

/// <summary>Apps, what is told of them, their statistics and their tables.</summary>
static class AppCalls
{
    public static async Task MakeAllAsync(HeldClient client)
    {
        var app = $"/api/apps/{Id(await client.PostAsync("/api/apps", new { natural_id = "acme:shop", name = "Shop", quota_bytes = 1 << 20 }))}";
        await client.GetAsync("/api/apps?q=shop");
        await client.GetAsync("/api/apps/acme%3Ashop");
        await client.SendAsync("PATCH", app, new { name = "The Shop" }, 200);
        await TellOfAppAsync(client, app);
        await LookIntoAppAsync(client, app);
        await client.SendAsync("DELETE", app, null, 204);
    }

    static async Task LookIntoAppAsync(HeldClient client, string app)
    {
        var made = await client.PostAsync($"{app}/workspace", null);
        await using var login = NpgsqlDataSource.Create(AppSchema.Settings(made.GetProperty("connection_string").GetString()!));
        await using var migration = login.CreateCommand("create table notes (id int primary key, at date unique); insert into notes values (1)");
        await migration.ExecuteNonQueryAsync();
        await client.PostAsync($"{app}/workspace", null, 200);
        await client.PostAsync($"{app}/workspace/credentials", null);
        await client.GetAsync($"{app}/stats/tables");
        await client.PostAsync($"{app}/stats/tables/notes/preview", new { limit = 1, offset = 0 }, 200);
    }

    static async Task TellOfAppAsync(HeldClient client, string app)
    {
        const string at = "2026-03-11T09:30:00Z";
        await client.PostAsync($"{app}/views", new { views = new[] { new { viewerId = "ada", timestamp = at, externalId = "v-1" } } }, 200);
        await client.PostAsync($"{app}/invocations", JsonNode.Parse($$"""
            {"invocations":[
             {"method":"GET","path":"/a","username":"ada","startedAt":"{{at}}","durationMs":12.345,"statusCode":200,"memoryPeakBytes":52428800},
             {"method":"GET","path":"/a","username":null,"startedAt":"{{at}}","durationMs":1,"statusCode":500,"memoryPeakBytes":0,"error":"Broken."}]}
            """), 200);
        await client.PostAsync($"{app}/devices", new { devices = new[] { new { deviceId = "7C2F3A90", timestamp = at } } }, 200);
        await client.PostAsync($"{app}/downloads", new { downloads = new[] { new { bytes = 1 << 20, timestamp = at } } }, 200);
        await client.PostAsync($"{app}/storage?partial=true", new { changes = new[] { new { bytes = -1L, timestamp = at } } }, 200);
        await AskForAppAsync(client, app);
    }

    static async Task AskForAppAsync(HeldClient client, string app)
    {
        const string march = "from=2026-03-01&to=2026-04-01&ratios=true";
        await client.GetAsync($"{app}/stats");
        await client.GetAsync($"{app}/stats/api");
        await client.GetAsync($"/statistics/app/{app.Split('/')[^1]}?{march}&compare=previous_year");
        await client.GetAsync($"/statistics/user?{march}&breakdown=app&accumulate=true&compare=previous_period");
        await client.GetAsync($"/statistics/org/{(await client.GetAsync(app)).GetProperty("workspace_id")}?from=2026-03-01&to=2026-03-02");
    }
}
