using System.Collections.Concurrent;
using System.Data;
using Analytics.Storage.Facts;
using Npgsql;

namespace Analytics.Storage.Traces;

/// <summary>
/// Sums the fields that large traces do not know yet, without the workspace's lock. Writers wait for it: they do no such work under the
/// lock but for small traces, so that a trace, once it is asked for here, stays as it is until it is done.
/// </summary>
sealed class TraceCompletion(NpgsqlDataSource store, StoreReadiness readiness, TimeProvider clock, ILogger<TraceCompletion> log)
    : RepeatedJob(readiness, clock, log)
{
    const int AtOnce = 100;

    const string SettingsSql = "set local enable_seqscan = off; set local jit = off; set local statement_timeout = 0";

    const string NodesSql = """
        select node.id, node.root, node.members, node.fields, node.sums
        from unnest($2) as wanted (id)
        cross join lateral (
            select *
            from trace_nodes
            where workspace_id = $1
              and id = wanted.id
            offset 0
        ) node
        where node.up is null
        """;

    const string LockSql = "select from workspace_seq where workspace_id = $1 for update";

    // Whoever changes a trace knows all fields from then on: what is behind still is what was read.
    const string SaveSql = """
        update trace_nodes
        set sums = $5, fields = $6
        where workspace_id = $1
          and id = $2
          and up is null
          and members = $3
          and fields = $4
        """;

    readonly ConcurrentDictionary<(int Workspace, Guid Top), bool> wanted = new();

    /// <summary>Notes that the traces of these nodes are waited for, and begins.</summary>
    public void Complete(int workspace, IEnumerable<Guid> tops)
    {
        foreach (var top in tops)
            wanted.TryAdd((workspace, top), true);
        Wake();
    }

    protected override string Work => "Summing new fields of large traces";

    protected override async Task WorkAsync(CancellationToken cancel)
    {
        // Some of each workspace in turn.
        while (wanted.Keys.GroupBy(one => one.Workspace).ToList() is { Count: > 0 } workspaces)
            foreach (var one in workspaces)
                await CompleteAsync(one.Key, [.. one.Select(each => each.Top).Take(AtOnce)], cancel);
    }

    async Task CompleteAsync(int workspace, Guid[] tops, CancellationToken cancel)
    {
        // Who still waits when it failed asks again.
        foreach (var top in tops)
            wanted.TryRemove((workspace, top), out _);
        await using var connection = await store.OpenConnectionAsync(cancel);
        List<(TraceNode Node, short Known)> nodes;
        await using (await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancel))
        {
            await connection.ExecuteAsync(SettingsSql, [], cancel);
            nodes = await ReadAsync(connection, workspace, tops, cancel);
        }

        await using var saving = await connection.BeginTransactionAsync(cancel);
        await connection.ExecuteAsync(LockSql, [workspace], cancel);
        foreach (var (node, known) in nodes)
            await connection.ExecuteAsync(
                SaveSql, [workspace, node.Id, node.Members, known, NodeSums.Write(node.Sums), node.Fields], cancel);
        await saving.CommitAsync(cancel);
    }

    static async Task<List<(TraceNode Node, short Known)>> ReadAsync(
        NpgsqlConnection connection, int workspace, Guid[] tops, CancellationToken cancel)
    {
        var hashKey = await KeyHash.KeyOfAsync(connection, workspace, cancel);
        var registered = await RegisteredFields.ReadAsync(connection, workspace, cancel);
        var nodes = await connection.QueryAsync(NodesSql, [workspace, tops], row => new TraceNode(row.GetGuid(0))
        {
            Root = row.GetGuid(1),
            Type = null,
            Person = null,
            Members = row.GetInt32(2),
            Fields = row.GetInt16(3),
            Sums = NodeSums.Read(row.GetFieldValue<byte[]>(4)),
        }, cancel);
        var behind = nodes
            .Where(node => node.Fields < FieldCatalogue.LastBuiltIn + registered.Count)
            .Select(node => (Node: node, Known: node.Fields)).ToList();
        await new MissingFields(connection, workspace, hashKey, registered).AddAsync([.. behind.Select(one => one.Node)], null, cancel);
        return behind;
    }
}

/// <summary>Has the fields that the traces of some nodes do not know yet summed in the background; it returns at once.</summary>
delegate void CompleteTraces(int workspace, IEnumerable<Guid> tops);
