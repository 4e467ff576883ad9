using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace Analytics.Tests.Features.Business.Query;

/// <summary>Random questions about random facts, and every answer as it follows from the facts one by one.</summary>
public sealed class QueryModelTests(AnalyticsApi api)
{
    const int Workspaces = 4;
    const int Events = 3_000;
    const int Requests = 1_000;

    // ANALYTICS_QUERIES=5000 asks so many in all.
    static int Questions => int.TryParse(Environment.GetEnvironmentVariable("ANALYTICS_QUERIES"), out var set) && set > 0 ? set : 1_000;

    [Fact]
    public async Task Every_answer_is_what_the_facts_say()
    {
        var differences = new ConcurrentBag<string>();
        var seed = Environment.TickCount;

        for (var at = 0; at < Workspaces; at++)
        {
            var (workspace, events, requests) = await ToldAsync(new Random(seed + at));
            await Parallel.ForEachAsync(
                Enumerable.Range(0, Questions / Workspaces), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (number, _) =>
                {
                    var random = new Random(HashCode.Combine(seed, workspace.Id, number));
                    var query = new RandomQueries(random).One();
                    await CompareAsync(workspace, query, query.ToBody(random), query.OfRequests ? requests : events, differences);
                });
        }

        Assert.True(differences.IsEmpty, $"{differences.Count} of {Questions}, seed {seed}:\n{string.Join("\n\n", differences.Take(5))}");
    }

    async Task<(WorkspaceClient Workspace, List<ToldFact> Events, List<ToldFact> Requests)> ToldAsync(Random random)
    {
        var workspace = await api.NewWorkspaceAsync();
        (Guid, string?)[] registered = [(await workspace.NewCustomerAsync("c0"), "c0"), (await workspace.NewCustomerAsync(), null)];
        var facts = new RandomFacts(random);
        var events = Enumerable.Range(0, Events).Select(_ => facts.Event(registered)).ToList();
        var requests = Enumerable.Range(0, Requests).Select(_ => facts.Request()).ToList();
        await workspace.IngestAsync(events.Select(e => e.Json));
        await workspace.PostAsync("/api/requests/ingest", new JsonObject { ["requests"] = new JsonArray([.. requests.Select(r => r.Json)]) });
        return (workspace, events.ConvertAll(e => e.Told), requests.ConvertAll(r => r.Told));
    }

    static async Task CompareAsync(
        WorkspaceClient workspace, ToldQuery query, JsonObject body, List<ToldFact> facts, ConcurrentBag<string> differences)
    {
        var isNear = query.IsNear(facts);
        if (isNear)
            // Which rows come first is a question of those percents.
            (query, _) = (query with { Limit = null, OrderBy = null }, body.Remove("limit") | body.Remove("orderBy"));
        var answer = await workspace.PostAsync(SomeQuestions.Route, body);
        var rows = answer.GetProperty("rows").EnumerateArray().Select(query.Show).ToList();
        // On a machine that stands still for seconds an answer may end before all is counted, and says where.
        DateTimeOffset? since = answer.GetProperty("partial").GetBoolean() ? answer.GetProperty("scannedFrom").GetDateTimeOffset() : null;
        var expected = query.Rows(since is { } first ? facts.Where(fact => fact.At >= first) : facts);
        var columns = answer.GetProperty("columns").EnumerateArray().Select(column => column.GetString()!);
        var areThose = isNear ? query.AreNear(expected, rows) : rows.SequenceEqual(expected);
        if (!columns.SequenceEqual(query.Columns) || !areThose)
            differences.Add($"{body.ToJsonString()}\nsince {since}, {FirstDifference(expected, rows)}");
    }

    static string FirstDifference(IReadOnlyList<string> expected, List<string> rows)
    {
        var at = expected.Zip(rows).TakeWhile(pair => pair.First == pair.Second).Count();
        return $"{expected.Count} and {rows.Count} rows, first unlike {at}:\n{expected.ElementAtOrDefault(at)}\n{rows.ElementAtOrDefault(at)}";
    }
}
