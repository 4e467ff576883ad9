using System.Text.Json;
using System.Text.Json.Nodes;

namespace Analytics.Tests.Storage.Writing;

/// <summary>Many clients say the same at the same time, through two nodes.</summary>
public sealed class ConcurrentWritersTests(TwoNodes nodes) : IClassFixture<TwoNodes>
{
    [Fact]
    public async Task Twenty_clients_posting_the_same_ids_at_once_store_them_once()
    {
        const int Rounds = 50, Clients = 20, Ids = 50;
        var workspace = await nodes.First.NewWorkspaceAsync();
        ApiClient[] through = [workspace, nodes.SecondOf(workspace)];
        for (var round = 0; round < Rounds; round++)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Run(() =>
            {
                var random = new Random(round * Clients + client);
                var ids = Enumerable.Range(0, Ids).ToArray();
                random.Shuffle(ids);
                return TwoNodes.PostAsync(through[client % 2], ids.Select(id => Some.Event(externalId: $"{round}-{id}", at: Some.Day, cost: 1)));
            })));
            Assert.Equal((Ids, Ids * (Clients - 1)), (answers.Sum(answer => answer.Inserted), answers.Sum(answer => answer.Duplicates)));
        }

        await AssertStoredAsync(workspace, Rounds * Ids);
    }

    [Fact]
    public async Task Writers_with_overlapping_batches_store_everything_once()
    {
        const int Writers = 16, Batches = 400, Ids = 6_000;
        var workspace = await nodes.First.NewWorkspaceAsync();
        ApiClient[] through = [workspace, nodes.SecondOf(workspace)];
        var (inserted, duplicates, sent, batches) = (0, 0, 0, 0);
        var asked = new HashSet<int>[Writers];
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            var random = new Random(writer);
            asked[writer] = [];
            while (Interlocked.Increment(ref batches) is <= Batches and var batch)
            {
                // Each batch overlaps with those of others, in another order, and with itself.
                var first = (int)((long)batch * Ids / Batches) + random.Next(-100, 100);
                var ids = Enumerable.Range(0, random.Next(1, 200)).Select(_ => Math.Max(0, first + random.Next(200))).ToArray();
                var answer = await TwoNodes.PostAsync(through[writer % 2], ids.Select(EventOf));
                Interlocked.Add(ref inserted, answer.Inserted);
                Interlocked.Add(ref duplicates, answer.Duplicates);
                Interlocked.Add(ref sent, ids.Length);
                asked[writer].UnionWith(ids);
            }
        })));

        var distinct = asked.SelectMany(ids => ids).Distinct().ToList();
        Assert.Equal((distinct.Count, sent - distinct.Count), (inserted, duplicates));
        await AssertStoredAsync(workspace, distinct.Count, root: false);
        await AssertTracesAsync(workspace, distinct);
    }

    // Every third event is a child of the one before it, and some parents never come.
    static JsonObject EventOf(int id) => Some.Event(
        externalId: $"{id}", at: Some.Day.AddMinutes(id % 1000), parent: id % 3 == 0 ? null : $"{id - 1}", cost: 1, customer: $"p{id % 10}");

    static async Task AssertTracesAsync(WorkspaceClient workspace, List<int> ids)
    {
        var known = ids.ToHashSet();
        var events = (await TwoNodes.EventsAsync(workspace)).ToDictionary(e => int.Parse(e.GetProperty("external_id").GetString()!));
        foreach (var (id, e) in events)
        {
            var parent = id % 3 != 0 && known.Contains(id - 1) ? events[id - 1].GetProperty("id").GetString() : null;
            var pending = id % 3 != 0 && parent is null ? $"{id - 1}" : null;
            Assert.Equal((parent, pending), (e.GetProperty("parent_id").GetString(), e.GetProperty("pending_parent_id").GetString()));
        }

        var traced = known.Where(id => id % 3 == 0 || (known.Contains(id - 1) && (id % 3 == 1 || known.Contains(id - 2)))).ToList();
        var row = (await StatisticsAsync(workspace)).GetProperty("totals")[0];
        Assert.Equal($"{traced.Count}", row.GetProperty("totals").GetProperty("_cost_amount").GetString());
        Assert.Equal(known.Count(id => id % 3 == 0), row.GetProperty("occurrences").GetInt32());
    }

    static async Task AssertStoredAsync(WorkspaceClient workspace, int count, bool root = true)
    {
        var events = await TwoNodes.EventsAsync(workspace);
        Assert.Equal(count, events.Count);
        Assert.Equal(count, events.Select(e => e.GetProperty("external_id").GetString()).Distinct().Count());
        if (!root)
            return;
        var row = (await StatisticsAsync(workspace)).GetProperty("totals")[0];
        Assert.Equal((count, $"{count}"), (row.GetProperty("occurrences").GetInt32(), row.GetProperty("totals").GetProperty("_cost_amount").GetString()));
    }

    static Task<JsonElement> StatisticsAsync(WorkspaceClient workspace) =>
        workspace.GetAsync("/api/events/statistics/timeseries?start_date=2026-03-11&end_date=2026-03-11&interval=day");
}
