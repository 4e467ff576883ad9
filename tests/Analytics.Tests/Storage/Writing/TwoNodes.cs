using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;

namespace Analytics.Tests.Storage.Writing;

/// <summary>The service a second time over the same store: only two nodes can be in the store at the same moment.</summary>
public sealed class TwoNodes(AnalyticsApi api) : IAsyncLifetime
{
    WebApplication? second;

    public AnalyticsApi First => api;

    /// <summary>A key of the first node, acted on through the second one.</summary>
    public ApiClient SecondOf(ApiClient client) => new(new Uri(second!.Urls.Single()), client.Key);

    /// <summary>Posts events whatever happens, and answers how many were inserted and how many were duplicates.</summary>
    public static async Task<(int Inserted, int Duplicates)> PostAsync(ApiClient client, IEnumerable<JsonNode> events)
    {
        var answer = await client.PostAsync("/api/events/ingest", new JsonObject { ["events"] = new JsonArray([.. events]) });
        return (answer.GetProperty("inserted").GetInt32(), answer.GetProperty("duplicates").GetInt32());
    }

    public static async Task<List<JsonElement>> EventsAsync(ApiClient client, string filter = "")
    {
        var events = new List<JsonElement>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await client.GetAsync($"/api/events?limit=1000{filter}{(cursor.Length > 0 ? "&cursor=" + Uri.EscapeDataString(cursor) : "")}");
            events.AddRange(page.GetProperty("data").EnumerateArray());
            cursor = page.GetProperty("meta").GetProperty("next_cursor").GetString();
        }
        return events;
    }

    public async ValueTask InitializeAsync()
    {
        second = AnalyticsApp.Build([], builder =>
        {
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["ConnectionStrings:Postgres"] = api.ConnectionString,
                ["Analytics:RootKey"] = api.RootKey,
                ["ANALYTICS_DEMO"] = "0",
                ["PORT"] = "",
                ["Serilog:MinimumLevel:Default"] = "Warning",
            });
            builder.WebHost.UseUrls("http://127.0.0.1:0");
        });
        await second.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(second.Urls.Single()) };
        for (var attempt = 0; ; attempt++)
        {
            using var answer = await client.GetAsync("/health/ready");
            if (answer.IsSuccessStatusCode)
                return;
            Assert.True(attempt < 300, "The second node was not ready in a minute.");
            await Task.Delay(200);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (second is null)
            return;
        await second.StopAsync();
        await second.DisposeAsync();
    }
}
