using System.Text.Json;
using System.Text.Json.Nodes;
using Analytics.Tests.Oracle;

namespace Analytics.Tests.Features.AppStatistics;

/// <summary>120 days, 300 devices and 5 apps in 2 workspaces: every answer is what counting by hand gives, however the facts are stored.</summary>
public sealed class StatisticsModelTests(AnalyticsApi api)
{
    static readonly DateOnly First = new(2025, 12, 20);
    static readonly DateOnly End = First.AddDays(120);

    readonly ToldFacts told = new();
    readonly Random random = new(20261128);
    readonly Dictionary<ToldFacts.App, Guid> ids = [];

    [Fact]
    public async Task Mau_storage_and_bandwidth_are_what_a_plain_count_gives()
    {
        var (one, two) = (await api.NewWorkspaceAsync(), await api.NewWorkspaceAsync());
        var (_, user) = await api.NewUserAsync((one, "viewer"), (two, "owner"));
        List<ToldFacts.App> apps = [new(one, "a:1"), new(one, "a:2"), new(one, "a:3"), new(two, "a:1"), new(two, "b:2")];
        foreach (var app in apps)
            ids[app] = await app.Workspace.NewAppAsync(app.NaturalId);
        Live(apps);
        await told.SendAsync(random);

        await CheckAsync(user, one, two, apps, "right after ingestion");
        foreach (var workspace in (WorkspaceClient[])[one, two])
            await (await Upkeep.OfAsync(workspace)).CompactAsync();
        await CheckAsync(user, one, two, apps, "compacted");
        await (await Upkeep.OfAsync(one)).RebuildAsync();
        await CheckAsync(user, one, two, apps, "rebuilt");
    }

    void Live(List<ToldFacts.App> apps)
    {
        for (var day = First; day < End; day = day.AddDays(1))
            foreach (var app in apps)
            {
                // Some apps rest for weeks.
                if (random.Next(20) == 0 || (app.NaturalId == "a:3" && day.Month == 2))
                    continue;
                for (var uses = random.Next(8); uses > 0; uses--)
                    told.Device(app, day, random.Next(2) == 0 ? $"Device-{random.Next(300)}" : $"device-{random.Next(300)}");
                if (random.Next(3) == 0)
                    told.Download(app, day, random.Next(10) == 0 ? long.MaxValue - random.Next(9) : random.Next(1 << 20));
                if (random.Next(4) == 0)
                    told.Change(app, day, random.Next(10) == 0 ? long.MinValue + random.Next(9) : random.Next(-1 << 20, 1 << 21));
            }
    }

    async Task CheckAsync(ApiClient user, WorkspaceClient one, WorkspaceClient two, List<ToldFacts.App> apps, string moment)
    {
        for (var round = 0; round < 8; round++)
        {
            var from = First.AddDays(random.Next(-40, 120));
            var to = from.AddDays(random.Next(1, 91));
            var (accumulate, ratios) = (random.Next(2) == 0, random.Next(2) == 0);
            var query = $"from={from:yyyy-MM-dd}&to={to:yyyy-MM-dd}&accumulate={(accumulate ? "true" : "false")}&ratios={(ratios ? "true" : "false")}";
            var workspace = round % 2 == 0 ? one : two;
            var own = apps.FindAll(app => app.Workspace == workspace);

            Same(Answer(own, from, to, accumulate, ratios, byApp: true), await user.GetAsync($"/statistics/org/{workspace.Slug}/?{query}&breakdown=app"));
            Same(Answer(apps, from, to, accumulate, ratios), await user.GetAsync($"/statistics/user/?{query}"));
            Same(Answer(own, from, to, accumulate, ratios), await workspace.GetAsync($"/statistics/user?{query}"));
            var app = own[random.Next(own.Count)];
            var last = told.Rows([app], from, to, accumulate: true, ratios)[^1]!;
            Same(new JsonObject { ["data"] = last.DeepClone() }, await workspace.GetAsync($"/statistics/app/{app.NaturalId}?{query}"));

            void Same(JsonNode expected, JsonElement answer) =>
                Assert.True(JsonNode.DeepEquals(expected, JsonNode.Parse(answer.GetRawText())), $"{moment}, {query}:\n{expected}\n{answer}");
        }
    }

    JsonObject Answer(List<ToldFacts.App> apps, DateOnly from, DateOnly to, bool accumulate, bool ratios, bool byApp = false)
    {
        var answer = new JsonObject { ["data"] = told.Rows(apps, from, to, accumulate, ratios) };
        if (byApp)
            answer["by_app"] = new JsonArray([.. apps.OrderBy(app => app.NaturalId, StringComparer.Ordinal).Select(app => new JsonObject
            {
                ["app_id"] = ids[app], ["natural_id"] = app.NaturalId, ["data"] = told.Rows([app], from, to, accumulate, ratios),
            })]);
        return answer;
    }
}
