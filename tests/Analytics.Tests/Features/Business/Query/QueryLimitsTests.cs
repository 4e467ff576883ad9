using System.Text.Json;
using System.Text.Json.Nodes;
using Analytics.Contract;
using Analytics.Features.Business.Query;
using Analytics.Features.Business.Query.Raw;
using Analytics.Http;
using Analytics.Sharing;
using Analytics.Storage.Schema;
using Analytics.Tests.Features.Business.Query.Plans;

namespace Analytics.Tests.Features.Business.Query;

/// <summary>What a question may take of time, memory and connections.</summary>
public sealed class QueryLimitsTests(AnalyticsApi api)
{
    static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Without_any_time_the_answer_says_that_nothing_is_counted()
    {
        var (workspace, query) = await AskedAsync("""{"metrics":[{"aggregation":"count"}],"dimensions":[]}""");

        var answer = QueryAnswer.Of(query, await ScanAsync(workspace, query, budget: TimeSpan.Zero));

        Assert.True(answer.Partial);
        Assert.Equal(query.Range.To, answer.ScannedFrom);
        Assert.Equal([[ExactNumber.Of(0)]], answer.Rows);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task One_connection_counts_the_same_as_two(bool isAPlaceLeft)
    {
        var (workspace, query) = await AskedAsync("""{"metrics":[{"aggregation":"count"},{"aggregation":"p50","field":"n"}],"interval":"hour"}""");

        var answer = QueryAnswer.Of(query, await ScanAsync(workspace, query, isAPlaceLeft: isAPlaceLeft));

        Assert.False(answer.Partial);
        Assert.Equal(Hours, answer.Rows.Count(row => Equals(row[1], ExactNumber.Of(1))));
        Assert.Equal(Hours, answer.Rows.Count(row => row[2] is not null));
    }

    [Theory]
    [InlineData("""{"metrics":[{"aggregation":"count"}],"dimensions":["n"]}""", "/dimensions")]
    [InlineData("""{"metrics":[{"aggregation":"unique","field":"n"}]}""", "/metrics")]
    [InlineData("""{"metrics":[{"aggregation":"p50","field":"n"}]}""", "/metrics")]
    public async Task More_groups_or_values_than_there_is_memory_for_are_refused(string question, string pointer)
    {
        var (workspace, query) = await AskedAsync(question);

        await ScanAsync(workspace, query, most: new(Hours, Hours));
        var refusal = await Assert.ThrowsAsync<ProblemException>(() => ScanAsync(workspace, query, most: new(Hours - 1, Hours - 1)));

        Assert.Equal((400, pointer), (refusal.Status, refusal.Errors.Single().Pointer));
    }

    const int Hours = 30;

    /// <summary>An event an hour, each with another number.</summary>
    async Task<(Workspace Workspace, AskedQuery Query)> AskedAsync(string question)
    {
        var client = await api.NewWorkspaceAsync();
        await client.IngestAsync(Enumerable.Range(0, Hours).Select(at => Some.Event(at: Some.Day.AddHours(at), metadata: new() { ["n"] = at })));
        var body = JsonNode.Parse(question)!.AsObject();
        (body["from"], body["to"]) = ("2026-03-01", "2026-03-31");
        var workspace = await PlanAsking.WorkspaceOfAsync(api, client);
        return (workspace, AskedQuery.Of(body.Deserialize<QueryRequest>(Analytics.Http.Json.Camel)!, workspace, TimeProvider.System.GetUtcNow()));
    }

    async Task<QueryGroups> ScanAsync(
        Workspace workspace, AskedQuery query, TimeSpan? budget = null, bool isAPlaceLeft = true, RawBounds? most = null)
    {
        var (cancel, places) = (TestContext.Current.CancellationToken, new Turns("scans", 2, TimeProvider.System));
        using var own = await places.TakeAsync(workspace.Id, cancel);
        using var other = isAPlaceLeft ? default : await places.TakeAsync(Guid.NewGuid(), cancel);
        return await new RawScan(api.Store, places, TimeProvider.System) { Most = most ?? new() }
            .GroupsAsync(workspace, query, query.Range, budget ?? Long, cancel);
    }
}
