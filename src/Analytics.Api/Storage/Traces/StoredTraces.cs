using Analytics.Storage.Facts;
using Npgsql;

namespace Analytics.Storage.Traces;

/// <summary>The stored nodes that a group of new events touches, as <see cref="TraceQuestions"/> finds them.</summary>
sealed class StoredTraces(int workspace, byte[] hashKey)
{
    readonly Dictionary<Guid, TraceNode> nodes = [];
    readonly Dictionary<Guid, Guid> shortcuts = [];

    /// <summary>The nodes that new events hang on, and those that hang on new events.</summary>
    public IReadOnlyCollection<TraceNode> Nodes => nodes.Values;

    /// <summary>Nodes more than a step away from their top, to be pointed at it.</summary>
    public IReadOnlyDictionary<Guid, Guid> Shortcuts => shortcuts;

    public TraceNode Add(TraceNode node) => nodes[node.Id] = node;

    /// <summary>
    /// What is stored of the parents that are named, by key: an event with its trace, or only a trace of others that wait for it
    /// too; those of whom nothing is known are left out.
    /// </summary>
    public async Task<Dictionary<UInt128, StoredParent>> ReadParentsAsync(NpgsqlDataReader reader, CancellationToken cancel)
    {
        var parents = new Dictionary<UInt128, StoredParent>();
        while (await reader.ReadAsync(cancel))
            if (Parent(reader) is { } parent)
                parents.Add(reader.GetGuid(0).ToSortable(), parent);
        return parents;
    }

    /// <summary>The pending parents that are among the new events.</summary>
    public async Task<List<(TraceNode Pending, NewEvent Parent)>> ReadPendingAsync(
        NpgsqlDataReader reader, IReadOnlyDictionary<UInt128, NewEvent> newByKey, CancellationToken cancel)
    {
        var come = new List<(TraceNode, NewEvent)>();
        while (await reader.ReadAsync(cancel))
            if (newByKey.TryGetValue(reader.GetGuid(0).ToSortable(), out var parent))
                come.Add((Node(reader, 0), parent));
        return come;
    }

    /// <summary>Sums the fields that the nodes do not know yet.</summary>
    public async Task CompleteAsync(NpgsqlConnection connection, short fields, IReadOnlyList<string> registered, CancellationToken cancel)
    {
        foreach (var node in nodes.Values)
            if (node.Metadata is { } metadata)
            {
                node.Add(EventValues.Of(metadata, registered));
                node.Counted = node.IsPending ? null : new(node.Sums);
                node.Fields = fields;
            }

        var behind = nodes.Values.Where(node => node.Fields < fields).ToList();
        if (behind.Count > 0)
            await new MissingFields(connection, workspace, hashKey, registered).AddAsync(behind, fields, cancel);
    }

    StoredParent? Parent(NpgsqlDataReader reader)
    {
        Guid? e = reader.IsDBNull(1) ? null : reader.GetGuid(1);
        if (!reader.IsDBNull(8))
        {
            if (reader.GetInt32(6) > 1)
                shortcuts[reader.GetGuid(5)] = reader.GetGuid(8);
            return new StoredParent(e, Node(reader, 8));
        }

        if (e is { } id)
            return new StoredParent(e, LoneRoot(reader, id));

        // Retention let it go. As it can not come again, its node is like a pending parent's but is not listed as one.
        return reader.GetBoolean(7)
            ? new StoredParent(null, Add(new TraceNode(reader.GetGuid(5)) { IsPending = true, Metadata = [] }))
            : null;
    }

    TraceNode Node(NpgsqlDataReader reader, int at)
    {
        var id = reader.GetGuid(at);
        if (nodes.TryGetValue(id, out var known))
            return known;
        var isPending = reader.IsDBNull(at + 1);
        var sums = NodeSums.Read(reader.GetFieldValue<byte[]>(at + 5));
        return Add(new TraceNode(id)
        {
            IsStored = true,
            IsPending = isPending,
            Type = isPending ? 0 : reader.GetInt32(at + 1),
            Person = isPending ? 0 : reader.GetInt32(at + 2),
            Timestamp = isPending ? 0 : EventId.TimestampOf(id)!.Value,
            Members = reader.GetInt32(at + 3),
            Fields = reader.GetInt16(at + 4),
            Sums = sums,
            Counted = isPending ? null : new(sums),
        });
    }

    TraceNode LoneRoot(NpgsqlDataReader reader, Guid id) => nodes.TryGetValue(id, out var known) ? known : Add(new TraceNode(id)
    {
        Type = reader.GetInt32(2),
        Person = reader.GetInt32(3),
        Timestamp = EventId.TimestampOf(id)!.Value,
        Members = 1,
        Metadata = reader.Bytes(4),
    });
}

/// <summary>
/// What is stored of a parent that new events name: its id, or null as long as it is pending or when it is gone, and the top of its trace.
/// </summary>
sealed record StoredParent(Guid? Event, TraceNode Top);
