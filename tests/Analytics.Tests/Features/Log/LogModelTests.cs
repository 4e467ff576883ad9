using System.Text.Json;
using System.Text.Json.Nodes;
using Analytics.Tests.Oracle;

namespace Analytics.Tests.Features.Log;

/// <summary>Thousands of mixed records against a model: every filter alone and in pairs, and pages while others arrive.</summary>
public sealed class LogModelTests(AnalyticsApi api)
{
    static readonly DateTimeOffset From = Some.Day.AddDays(-40);
    static readonly DateTimeOffset To = Some.Day;

    static readonly (string Name, string[] Values)[] Filters =
    [
        ("q", ["alpha", "GAM%", "a_t", "a\\", "éPSILON", "request-1", "10.20.7", "payment", "completed", "nothing of it", "2026-0"]),
        ("type", ["request.completed", "payment.late.failed", "page.viewed", "unknown.name"]),
        ("category", ["API", "BILLING", "AUTH", "SYSTEM", "USAGE"]),
        ("severity", ["INFO", "WARN", "ERROR", "CRITICAL"]),
        ("actor", ["ann", "key-1", "nobody"]),
        ("targetType", ["endpoint", "invoice", "none"]),
        ("targetId", ["GET:/things/:id", "in-1"]),
        ("correlationId", ["c-1", "request-7"]),
    ];

    [Fact]
    public async Task Every_filter_and_every_pair_finds_what_the_model_finds()
    {
        var workspace = await api.NewWorkspaceAsync();
        var records = await SendAsync(workspace, new ToldLog(new Random(11), From, To), events: 12_000, requests: 8_000);
        var upkeep = await Upkeep.OfAsync(workspace);
        await upkeep.CompactAsync();
        var random = new Random(4);

        foreach (var (name, values) in Filters)
            foreach (var value in values)
                await AgreeAsync(workspace, records, limit: 1_000 - random.Next(600), (name, value));
        foreach (var one in Filters)
            foreach (var other in Filters)
                if (string.CompareOrdinal(one.Name, other.Name) < 0)
                    await AgreeAsync(
                        workspace, records, limit: 1_000, (one.Name, one.Values[random.Next(one.Values.Length)]),
                        (other.Name, other.Values[random.Next(other.Values.Length)]));
    }

    [Fact]
    public async Task Pages_have_no_gap_and_no_repeat_while_older_and_newer_records_arrive()
    {
        var workspace = await api.NewWorkspaceAsync();
        var (before, told) = (await SendAsync(workspace, new ToldLog(new Random(2), From, To), 600, 400), new List<string>());
        var (cursor, arrived) = ("", 0);
        do
        {
            var page = await workspace.GetAsync($"/api/v1/events?limit=90{cursor}");
            told.AddRange(Marks(page));
            await SendAsync(workspace, new ToldLog(new Random(100 + arrived), From.AddDays(-10), To.AddDays(2)), 20, 20, first: 10_000 + arrived++ * 20);
            cursor = page.GetProperty("nextCursor").GetString() is { } next ? $"&cursor={Uri.EscapeDataString(next)}" : "";
        }
        while (cursor.Length > 0);

        Assert.Equal(told.Count, told.Distinct().Count());
        Assert.Equal(before.Select(record => record.Mark).Order(), told.Where(mark => mark.Split('-')[1].Length < 5).Order());
    }

    [Fact]
    public async Task A_portal_key_sees_its_customers_records_only()
    {
        var workspace = await api.NewWorkspaceAsync();
        var records = await SendAsync(workspace, new ToldLog(new Random(3), From, To), 200, 200);
        var customer = await workspace.NewCustomerAsync("customer-1");
        var portal = await workspace.BoundToAsync(customer, "logs:read");

        var shown = Marks(await portal.GetAsync("/api/v1/events?limit=1000"));

        Assert.Equal(records.Where(record => record.Texts.Contains("customer-1")).Select(record => record.Mark).Order(), shown.Order());
    }

    static async Task AgreeAsync(WorkspaceClient workspace, List<ToldRecord> records, int limit, params (string Name, string Value)[] filters)
    {
        var query = string.Concat(filters.Select(filter => $"&{filter.Name}={Uri.EscapeDataString(filter.Value)}"));
        var (told, cursor) = (new List<string>(), "");
        do
        {
            var page = await workspace.GetAsync($"/api/v1/events?limit={limit}&from={From.AddDays(-1):yyyy-MM-dd}&to={To.AddDays(1):yyyy-MM-dd}{query}{cursor}");
            foreach (var shown in page.GetProperty("data").EnumerateArray())
                told.Add($"{shown.GetProperty("createdAt").GetDateTimeOffset():O} {Mark(shown)}");
            cursor = page.GetProperty("nextCursor").GetString() is { } next ? $"&cursor={Uri.EscapeDataString(next)}" : "";
        }
        while (cursor.Length > 0);

        var expected = records.Where(record => filters.All(filter => record.Passes(filter.Name, filter.Value))).ToList();
        Assert.True(
            expected.Select(record => $"{record.At.ToUniversalTime():O} {record.Mark}").Order().SequenceEqual(told.Order()),
            $"{query}: {expected.Count} expected, {told.Count} told.");
        Assert.Equal(told.Select(line => line.Split(' ')[0]).OrderDescending(), told.Select(line => line.Split(' ')[0]));
    }

    static async Task<List<ToldRecord>> SendAsync(WorkspaceClient workspace, ToldLog log, int events, int requests, int first = 0)
    {
        var (sentEvents, sentRequests) = (
            Enumerable.Range(first, events).Select(log.Event).ToList(), Enumerable.Range(first, requests).Select(log.Request).ToList());
        foreach (var part in sentEvents.Chunk(700))
            await workspace.IngestAsync(part.Select(one => one.Sent));
        foreach (var part in sentRequests.Chunk(700))
            await workspace.PostAsync("/api/requests/ingest", new JsonObject { ["requests"] = new JsonArray([.. part.Select(one => one.Sent)]) });
        return [.. sentEvents.Select(one => one.Record), .. sentRequests.Select(one => one.Record)];
    }

    static IEnumerable<string> Marks(JsonElement page) => [.. page.GetProperty("data").EnumerateArray()
        .Where(shown => shown.GetProperty("source").GetString() != "system").Select(Mark)];

    static string Mark(JsonElement shown) =>
        shown.GetProperty("payload").TryGetProperty("mark", out var mark) ? mark.GetString()! : shown.GetProperty("correlationId").GetString()!;
}
