using System.Text.Json.Nodes;
using NodaTime;

namespace Analytics.Tests.Oracle.Requests;

/// <summary>The model beside answers worked out by hand; and no number of them may be another one.</summary>
public sealed class RequestsModelTests
{
    static readonly RequestsRange Week = RequestsScene.Range("09T00:00", "16T00:00");

    static RequestsScene Scene => new RequestsScene { Now = RequestsScene.At("11T11:59") }
        .Add("/a/1", "10T10:00", 100, customer: "ann", bytes: 10).Add("/a/2", "10T10:30", 1_200, 500, "ann", 4)
        .Add("/b", "10T11:00", 0.5m, 404, "bob").Add("/b", "10T11:00", 9_000, 101, "zed", 77).Add("/a/3", "11T11:59", 50);

    static readonly Dictionary<string, (RequestsQuestion Question, string Answer)> Answers = new()
    {
        ["dashboard"] = (new DashboardQuestion(new("UTC", new(2026, 3, 10))), """
            {"totalRequests":4,"errorRate":50,"clientErrorRate":25,"serverErrorRate":25,"avgLatency":433.5,
             "latency":{"p50":100,"p90":980,"p95":1090,"p99":1178},"statusBreakdown":{"2xx":1,"3xx":0,"4xx":1,"5xx":1},
             "topEndpoints":[{"endpoint":"GET:/a/:id","count":2,"avgLatency":650,"errorRate":50,"p99":1189},
                             {"endpoint":"GET:/b","count":2,"avgLatency":0.5,"errorRate":50,"p99":0.5}],
             "topCustomers":[{"customerId":"ann","count":2,"totalBytes":14,"sharePercent":50},
                             {"customerId":"bob","count":1,"totalBytes":0,"sharePercent":25},
                             {"customerId":"zed","count":1,"totalBytes":0,"sharePercent":25}],
             "realtimeRPS":0.02}
            """),
        ["timeseries"] = (new TimeseriesQuestion(RequestsScene.Range("10T10:15", "10T12:00"), "hour"), """
            {"data":[{"timestamp":"2026-03-10T10:00:00Z","count":1,"errors":1,"avgLatency":1200,"p50":1200,"p95":1200,"p99":1200,"bytes":4,
                      "partial":true},
                     {"timestamp":"2026-03-10T11:00:00Z","count":2,"errors":1,"avgLatency":0.5,"p50":0.5,"p95":0.5,"p99":0.5,"bytes":0}]}
            """),
        ["endpoints"] = (new EndpointsQuestion(Week), """
            {"data":[{"endpoint":"GET:/a/:id","count":3,"errorRate":33.33,"clientErrorRate":0,"serverErrorRate":33.33,"avgLatency":450,
                      "p50":100,"p90":980,"p95":1090,"p99":1178,"bytes":14,"requestBytes":7,"customers":1},
                     {"endpoint":"GET:/b","count":2,"errorRate":50,"clientErrorRate":50,"serverErrorRate":0,"avgLatency":0.5,
                      "p50":0.5,"p90":0.5,"p95":0.5,"p99":0.5,"bytes":0,"requestBytes":0,"customers":2}]}
            """),
        ["latency"] = (new LatencyQuestion(new("UTC", new(2026, 3, 10)), null), """
            {"p50":100,"p90":980,"p95":1090,"p99":1178,"count":4,"min":0.5,"max":1200,"avg":433.5,"statusCodes":{"200":1,"404":1,"500":1}}
            """),
        ["no latency"] = (new LatencyQuestion(null, Week) { Endpoint = "GET:/never" }, """
            {"p50":0,"p90":0,"p95":0,"p99":0,"count":0,"min":0,"max":0,"avg":0,"statusCodes":{}}
            """),
        ["slow"] = (new SlowQuestion(new("UTC", new(2026, 3, 10))), """
            {"data":[{"endpoint":"GET:/a/:id","latencyMs":1200,"customerId":"ann","statusCode":500,"timestamp":"2026-03-10T10:30:00Z"}]}
            """),
        ["customers"] = (new CustomersQuestion(RequestsScene.Range("10T00:00", "11T00:00")), """
            {"data":[{"customerId":"ann","count":2,"totalBytes":14,"requestBytes":7,"errorRate":50,"avgLatency":650,"sharePercent":50,
                      "cumulativeSharePercent":50,"costCents":0,"costSharePercent":0},
                     {"customerId":"bob","count":1,"totalBytes":0,"requestBytes":0,"errorRate":100,"avgLatency":0.5,"sharePercent":25,
                      "cumulativeSharePercent":75,"costCents":0,"costSharePercent":0},
                     {"customerId":"zed","count":1,"totalBytes":0,"requestBytes":0,"errorRate":0,"avgLatency":0,"sharePercent":25,
                      "cumulativeSharePercent":100,"costCents":0,"costSharePercent":0}]}
            """),
        ["report"] = (new ReportQuestion("ann", "UTC", 2), """
            {"customerId":"ann","from":"2026-03-10","to":"2026-03-11","totalRequests":2,"dailyRequests":{"2026-03-10":2,"2026-03-11":0},
             "topEndpoints":[{"endpoint":"GET:/a/:id","count":2}],"avgLatency":650,"totalDataTransfer":14,"errorRate":50,
             "latency":{"p50":650,"p90":1090,"p95":1145,"p99":1189}}
            """),
        ["recent"] = (new RecentQuestion(Week) { Customers = ["anonymous"] }, """
            {"data":[{"id":"019d0000-0000-7000-8000-000000000000","timestamp":"2026-03-11T11:59:00Z","method":"GET","path":"/a/3",
                      "route":null,
                      "endpoint":"GET:/a/:id","statusCode":200,"latencyMs":50,"customerId":"anonymous","productId":null,"apiKeyId":null,
                      "requestSize":0,"responseSize":0,"userAgent":null,"ip":null,"requestId":null}]}
            """),
    };

    public static TheoryData<string> Routes => [.. Answers.Keys];

    [Theory, MemberData(nameof(Routes))]
    public void A_right_answer_is_right_and_every_other_number_or_name_in_it_wrong(string route)
    {
        var (question, answer) = Answers[route];
        Assert.Empty(Scene.Differences(question, answer));
        for (var leaf = 0; leaf < Leaves(JsonNode.Parse(answer)!).Count; leaf++)
        {
            var changed = JsonNode.Parse(answer)!;
            var value = Leaves(changed)[leaf];
            if (value.GetPropertyName() == "id")
                continue;
            var isNumber = value.GetValueKind() == System.Text.Json.JsonValueKind.Number;
            value.ReplaceWith<JsonNode>(isNumber ? value.GetValue<decimal>() + 0.01m : "2026-01-01T00:00:00Z");
            Assert.True(Scene.Differences(question, changed.ToJsonString()) is not [], $"Nobody sees {changed.ToJsonString()}");
        }
    }

    [Fact]
    public void Percentiles_lie_between_ranks()
    {
        var counted = new Counted(new RequestsScene().Many(100, "/a", "10T10:00", number => number).World.Requests);

        decimal Milliseconds(int p) => (decimal)Estimate.Of(counted.Latencies, p, exact: true).Value / Estimate.OfMillisecond;
        Assert.Equal((50.5m, 90.1m, 95.05m, 99.01m), (Milliseconds(50), Milliseconds(90), Milliseconds(95), Milliseconds(99)));
        Assert.Equal(new Estimate(150_000, 2_050), Estimate.Of([1_000, 2_000], 50, exact: false));
        Assert.Equal(new Estimate(0, 0), Estimate.Of([], 50, true));
    }

    [Fact]
    public void A_heatmap_has_every_hour_of_the_week()
    {
        var week = Enumerable.Range(0, 168).Select(at => new JsonObject { ["weekday"] = (at / 24) + 1, ["hour"] = at % 24, ["value"] = 0 });
        var cells = new JsonArray([.. week]);
        cells[24 + 10]!["value"] = 2;
        cells[24 + 11]!["value"] = 2;
        cells[48 + 11]!["value"] = 1;
        var answer = new JsonObject { ["cells"] = cells };

        Assert.Empty(Scene.Differences(new HeatmapQuestion(Week), answer.ToJsonString()));
        Assert.NotEmpty(Scene.Differences(new HeatmapQuestion(Week) { Measure = "p95" }, answer.ToJsonString()));
        cells.RemoveAt(0);
        Assert.NotEmpty(Scene.Differences(new HeatmapQuestion(Week), answer.ToJsonString()));
    }

    [Fact]
    public void A_heatmap_of_endpoints_has_every_hour_of_each()
    {
        const string Answer = """
            {"cells":[{"endpoint":"GET:/b","timestamp":"2026-03-10T11:00:00Z","value":0.25},
                      {"endpoint":"GET:/b","timestamp":"2026-03-10T10:00:00Z","value":0},
                      {"endpoint":"GET:/a/:id","timestamp":"2026-03-10T10:00:00Z","value":650},
                      {"endpoint":"GET:/a/:id","timestamp":"2026-03-10T11:00:00Z","value":0}]}
            """;
        var question = new HeatmapQuestion(RequestsScene.Range("10T10:00", "10T12:00")) { Measure = "avgLatency", IsByEndpoint = true };

        Assert.Single(Scene.Differences(question, Answer));
        Assert.Empty(Scene.Differences(question, Answer.Replace("0.25", "0.5", StringComparison.Ordinal)));
    }

    [Fact]
    public void What_is_told_twice_counts_once_in_each_space()
    {
        var world = new RequestWorld();
        var told = new ToldRequest("GET", "/a", 200, 1, Instant.FromUtc(2026, 3, 1, 0, 0)) { Id = "r" };
        var portal = Guid.NewGuid();
        world.Customer(portal, null);

        Assert.Equal((true, false), (world.Tell(told), world.Tell(told with { Path = "/b" })));
        Assert.Equal((true, false), (world.Tell(told with { Portal = portal }), world.Tell(told with { Portal = portal, Path = "/b" })));
        Assert.Equal(["anonymous", $"{portal}"], world.Requests.Select(request => request.Customer));
        world.Customer(portal, "zed");
        Assert.Equal(("zed", "zed", "nobody"), (world.Requests[1].Customer, world.NameOf($"{portal}"), world.NameOf("nobody")));
    }

    [Fact]
    public void A_day_has_so_many_endpoints_and_no_more()
    {
        var scene = new RequestsScene();
        for (var slug = 0; slug < 2_100; slug++)
            scene.Add($"/posts/slug-{slug}", "10T23:59");
        scene.Add("/posts/slug-2050", "11T00:00").Add("/posts/slug-7", "10T00:00");

        Assert.Equal(2_001, scene.World.Requests.Select(request => request.Endpoint).Distinct().Count() - 1);
        Assert.Equal(100, scene.World.Requests.Count(request => request.Endpoint == RequestWorld.Other));
        Assert.Equal(["GET:/posts/slug-2050", "GET:/posts/slug-7"], scene.World.Requests.TakeLast(2).Select(request => request.Endpoint));
    }

    static List<JsonNode> Leaves(JsonNode node) => node switch
    {
        JsonObject members => [.. members.Select(member => member.Value).OfType<JsonNode>().SelectMany(Leaves)],
        JsonArray items => [.. items.OfType<JsonNode>().SelectMany(Leaves)],
        _ => [node],
    };
}
