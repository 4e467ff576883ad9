using System.Text.Json.Nodes;

namespace Analytics.Tests.Features.AppStatistics;

/// <summary>What was told of apps: sent to the service, and counted by hand, day by day, without anything of the service's.</summary>
sealed class ToldFacts
{
    readonly List<(App App, DateOnly Day, string Device)> devices = [];
    readonly List<(App App, DateOnly Day, long Bytes)> downloads = [];
    readonly List<(App App, DateOnly Day, long Bytes)> changes = [];

    public sealed record App(WorkspaceClient Workspace, string NaturalId);

    public void Device(App app, DateOnly day, string device) => devices.Add((app, day, device));

    public void Download(App app, DateOnly day, long bytes) => downloads.Add((app, day, bytes));

    public void Change(App app, DateOnly day, long bytes) => changes.Add((app, day, bytes));

    /// <summary>Sends all of it, in batches of so many.</summary>
    public async Task SendAsync(Random random, int batch = 500)
    {
        foreach (var of in devices.GroupBy(fact => fact.App))
            await SendAsync(of.Key, "devices", "devices", of.Select(fact => Fact(random, fact.Day, "deviceId", fact.Device)), batch);
        foreach (var of in downloads.GroupBy(fact => fact.App))
            await SendAsync(of.Key, "downloads", "downloads", of.Select(fact => Fact(random, fact.Day, "bytes", fact.Bytes)), batch);
        foreach (var of in changes.GroupBy(fact => fact.App))
            await SendAsync(of.Key, "storage", "changes", of.Select(fact => Fact(random, fact.Day, "bytes", fact.Bytes)), batch);
    }

    /// <summary>A day of some apps together.</summary>
    public (long Mau, Int128 Storage, Int128 Bandwidth, int Storing) Day(IReadOnlyCollection<App> apps, DateOnly day) => (
        devices.Where(fact => apps.Contains(fact.App) && fact.Day <= day && fact.Day > day.AddDays(-30))
            .Select(fact => fact.Device.ToLowerInvariant()).Distinct().Count(),
        Sum(changes.Where(fact => apps.Contains(fact.App) && fact.Day <= day).Select(fact => fact.Bytes)),
        Sum(downloads.Where(fact => apps.Contains(fact.App) && fact.Day == day).Select(fact => fact.Bytes)),
        changes.Where(fact => apps.Contains(fact.App) && fact.Day <= day).Select(fact => fact.App).Distinct().Count());

    /// <summary>The rows the service has to answer.</summary>
    public JsonArray Rows(IReadOnlyCollection<App> apps, DateOnly from, DateOnly to, bool accumulate = false, bool ratios = false)
    {
        var rows = new JsonArray();
        Int128 running = 0;
        for (var day = from; day < to; day = day.AddDays(1))
        {
            var (mau, storage, bandwidth, storing) = Day(apps, day);
            running = accumulate ? running + bandwidth : bandwidth;
            var row = new JsonObject { ["date"] = $"{day:yyyy-MM-dd}", ["mau"] = mau, ["storage"] = Exact(storage), ["bandwidth"] = Exact(running) };
            if (ratios)
            {
                row["bandwidth_per_user"] = Ratio(running, mau);
                row["storage_per_app"] = Ratio(storage, storing);
            }

            rows.Add(row);
        }

        return rows;
    }

    static Int128 Sum(IEnumerable<long> bytes) => bytes.Aggregate((Int128)0, (sum, one) => sum + one);

    static JsonNode Exact(Int128 number) => JsonNode.Parse($"{number}")!;

    static JsonNode Ratio(Int128 part, Int128 whole) =>
        whole == 0 ? 0 : JsonNode.Parse($"{Math.Round((decimal)part / (decimal)whole, 2, MidpointRounding.AwayFromZero):0.##}")!;

    static JsonObject Fact(Random random, DateOnly day, string member, JsonNode value)
    {
        var second = new[] { 0, 86_399, random.Next(86_400) }[random.Next(3)];
        return new JsonObject { [member] = value, ["timestamp"] = $"{day.ToDateTime(TimeOnly.MinValue).AddSeconds(second):s}.999999Z" };
    }

    static async Task SendAsync(App app, string route, string list, IEnumerable<JsonObject> facts, int batch)
    {
        foreach (var some in facts.Chunk(batch))
            await app.Workspace.PostAsync($"/api/apps/{app.NaturalId}/{route}", new JsonObject { [list] = new JsonArray([.. some]) });
    }
}
