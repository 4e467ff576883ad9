using System.Text;
using Analytics.Sketches;
using Analytics.Storage;
using Analytics.Storage.Facts;
using Analytics.Storage.Schema;
using Analytics.Storage.Traces;
using Analytics.Storage.Writing;
using Analytics.Tenancy;
using Analytics.Tests.Oracle;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Analytics.Tests.Storage.Traces;

/// <summary>What is stored of traces while their events come, one way or the other.</summary>
public sealed class TraceNodesTests(AnalyticsApi api)
{
    [Fact]
    public async Task An_event_without_parent_and_children_leaves_no_node()
    {
        var workspace = await NewWorkspaceAsync();
        await WriteAsync(workspace, Event("alone", cost: 1));
        Assert.Empty(await NodesAsync(workspace));
    }

    [Fact]
    public async Task A_child_that_comes_after_its_parent_makes_the_parent_a_node_that_counts_both()
    {
        var workspace = await NewWorkspaceAsync();
        await WriteAsync(workspace, Event("root", cost: 1));
        await WriteAsync(workspace, Event("child", parent: "root", cost: 2));

        var root = Assert.Single(await NodesAsync(workspace));
        Assert.Equal(new Node(root.Id, Up: null, IsRoot: true, Members: 2, Cost: "3"), root);
        Assert.Equal(7, root.Id.Version);
        Assert.Empty(await PendingAsync(workspace));
    }

    [Fact]
    public async Task A_child_that_comes_before_its_parent_is_counted_in_the_parents_trace()
    {
        var workspace = await NewWorkspaceAsync();
        await WriteAsync(workspace, Event("child", parent: "root", cost: 2), Event("grandchild", parent: "child", cost: 4));

        var pending = Assert.Single(await NodesAsync(workspace));
        Assert.Equal(new Node(pending.Id, Up: null, IsRoot: false, Members: 2, Cost: "6"), pending);
        Assert.Equal([pending.Id], await PendingAsync(workspace));

        await WriteAsync(workspace, Event("root", cost: 1));

        var nodes = (await NodesAsync(workspace)).ToDictionary(node => node.IsRoot);
        Assert.Equal(new Node(nodes[true].Id, Up: null, IsRoot: true, Members: 3, Cost: "7"), nodes[true]);
        Assert.Equal(pending with { Up = nodes[true].Id }, nodes[false]);
        Assert.Empty(await PendingAsync(workspace));
    }

    // The writer looks for the one or goes through the other, whichever is less.
    [Theory, InlineData(1, 30), InlineData(30, 1), InlineData(5, 40), InlineData(5, 39)]
    public async Task A_pending_parent_is_found_however_many_wait_and_however_many_come(int waiting, int coming)
    {
        var workspace = await NewWorkspaceAsync();
        await WriteAsync(workspace, [.. Enumerable.Range(0, waiting).Select(at => Event($"child {at}", parent: $"root {at}", cost: 2))]);
        await WriteAsync(workspace, [.. Enumerable.Range(0, coming).Select(at => Event($"root {at}", cost: 1))]);

        var met = Math.Min(waiting, coming);
        var nodes = await NodesAsync(workspace);
        Assert.Equal(met, nodes.Count(node => node is { IsRoot: true, Members: 2, Cost: "3" }));
        Assert.Equal(met, nodes.Count(node => node is { IsRoot: false, Up: not null, Members: 1, Cost: "2" }));
        Assert.Equal(waiting + met, nodes.Count);
        Assert.Equal(waiting - met, (await PendingAsync(workspace)).Count);
    }

    sealed record Node(Guid Id, Guid? Up, bool IsRoot, int Members, string Cost);

    T Of<T>() where T : notnull => api.Services.GetRequiredService<T>();

    async Task<Workspace> NewWorkspaceAsync() =>
        (await Of<TenantDirectory>().WorkspaceAsync((await Upkeep.OfAsync(await api.NewWorkspaceAsync())).Workspace))!;

    async Task WriteAsync(Workspace workspace, params IncomingEvent[] events) =>
        Assert.Equal(events.Length, (await Of<FactWriter>().WriteAsync(workspace, events, partial: false, default)).Inserted);

    static IncomingEvent Event(string id, int cost, string parent = "") => new()
    {
        Index = 0,
        Name = "task.done",
        Timestamp = Some.Day.ToUnixTimeMilliseconds() * 1000,
        ExternalId = Encoding.UTF8.GetBytes(id),
        ParentId = Encoding.UTF8.GetBytes(parent),
        Metadata = Encoding.UTF8.GetBytes($$"""{"_cost":{"amount":{{cost}},"currency":"usd"} }"""),
        Fields = new FieldValues(cost * DecimalUnits.One, null, null, null, null),
    };

    async Task<List<Node>> NodesAsync(Workspace workspace)
    {
        var nodes = new List<Node>();
        await using var reader = await ReadAsync("select id, up, type is not null, members, sums from trace_nodes where workspace_id = $1", workspace);
        while (await reader.ReadAsync())
        {
            var cost = NodeSums.Read(reader.GetFieldValue<byte[]>(4))[FieldCatalogue.Cost];
            nodes.Add(new Node(
                reader.GetGuid(0), reader.IsDBNull(1) ? null : reader.GetGuid(1), reader.GetBoolean(2), reader.GetInt32(3),
                DecimalUnits.Format(cost)));
        }

        return nodes;
    }

    async Task<List<Guid>> PendingAsync(Workspace workspace)
    {
        var pending = new List<Guid>();
        await using var reader = await ReadAsync("select id from pending_parents where workspace_id = $1", workspace);
        while (await reader.ReadAsync())
            pending.Add(reader.GetGuid(0));
        return pending;
    }

    Task<NpgsqlDataReader> ReadAsync(string sql, Workspace workspace)
    {
        var command = api.Store.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = workspace.Key });
        return command.ExecuteReaderAsync(System.Data.CommandBehavior.CloseConnection);
    }
}
