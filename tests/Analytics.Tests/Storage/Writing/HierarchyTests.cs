using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Analytics.Tests.Oracle;
using Npgsql;

namespace Analytics.Tests.Storage.Writing;

/// <summary>Parents and children meet, whoever sends them when, and at a price that does not depend on how many wait.</summary>
public sealed class HierarchyTests(TwoNodes nodes) : IClassFixture<TwoNodes>
{
    // In real time, and a hundred times what it takes: how few rows are rewritten says it without a clock.
    static readonly TimeSpan Fast = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_child_and_its_parent_posted_at_the_same_moment_are_linked()
    {
        const int Pairs = 500;
        var workspace = await nodes.First.NewWorkspaceAsync();
        var second = nodes.SecondOf(workspace);
        await Parallel.ForEachAsync(Enumerable.Range(0, Pairs), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (pair, _) =>
        {
            var parent = Some.Event(externalId: $"p{pair}", cost: 1, at: Some.Day);
            var child = Some.Event(externalId: $"c{pair}", parent: $"p{pair}", cost: 2, at: Some.Day.AddDays(1));
            ApiClient[] clients = pair % 2 == 0 ? [workspace, second] : [second, workspace];
            await Task.WhenAll(TwoNodes.PostAsync(clients[0], [parent]), TwoNodes.PostAsync(clients[1], [child]));
        });

        var events = (await TwoNodes.EventsAsync(workspace)).ToDictionary(e => e.GetProperty("external_id").GetString()!);
        Assert.Equal(2 * Pairs, events.Count);
        for (var pair = 0; pair < Pairs; pair++)
            Assert.Equal(events[$"p{pair}"].GetProperty("id").GetString(), events[$"c{pair}"].GetProperty("parent_id").GetString());
        await AssertTotalAsync(workspace, Pairs, 3 * Pairs);
    }

    [Theory, InlineData("star"), InlineData("bush"), InlineData("chain"), InlineData("stars")]
    public async Task Attaching_ten_thousand_waiting_events_rewrites_few_rows(string shape)
    {
        const int Waiting = 10_000;
        var workspace = await nodes.First.NewWorkspaceAsync();
        var upkeep = await Upkeep.OfAsync(workspace);
        var random = new Random(9);
        var events = Enumerable.Range(1, Waiting).Select(at => Some.Event(externalId: $"{at}", cost: 1, at: Some.Day, parent: shape switch
        {
            "star" => "0",
            "bush" => at == 1 ? "0" : $"{random.Next(Math.Max(1, at - 50), at)}",
            "chain" => $"{at - 1}",
            _ => at <= 100 ? "0" : $"{at % 100 + 1}",
        })).ToArray();
        if (shape != "chain")
            random.Shuffle(events);
        else
            Array.Reverse(events);
        foreach (var batch in events.Chunk(2500))
            await workspace.IngestAsync(batch);
        var before = await RowsAsync(upkeep.Workspace);

        var since = Stopwatch.StartNew();
        await workspace.IngestAsync(Some.Event(externalId: "0", cost: 1, at: Some.Day));
        Assert.InRange(since.Elapsed, TimeSpan.Zero, Fast);

        var after = await RowsAsync(upkeep.Workspace);
        Assert.Equal(Waiting, before.Count(row => row.Key.StartsWith("event ", StringComparison.Ordinal)));
        Assert.InRange(after.Count(row => before.GetValueOrDefault(row.Key) != row.Value), 1, 10);
        await AssertTotalAsync(workspace, 1, Waiting + 1);
        since.Restart();
        await workspace.IngestAsync(Some.Event(externalId: "late", parent: $"{Waiting}", cost: 5, at: Some.Day));
        Assert.InRange(since.Elapsed, TimeSpan.Zero, Fast);
        await AssertTotalAsync(workspace, 1, Waiting + 6);
    }

    [Fact]
    public async Task A_chain_told_from_its_end_one_event_a_request_is_one_trace()
    {
        const int Length = 400;
        var workspace = await nodes.First.NewWorkspaceAsync();
        for (var at = Length - 1; at > 0; at--)
            await workspace.IngestAsync(Some.Event(externalId: $"{at}", parent: $"{at - 1}", cost: 1, at: Some.Day));
        await workspace.IngestAsync(Enumerable.Range(0, Length).Select(at => Some.Event(externalId: $"leaf{at}", parent: $"{at}", cost: 1, at: Some.Day)));
        await workspace.IngestAsync(Some.Event(externalId: "0", cost: 1, at: Some.Day));
        foreach (var at in new[] { 0, 1, Length / 2, Length - 1 })
            await workspace.IngestAsync(Some.Event(externalId: $"late{at}", parent: $"{at}", cost: 1, at: Some.Day));

        await AssertTotalAsync(workspace, 1, 2 * Length + 4);
        var roots = (await TwoNodes.EventsAsync(workspace)).Select(e => e.GetProperty("root_id").GetString()).Distinct();
        Assert.NotNull(Assert.Single(roots));
    }

    /// <summary>Every row of the workspace's events and trace nodes with the transaction that wrote it.</summary>
    async Task<Dictionary<string, string>> RowsAsync(int workspace)
    {
        await using var command = nodes.First.Store.CreateCommand("""
            select 'event ' || id, xmin::text
            from events
            where workspace_id = $1
            union all
            select 'node ' || id, xmin::text
            from trace_nodes
            where workspace_id = $1
            """);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = workspace });
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new Dictionary<string, string>();
        while (await reader.ReadAsync())
            rows.Add(reader.GetString(0), reader.GetString(1));
        return rows;
    }

    static async Task AssertTotalAsync(WorkspaceClient workspace, int roots, int cost)
    {
        var answer = await workspace.GetAsync("/api/events/statistics/timeseries?start_date=2026-03-11&end_date=2026-03-11&interval=day");
        var row = Assert.Single(answer.GetProperty("totals").EnumerateArray());
        Assert.Equal((roots, $"{cost}"), (row.GetProperty("occurrences").GetInt32(), row.GetProperty("totals").GetProperty("_cost_amount").GetString()));
    }
}
