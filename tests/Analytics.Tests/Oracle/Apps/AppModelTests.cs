using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Analytics.Tests.Oracle.Apps;

/// <summary>The model beside answers worked out by hand; and no number or text of them may be another one.</summary>
public sealed class AppModelTests(AnalyticsApi api)
{
    static readonly DateTimeOffset Now = At("2026-03-10T12:00:00Z");

    [Fact]
    public async Task Statistics_are_those_worked_out_by_hand()
    {
        var (world, one, two) = await NewWorldAsync();
        Tell(
            world,
            new ToldDevice(one, At("2026-02-06T23:59:59.999999Z"), "A"), new ToldDevice(two, At("2026-03-08T00:00:00Z"), "a"),
            new ToldDevice(one, At("2026-03-07T12:00:00Z"), "b"), new ToldDownload(one, At("2026-03-07T12:00:00Z"), 5),
            new ToldDownload(two, At("2026-03-08T23:59:59.999999Z"), BigInteger.Pow(2, 70)),
            new ToldChange(two, At("2025-01-01T00:00:00Z"), -7),
            new ToldChange(one, At("2026-03-08T23:00:00Z"), 2) { ExternalId = "x" },
            new ToldChange(two, At("2026-03-08T23:00:00Z"), 9) { ExternalId = "x" });
        two.IsDeleted = true;

        var scope = new StatisticsScope("user", one.Workspace, [one.Workspace]);
        var question = new StatisticsQuestion(scope, new(2026, 3, 7), new(2026, 3, 9))
        {
            IsByApp = true, HasRatios = true, Compare = "previous_period",
        };
        AssertOnly(question.Answer(world), $$"""
            {"data":[{"date":"2026-03-07","mau":2,"storage":-7,"bandwidth":5,"bandwidth_per_user":2.5,"storage_per_app":-7},
                     {"date":"2026-03-08","mau":2,"storage":-5,"bandwidth":1180591620717411303424,
                      "bandwidth_per_user":590295810358705651712,"storage_per_app":-2.5}],
             "by_app":[{"app_id":"{{one.Id}}","natural_id":"o:one","data":[
                     {"date":"2026-03-07","mau":2,"storage":0,"bandwidth":5,"bandwidth_per_user":2.5,"storage_per_app":0},
                     {"date":"2026-03-08","mau":1,"storage":2,"bandwidth":0,"bandwidth_per_user":0,"storage_per_app":2}]}],
             "previous":[{"date":"2026-03-05","mau":1,"storage":-7,"bandwidth":0,"bandwidth_per_user":0,"storage_per_app":-7},
                         {"date":"2026-03-06","mau":1,"storage":-7,"bandwidth":0,"bandwidth_per_user":0,"storage_per_app":-7}]}
            """);
        var running = question with { IsByApp = false, HasRatios = false, Compare = "previous_year", IsAccumulated = true };
        AssertOnly(running.Answer(world), """
            {"data":[{"date":"2026-03-07","mau":2,"storage":-7,"bandwidth":5},
                     {"date":"2026-03-08","mau":2,"storage":-5,"bandwidth":1180591620717411303429}],
             "previous":[{"date":"2025-03-07","mau":0,"storage":-7,"bandwidth":0},{"date":"2025-03-08","mau":0,"storage":-7,"bandwidth":0}]}
            """);
        var app = question with { Scope = new("app/o:one", one.Workspace, [one.Workspace], one), HasRatios = false };
        AssertOnly(app.Answer(world), """
            {"data":{"date":"2026-03-08","mau":1,"storage":2,"bandwidth":5},
             "previous":{"date":"2026-03-06","mau":1,"storage":0,"bandwidth":0}}
            """);
    }

    [Fact]
    public async Task Usage_is_that_worked_out_by_hand()
    {
        var (world, one, two) = await NewWorldAsync();
        foreach (var (at, viewer) in ((string, string?)[])
            [
                ("2026-03-10T23:59:59.999999Z", "ann"), ("2026-03-04T00:00:00Z", "ANN"), ("2026-03-03T23:59:59.999999Z", "ann"),
                ("2026-02-09T00:00:00Z", null), ("2026-02-08T23:59:59.999999Z", "bob"), ("2026-03-11T00:00:00Z", "bob"),
            ])
            Tell(world, new ToldView(one, At(at), viewer));
        Tell(
            world,
            new ToldView(two, Now, "zoe"), new ToldInvocation(one, At("2026-02-08T23:59:59.999999Z"), "/old", 9, 500, 900, null),
            new ToldInvocation(one, At("2026-02-09T00:00:00Z"), "/a", 10, 499, 70, null),
            new ToldInvocation(one, Now, "/b", 1, 500, 60, null),
            new ToldInvocation(one, Now.AddSeconds(-1), "/c", 0, 200, 50, "no"));

        AssertOnly(new AppStatsCount(world, one, Now).Stats(), $$"""
            {"appId":"{{one.Id}}","totalViews":6,"uniqueViewers":3,"views7d":2,"views30d":4,"lastViewedAt":"2026-03-11T00:00:00Z",
             "viewsByDay":[{"day":"2026-03-10","count":1},{"day":"2026-03-09","count":0},{"day":"2026-03-08","count":0},
                           {"day":"2026-03-07","count":0},{"day":"2026-03-06","count":0},{"day":"2026-03-05","count":0},
                           {"day":"2026-03-04","count":1}],
             "api":{"totalInvocations":4,"invocations7d":2,"invocations30d":3,"avgDurationMs":4,"errorCount30d":2,"errorRate30d":66.67,
                    "peakMemoryBytes":70,"totalComputeMs":11},
             "storage":{"hasWorkspace":false,"schemaSize":0,"tableCount":0,"quotaBytes":0,"quotaPercent":0} }
            """);
        var usage = JsonElement.Parse(new AppStatsCount(world, one, Now).Api(kept: At("2026-02-09T00:00:00Z")));
        var recent = usage.GetProperty("recent").EnumerateArray().ToList();
        Assert.Equal(["/b", "/c", "/a"], recent.Select(row => row.GetProperty("path").GetString()));
        Assert.Equal([null, "no", null], recent.Select(row => row.GetProperty("error").GetString()));
        var daily = usage.GetProperty("daily").EnumerateArray().ToList();
        Assert.Equal(30, daily.Count);
        Assert.Equal("""{"day":"2026-03-10","count":2,"avgDurationMs":1,"errorCount":2}""", Compact(daily[0]));
        Assert.Equal("""{"day":"2026-02-09","count":1,"avgDurationMs":10,"errorCount":0}""", Compact(daily[^1]));
    }

    [Fact]
    public async Task The_numbers_of_the_source_are_the_models()
    {
        var (world, one, _) = await NewWorldAsync();
        for (var number = 0; number < 780; number++)
            Tell(world, new ToldInvocation(one, Now, "/", number < 420 ? 245 : 244, number < 12 ? 500 : 200, 1, null));

        var usage = JsonElement.Parse(new AppStatsCount(world, one, Now).Stats()).GetProperty("api");
        string[] members = ["avgDurationMs", "errorCount30d", "errorRate30d", "totalComputeMs"];
        Assert.Equal(["245", "12", "1.54", "190740"], members.Select(member => usage.GetProperty(member).GetRawText()));
    }

    async Task<(AppWorld World, ToldApp One, ToldApp Two)> NewWorldAsync()
    {
        var (world, workspace) = (new AppWorld(), await api.NewWorkspaceAsync());
        world.Apps.AddRange(new ToldApp(workspace, Guid.NewGuid(), "o:one"), new ToldApp(workspace, Guid.NewGuid(), "o:two"));
        return (world, world.Apps[0], world.Apps[1]);
    }

    static void Tell(AppWorld world, params ToldFact[] facts)
    {
        foreach (var fact in facts)
            world.Tell(fact);
    }

    /// <summary>An answer is right, and with any other number or text in it wrong.</summary>
    static void AssertOnly(string expected, string answer)
    {
        Assert.Null(Canonical.Difference(expected, JsonElement.Parse(answer)));
        for (var leaf = 0; leaf < Leaves(JsonNode.Parse(answer)!).Count; leaf++)
        {
            var changed = JsonNode.Parse(answer)!;
            Leaves(changed)[leaf].ReplaceWith<JsonNode>(JsonValue.Create("other"));
            Assert.NotNull(Canonical.Difference(expected, JsonElement.Parse(changed.ToJsonString())));
        }
    }

    static List<JsonNode> Leaves(JsonNode node) => node switch
    {
        JsonObject members => [.. members.Select(member => member.Value).OfType<JsonNode>().SelectMany(Leaves)],
        JsonArray items => [.. items.OfType<JsonNode>().SelectMany(Leaves)],
        _ => [node],
    };

    static string Compact(JsonElement json) => JsonSerializer.Serialize(json);

    static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
