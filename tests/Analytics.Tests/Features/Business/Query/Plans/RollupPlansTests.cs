using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Analytics.Features.Business.Query;
using Analytics.Features.Business.Query.Plans;
using Analytics.Storage.Schema;
using Analytics.Tests.Oracle;

namespace Analytics.Tests.Features.Business.Query.Plans;

/// <summary>A question that a rollup answers and the same of raw facts agree to the last digit.</summary>
public sealed class RollupPlansTests(AnalyticsApi api)
{
    const int Questions = 150;

    static readonly Workspace Somewhere = new() { Id = Guid.Empty, Slug = "s", Name = "s", HashKey = [], CreatedAt = default };

    static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    [Theory]
    [InlineData(1, "UTC")]
    [InlineData(2, "Asia/Kathmandu")]
    public async Task Rollups_and_raw_facts_agree_whatever_happened_to_the_rollups(int seed, string zone)
    {
        var client = await api.NewWorkspaceAsync(zone);
        var asking = new PlanAsking(api, await PlanAsking.WorkspaceOfAsync(api, client));
        var (life, upkeep) = (new PlannedLife(client, seed, Now), await Upkeep.OfAsync(client));
        await life.RegisterAsync("c0", "c2");
        await life.TellAsync(600, 600);
        await AgreeAsync(asking, new(new Random(seed), life), null);
        await upkeep.CompactAsync();
        await life.TellAsync(200, 200);
        await life.RegisterAsync("c1");
        await AgreeAsync(asking, new(new Random(seed + 10), life), null);
        await upkeep.CompactAsync();
        await AgreeAsync(asking, new(new Random(seed + 20), life), await asking.CustomerOfAsync(life.Of("c0")));
    }

    [Fact]
    public async Task Percentiles_are_within_a_percent_and_exact_of_up_to_a_hundred_requests()
    {
        var client = await api.NewWorkspaceAsync();
        var asking = new PlanAsking(api, await PlanAsking.WorkspaceOfAsync(api, client));
        var life = new PlannedLife(client, 3, Now);
        await life.TellAsync(0, 900);
        var upkeep = await Upkeep.OfAsync(client);
        await upkeep.CompactAsync();
        var (queries, planned) = (new RandomQueries(new Random(3), life), 0);
        for (var number = 0; number < Questions; number++)
        {
            var query = AskedQuery.Of(queries.Next(percentiles: true), asking.Workspace, Now);
            if (await asking.PlannedAsync(query) is not { } groups)
                continue;
            planned++;
            var exact = (await asking.RawAsync(query)).All.ToDictionary(KeyOf);
            Assert.Equal(exact.Count, groups.All.Count);
            foreach (var group in groups.All)
                Assert.True(IsNear(group, exact[KeyOf(group)], query), $"{KeyOf(group)} of {JsonSerializer.Serialize(query.Columns)}");
        }

        Assert.InRange(planned, Questions / 3, Questions);
    }

    [Fact]
    public async Task Methods_of_endpoints_that_the_day_had_no_room_for_are_read_from_raw_requests()
    {
        var client = await api.NewWorkspaceAsync();
        var asking = new PlanAsking(api, await PlanAsking.WorkspaceOfAsync(api, client));
        var requests = Enumerable.Range(0, 2_003).Select(number => (JsonNode)new JsonObject
        {
            ["method"] = number % 2 == 0 ? "GET" : "PUT", ["route"] = $"/r{number}", ["path"] = "/", ["statusCode"] = 200, ["latencyMs"] = 1,
            ["timestamp"] = Now.AddHours(-1).UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
        });
        foreach (var batch in requests.ToList().Chunk(500))
            await client.PostAsync("/api/requests/ingest", new JsonObject { ["requests"] = new JsonArray([.. batch]) });

        const string Count = """{"dataset":"requests","metrics":[{"aggregation":"count"}],"period":"2h","dimensions":["METHOD"],"limit":5}""";
        Assert.Null(await asking.PlannedAsync(Asked(Count.Replace("METHOD", "method", StringComparison.Ordinal), asking.Workspace)));
        var byEndpoint = Asked(Count.Replace("METHOD", "endpoint", StringComparison.Ordinal), asking.Workspace);
        var answer = await asking.PlannedTextAsync(byEndpoint);
        Assert.StartsWith("""{"columns":["endpoint","count"],"rows":[["__other__",3],""", answer, StringComparison.Ordinal);
        Assert.Equal(await asking.RawTextAsync(byEndpoint), answer);
    }

    [Theory]
    [InlineData("timeline", """{"metrics":[{"aggregation":"count"},{"aggregation":"sum","field":"_cost.amount"}],"dimensions":["name"]}""")]
    [InlineData("timeline", """{"metrics":[{"aggregation":"count"}],"events":["a","b"],"interval":"hour"}""")]
    [InlineData("customers", """{"metrics":[{"aggregation":"unique","field":"customer"}],"dimensions":["customer"]}""")]
    [InlineData("people", """{"metrics":[{"aggregation":"count"}],"dimensions":["name"],"filters":[{"field":"customer","operator":"EQUALS","value":"c"}]}""")]
    [InlineData("requests", """{"dataset":"requests","metrics":[{"aggregation":"p95","field":"latencyMs"}],"dimensions":["statusCode"],"interval":"minute","period":"2h"}""")]
    [InlineData("endpoints", """{"dataset":"requests","metrics":[{"aggregation":"max","field":"latencyMs"}],"dimensions":["method"]}""")]
    [InlineData("endpoints' requests", """{"dataset":"requests","metrics":[{"aggregation":"count"}],"dimensions":["statusCode"],"filters":[{"field":"endpoint","operator":"IN","value":["a"]}]}""")]
    [InlineData("callers", """{"dataset":"requests","metrics":[{"aggregation":"avg","field":"latencyMs"},{"aggregation":"sum","field":"responseSize"}],"dimensions":["customer"]}""")]
    [InlineData("people's totals", """{"dataset":"requests","metrics":[{"aggregation":"p50","field":"latencyMs"}],"filters":[{"field":"customer","operator":"IN","value":["c","d"]}]}""")]
    [InlineData("people's requests", """{"dataset":"requests","metrics":[{"aggregation":"count"}],"dimensions":["endpoint","statusCode"],"filters":[{"field":"customer","operator":"EQUALS","value":"c"}]}""")]
    [InlineData("products' requests", """{"dataset":"requests","metrics":[{"aggregation":"count"}],"filters":[{"field":"productId","operator":"EQUALS","value":"p"}]}""")]
    [InlineData(null, """{"metrics":[{"aggregation":"count"}],"dimensions":["region"]}""")]
    [InlineData(null, """{"metrics":[{"aggregation":"sum","field":"tokens"}],"dimensions":["name"]}""")]
    [InlineData(null, """{"metrics":[{"aggregation":"avg","field":"_cost.amount"}]}""")]
    [InlineData("people", """{"metrics":[{"aggregation":"count"}],"dimensions":["name","customer"]}""")]
    [InlineData(null, """{"metrics":[{"aggregation":"count"}],"interval":"minute","period":"2h"}""")]
    [InlineData(null, """{"dataset":"requests","metrics":[{"aggregation":"count"}],"dimensions":["productId"]}""")]
    [InlineData("people's totals", """{"dataset":"requests","metrics":[{"aggregation":"p95","field":"latencyMs"}],"dimensions":["customer"]}""")]
    [InlineData("endpoints' requests", """{"dataset":"requests","metrics":[{"aggregation":"count"}],"dimensions":["endpoint","statusCode"]}""")]
    [InlineData(null, """{"dataset":"requests","metrics":[{"aggregation":"max","field":"requestSize"}]}""")]
    [InlineData(null, """{"dataset":"requests","metrics":[{"aggregation":"count"}],"dimensions":["apiKeyId"]}""")]
    public void The_rollup_that_says_enough_and_reads_least_is_taken(string? rollup, string query)
    {
        var asked = Asked(query, Somewhere);
        Assert.Equal(rollup, PlannedQuestion.Of(asked) is { } question ? RollupPlan.Of(question)?.Rollup.Name : null);
    }

    static async Task AgreeAsync(PlanAsking asking, RandomQueries queries, Customer? seenBy)
    {
        var planned = 0;
        for (var number = 0; number < Questions; number++)
        {
            var request = queries.Next();
            var query = AskedQuery.Of(request, asking.Workspace, Now) with { Customer = seenBy };
            if (await asking.PlannedTextAsync(query) is not { } ours)
                continue;
            planned++;
            var raw = await asking.RawTextAsync(query);
            Assert.True(raw == ours, $"{JsonSerializer.Serialize(request, Analytics.Http.Json.Camel)}\nraw:    {raw}\nrollup: {ours}");
        }

        Assert.InRange(planned, Questions / 3, Questions);
    }

    static AskedQuery Asked(string query, Workspace workspace) =>
        AskedQuery.Of(JsonSerializer.Deserialize<QueryRequest>(query, Analytics.Http.Json.Camel)!, workspace, Now);

    static string KeyOf(QueryGroup group) => $"{group.Bucket} {JsonSerializer.Serialize(group.Dimensions, Analytics.Http.Json.Camel)}";

    static bool IsNear(QueryGroup group, QueryGroup exact, AskedQuery query)
    {
        var (ours, raw) = (group.ValueOf(query, query.Metrics[0]), exact.ValueOf(query, query.Metrics[0]));
        return group.Facts == exact.Facts && (ours == raw || (exact.Facts > 100
            && decimal.Abs((decimal)(ours!.Value.Units - raw!.Value.Units)) <= 0.01m * decimal.Abs((decimal)Int128.Max(ours.Value.Units, raw.Value.Units))));
    }
}
