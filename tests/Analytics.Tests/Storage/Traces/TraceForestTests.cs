using System.Numerics;
using Analytics.Storage.Facts;
using Analytics.Storage.Verification;

namespace Analytics.Tests.Storage.Traces;

/// <summary>
/// Forests of any shape, told in any order and by several at once, beside what a recount makes of them: after each step every trace
/// has one node that says what it is, every event leads there, and no way there is long.
/// </summary>
public sealed class TraceForestTests(AnalyticsApi api)
{
    sealed record Told(string Id, string Parent, string Person, int Cost);

    static readonly string[] People = ["", "ann", "bob"];

    [Theory]
    [InlineData("forest", "shuffled")]
    [InlineData("forest", "parents first")]
    [InlineData("forest", "children first")]
    [InlineData("chain", "shuffled")]
    [InlineData("chain", "children first")]
    [InlineData("star", "shuffled")]
    [InlineData("stars", "children first")]
    public async Task Every_step_leaves_what_a_recount_makes_of_it(string shape, string order)
    {
        const int Events = 120;
        var random = new Random(HashOf(shape + order));
        var traces = await TracedWorkspace.NewAsync(api);
        var all = Ordered(Shaped(shape, Events, random), order, random);
        List<Told> told = [];
        while (told.Count < Events)
        {
            var batch = all.Skip(told.Count).Take(random.Next(1, 9)).ToList();
            var repeated = told.Count == 0 ? [] : random.GetItems(told.ToArray(), random.Next(3)).Distinct().ToList();
            told.AddRange(batch);
            var written = await WriteAsync(traces, batch.Concat(repeated));
            Assert.Equal((batch.Count, repeated.Count), (written.Inserted, written.Duplicates));
            await AgreesAsync(traces, told);
            await RefusesCircleAsync(traces, told, random);
        }

        await AgreesAsync(traces, told);
        Assert.Empty(await Verifier.DifferencesAsync(api.Store, traces.Workspace.Key));
    }

    [Theory, InlineData("forest"), InlineData("chain"), InlineData("stars")]
    public async Task Several_writers_at_once_leave_what_a_recount_makes_of_it(string shape)
    {
        var random = new Random(HashOf(shape));
        var traces = await TracedWorkspace.NewAsync(api);
        var all = Ordered(Shaped(shape, 1_500, random), "shuffled", random);
        await Parallel.ForEachAsync(
            all.Chunk(25), new ParallelOptions { MaxDegreeOfParallelism = 8 },
            async (batch, _) => await WriteAsync(traces, batch));

        await AgreesAsync(traces, all);
        Assert.Empty(await Verifier.DifferencesAsync(api.Store, traces.Workspace.Key));
    }

    // A client can have each parent come with the next one that is awaited: the way up was as long as the chain.
    [Fact]
    public async Task A_prepared_chain_of_awaited_parents_makes_no_long_way()
    {
        const int Length = 400;
        var traces = await TracedWorkspace.NewAsync(api);
        List<Told> told = [.. Enumerable.Range(0, Length).Select(at => new Told($"{at}", $"{at + 1}", "", 1))];
        foreach (var one in told)
            await WriteAsync(traces, one);

        Assert.InRange((await AgreesAsync(traces, told)).LongestWay, 1, 1);
        Told[] below = [.. told.Select(one => new Told($"below {one.Id}", one.Id, "", 1))];
        await WriteAsync(traces, below);
        await AgreesAsync(traces, [.. told, .. below]);
    }

    // The worst there is: in every round traces of one size are joined in pairs.
    [Fact]
    public async Task Traces_joined_in_pairs_again_and_again_make_ways_of_their_logarithm()
    {
        const int Rounds = 9;
        var traces = await TracedWorkspace.NewAsync(api);
        List<Told> told = [.. Enumerable.Range(0, 1 << Rounds).Select(at => new Told($"leaf {at}", $"{at}", "", 1))];
        await WriteAsync(traces, told);
        for (var round = 1; round <= Rounds; round++)
        {
            Told[] joins = [.. Enumerable.Range(0, 1 << (Rounds - round)).Select(pair => pair << round)
                .Select(at => new Told($"{at + (1 << (round - 1)) - 1}", $"{at + (1 << round) - 1}", "", 1))];
            told.AddRange(joins);
            await WriteAsync(traces, joins);
        }

        Assert.InRange((await AgreesAsync(traces, told)).LongestWay, 5, Rounds + 1);
        Told[] below = [.. told.Select(one => new Told($"below {one.Id}", one.Id, "", 1))];
        await WriteAsync(traces, below);
        await AgreesAsync(traces, [.. told, .. below]);
    }

    static Task<WriteResult> WriteAsync(TracedWorkspace traces, params IEnumerable<Told> events) => traces.WriteAsync(
        [.. events.Select((one, at) => TracedWorkspace.Event(one.Id, one.Cost, one.Parent, one.Person, at))]);

    // One whom others wait for can not hang below them.
    static async Task RefusesCircleAsync(TracedWorkspace traces, List<Told> told, Random random)
    {
        var known = told.ToDictionary(one => one.Id);
        var top = random.GetItems(told.ToArray(), 1)[0];
        var below = top.Id;
        while (known.TryGetValue(top.Parent, out var parent))
            top = parent;
        if (top.Parent.Length == 0)
            return;
        var before = await traces.NodesAsync();
        var refused = Assert.Single((await WriteAsync(traces, new Told(top.Parent, below, "", 1))).Refusals);
        Assert.Equal("cycle", refused.Code);
        Assert.Equal(before.ToHashSet(), (await traces.NodesAsync()).ToHashSet());
    }

    static async Task<(int LongestWay, int Nodes)> AgreesAsync(TracedWorkspace traces, IReadOnlyList<Told> told)
    {
        var (nodes, events) = ((await traces.NodesAsync()).ToDictionary(node => node.Id), await traces.EventsAsync());
        var known = told.ToDictionary(one => one.Id);
        var expected = told.GroupBy(one => TopOf(one, known)).Where(trace => trace.Count() > 1 || !known.ContainsKey(trace.Key)).ToList();
        Assert.Equal(expected.Count, nodes.Values.Count(node => node.Up is null));
        Assert.All(nodes.Values.Where(node => node.Up is not null), node => Assert.Equal(new Node(node.Id, node.Up, null, false, null, false, 0, "0"), node));
        var longest = 0;
        foreach (var trace in expected)
        {
            var root = known.ContainsKey(trace.Key) ? events[trace.Key].Id : traces.HashOf(trace.Key);
            var people = trace.Select(one => events[one.Id].Person).ToHashSet();
            var (top, steps) = End(root, nodes);
            Assert.Equal((root, known.ContainsKey(trace.Key)), (top.Root!.Value, top.IsRoot));
            Assert.Equal((trace.Count(), $"{trace.Sum(one => one.Cost)}"), (top.Members, top.Cost));
            Assert.Equal(people.Count > 1, top.IsMixed);
            Assert.Contains(top.Person!.Value, known.ContainsKey(trace.Key) ? [events[trace.Key].Person] : people);
            foreach (var one in trace)
                if (one.Parent.Length > 0)
                {
                    var (end, way) = End(events[one.Id].Trace!.Value, nodes);
                    Assert.Equal(top, end);
                    steps = Math.Max(steps, way);
                }

            Assert.InRange(steps, 0, BitOperations.Log2((uint)top.Members) + 1);
            longest = Math.Max(longest, steps);
        }

        return (longest, nodes.Count);
    }

    static (Node Top, int Steps) End(Guid start, Dictionary<Guid, Node> nodes)
    {
        var (at, steps) = (nodes[start], 0);
        for (; at.Up is { } up; at = nodes[up])
            Assert.InRange(++steps, 1, nodes.Count);
        return (at, steps);
    }

    /// <summary>The id of the root, or what the pending parent up there is called.</summary>
    static string TopOf(Told one, Dictionary<string, Told> known)
    {
        while (one.Parent.Length > 0 && known.TryGetValue(one.Parent, out var parent))
            one = parent;
        return one.Parent.Length > 0 ? one.Parent : one.Id;
    }

    static List<Told> Shaped(string shape, int count, Random random) =>
    [
        .. Enumerable.Range(0, count).Select(at => new Told($"e{at}", at == 0 ? "" : shape switch
        {
            "chain" => $"e{at - 1}",
            "star" => "e0",
            "stars" => $"e{at / 10}",
            _ => random.Next(8) == 0 ? "" : $"e{random.Next(at)}",
        }, random.Next(4) == 0 ? random.GetItems(People, 1)[0] : "ann", random.Next(1, 100))),
    ];

    static List<Told> Ordered(List<Told> all, string order, Random random)
    {
        if (order == "shuffled")
            return [.. all.OrderBy(_ => random.Next())];
        return order == "children first" ? [.. Enumerable.Reverse(all)] : all;
    }

    static int HashOf(string text) => text.Aggregate(17, (hash, c) => unchecked(hash * 31 + c));
}
