using System.Text.Json;
using Analytics.Features.Business.Query;
using Analytics.Features.Business.Query.Plans;
using Analytics.Storage.Schema;
using Analytics.Tests.Oracle;

namespace Analytics.Tests.Features.Business.Query.Plans;

/// <summary>What a billable unit counts is answered from its usage, and agrees with raw events to the last digit.</summary>
public sealed class UnitPlanTests(AnalyticsApi api)
{
    const string OfEu = """[{"field":"region","operator":"EQUALS","value":"eu"}]""";
    const string OfCustomer = """[{"field":"region","operator":"EQUALS","value":"eu"},{"field":"customer","operator":"NOT_EQUALS","value":"c1"}]""";
    const string OfOne = """[{"field":"customer","operator":"IN","value":["c0"]},{"field":"region","operator":"EQUALS","value":"eu"}]""";

    static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task Usage_and_raw_events_agree()
    {
        var client = await api.NewWorkspaceAsync("Asia/Kathmandu");
        var asking = new PlanAsking(api, await PlanAsking.WorkspaceOfAsync(api, client));
        var (life, upkeep) = (new PlannedLife(client, 5, Now), await Upkeep.OfAsync(client));
        await life.RegisterAsync("c0", "c2");
        await life.TellAsync(300, 0);
        foreach (var (aggregation, field) in ((string, string?)[])
            [("COUNT", null), ("SUM", "n"), ("AVG", "n"), ("MAX", "n"), ("UNIQUE", "text"), ("PERCENTILE_95", "n")])
            await MakeUnitAsync(client, aggregation, field);
        await upkeep.ReadyUnitsAsync();
        await life.TellAsync(300, 0);
        await AgreeAsync(asking, null);
        await upkeep.CompactAsync();
        await AgreeAsync(asking, null);
        await AgreeAsync(asking, await asking.CustomerOfAsync(life.Of("c2")));
    }

    [Theory]
    [InlineData("""{"metrics":[{"aggregation":"min","field":"n"}],"events":["call.made"],"filters":$}""")]
    [InlineData("""{"metrics":[{"aggregation":"sum","field":"n"}],"events":["file.sent"],"filters":$}""")]
    [InlineData("""{"metrics":[{"aggregation":"sum","field":"n"}],"events":["call.made"]}""")]
    [InlineData("""{"metrics":[{"aggregation":"sum","field":"n"}],"events":["call.made"],"filters":$,"dimensions":["text"]}""")]
    [InlineData("""{"metrics":[{"aggregation":"sum","field":"n"}],"events":["call.made"],"filters":$,"interval":"minute","period":"1h"}""")]
    public async Task Nothing_but_what_a_unit_counts_is(string query)
    {
        var client = await api.NewWorkspaceAsync();
        await MakeUnitAsync(client, "SUM", "n");
        var asking = new PlanAsking(api, await PlanAsking.WorkspaceOfAsync(api, client));
        await (await Upkeep.OfAsync(client)).ReadyUnitsAsync();
        Assert.Null(await asking.PlannedAsync(Asked(asking, query.Replace("$", OfEu, StringComparison.Ordinal))));
    }

    [Fact]
    public async Task A_unit_that_only_counts_says_no_sum_though_it_names_a_field()
    {
        var client = await api.NewWorkspaceAsync();
        await MakeUnitAsync(client, "COUNT", "n");
        var asking = new PlanAsking(api, await PlanAsking.WorkspaceOfAsync(api, client));
        await (await Upkeep.OfAsync(client)).ReadyUnitsAsync();
        Assert.Null(await asking.PlannedAsync(Asked(
            asking, $$"""{"metrics":[{"aggregation":"sum","field":"n"}],"events":["call.made"],"filters":{{OfEu}}}""")));
        Assert.NotNull(await asking.PlannedAsync(Asked(
            asking, $$"""{"metrics":[{"aggregation":"count"}],"events":["call.made"],"filters":{{OfEu}}}""")));
    }

    static Task<JsonElement> MakeUnitAsync(WorkspaceClient client, string aggregation, string? field) => client.PostAsync("/api/v1/billable-units", new
    {
        key = $"{aggregation.ToLowerInvariant()}-unit", name = "Unit", unitLabel = "n", aggregation, eventName = "call.made", field,
        filters = JsonElement.Parse(OfEu),
    }, 201);

    static async Task AgreeAsync(PlanAsking asking, Customer? seenBy)
    {
        foreach (var metrics in (string[])
            [
                """[{"aggregation":"count"}]""",
                """[{"aggregation":"avg","field":"n"},{"aggregation":"count"},{"aggregation":"max","field":"n"},{"aggregation":"sum","field":"n"}]""",
                """[{"aggregation":"unique","field":"text"}]""",
                """[{"aggregation":"p95","field":"n"}]""",
            ])
            foreach (var filters in (string[])[OfEu, OfCustomer, OfOne])
                foreach (var rest in (string[])["", ",\"interval\":\"day\"", ",\"dimensions\":[\"customer\"]", ",\"dimensions\":[\"customer\"],\"interval\":\"week\""])
                {
                    var query = Asked(asking, $$"""
                        {"metrics":{{metrics}},"events":["call.made"],"filters":{{filters}},"from":"{{Now.AddDays(-61):yyyy-MM-ddTHH:mm:ss.ffffff}}Z"{{rest}}}
                        """) with { Customer = seenBy };
                    Assert.Equal(await asking.RawTextAsync(query), await asking.PlannedTextAsync(query));
                }
    }

    static AskedQuery Asked(PlanAsking asking, string query) =>
        AskedQuery.Of(JsonSerializer.Deserialize<QueryRequest>(query, Analytics.Http.Json.Camel)!, asking.Workspace, Now);
}
