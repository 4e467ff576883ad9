namespace Analytics.Tests.Storage.Traces;

/// <summary>What is stored of traces while their events come, one way or the other.</summary>
public sealed class TraceNodesTests(AnalyticsApi api)
{
    [Fact]
    public async Task An_event_without_parent_and_children_leaves_no_node()
    {
        var traces = await TracedWorkspace.NewAsync(api);
        await traces.WriteAsync(TracedWorkspace.Event("alone"));
        Assert.Empty(await traces.NodesAsync());
    }

    [Fact]
    public async Task A_child_that_comes_after_its_parent_makes_the_parent_a_node_that_counts_both()
    {
        var traces = await TracedWorkspace.NewAsync(api);
        await traces.WriteAsync(TracedWorkspace.Event("root", cost: 1));
        await traces.WriteAsync(TracedWorkspace.Event("child", parent: "root", cost: 2));

        var root = (await traces.EventsAsync())["root"].Id;
        Assert.Equal([Top(root, root, isRoot: true, members: 2, cost: "3")], await traces.NodesAsync());
        Assert.Empty(await traces.PendingAsync());
    }

    [Fact]
    public async Task A_child_that_comes_before_its_parent_is_counted_in_the_parents_trace()
    {
        var traces = await TracedWorkspace.NewAsync(api);
        var hash = traces.HashOf("root");
        await traces.WriteAsync(TracedWorkspace.Event("child", parent: "root", cost: 2));
        Assert.Equal([Top(hash, hash, isRoot: false, members: 1, cost: "2")], await traces.NodesAsync());
        Assert.Equal([hash], await traces.PendingAsync());

        await traces.WriteAsync(TracedWorkspace.Event("root", cost: 1));

        var root = (await traces.EventsAsync())["root"].Id;
        Assert.Equal(
            [Top(root, root, isRoot: true, members: 2, cost: "3"), Pointing(hash, root)],
            (await traces.NodesAsync()).OrderBy(node => node.Up is not null));
        Assert.Empty(await traces.PendingAsync());
    }

    [Fact]
    public async Task A_parent_that_many_wait_for_points_to_their_node_when_it_comes()
    {
        var traces = await TracedWorkspace.NewAsync(api);
        var hash = traces.HashOf("root");
        await traces.WriteAsync(
            TracedWorkspace.Event("child", parent: "root", cost: 2), TracedWorkspace.Event("grandchild", parent: "child", cost: 4));
        await traces.WriteAsync(TracedWorkspace.Event("root", cost: 1));

        var root = (await traces.EventsAsync())["root"].Id;
        Assert.Equal(
            [Top(hash, root, isRoot: true, members: 3, cost: "7"), Pointing(root, hash)],
            (await traces.NodesAsync()).OrderBy(node => node.Up is not null));
        Assert.Empty(await traces.PendingAsync());
    }

    // The writer looks for the one or goes through the other, whichever is less.
    [Theory, InlineData(1, 30), InlineData(30, 1), InlineData(5, 40), InlineData(5, 39)]
    public async Task A_pending_parent_is_found_however_many_wait_and_however_many_come(int waiting, int coming)
    {
        var traces = await TracedWorkspace.NewAsync(api);
        await traces.WriteAsync(
            [.. Enumerable.Range(0, waiting).Select(at => TracedWorkspace.Event($"child {at}", parent: $"root {at}", cost: 2))]);
        await traces.WriteAsync([.. Enumerable.Range(0, coming).Select(at => TracedWorkspace.Event($"root {at}", cost: 1))]);

        var met = Math.Min(waiting, coming);
        var nodes = await traces.NodesAsync();
        Assert.Equal(met, nodes.Count(node => node is { Up: null, IsRoot: true, Members: 2, Cost: "3" }));
        Assert.Equal(met, nodes.Count(node => node.Up is not null));
        Assert.Equal(waiting - met, nodes.Count(node => node is { Up: null, IsRoot: false, Members: 1, Cost: "2" }));
        Assert.Equal(waiting + met, nodes.Count);
        Assert.Equal(waiting - met, (await traces.PendingAsync()).Count);
    }

    [Theory]
    [InlineData("ann", "ann", "ann", false)]
    [InlineData("", "", "", false)]
    [InlineData("ann", "bob", "ann", true)]
    [InlineData("ann", "ann", "bob", true)]
    [InlineData("ann", "bob", "bob", true)]
    [InlineData("", "ann", "", true)]
    [InlineData("ann", "ann", "", true)]
    public async Task A_trace_is_mixed_when_a_member_is_of_another_person_than_its_root(string root, string child, string late, bool isMixed)
    {
        string[][] orders = [["root", "child", "late"], ["child", "root", "late"], ["late", "child", "root"], ["child", "late", "root"]];
        foreach (var order in orders)
        {
            var traces = await TracedWorkspace.NewAsync(api);
            foreach (var which in order)
                await traces.WriteAsync(which switch
                {
                    "root" => TracedWorkspace.Event("root", person: root),
                    "child" => TracedWorkspace.Event("child", parent: "root", person: child),
                    _ => TracedWorkspace.Event("late", parent: "child", person: late),
                });

            var (_, person, _) = (await traces.EventsAsync())["root"];
            var top = Assert.Single(await traces.NodesAsync(), node => node.Up is null);
            Assert.Equal((person, isMixed), (top.Person!.Value, top.IsMixed));
        }
    }

    static Node Top(Guid id, Guid root, bool isRoot, int members, string cost) =>
        new(id, Up: null, root, isRoot, Person: 0, IsMixed: false, members, cost);

    static Node Pointing(Guid id, Guid up) => new(id, up, Root: null, IsRoot: false, Person: null, IsMixed: false, Members: 0, Cost: "0");
}
