using Analytics.Storage;
using Analytics.Storage.Schema;

namespace Analytics.Reading;

/// <summary>What lies below some events of traces: how many events, and the sums of some fields.</summary>
sealed class Descendants(BoundedRead read, Workspace workspace, int[]? visible, string[] fields)
{
    // Enough for any trace a person looks at; beyond it the answer would take too long anyway.
    const int MaxEvents = 500_000;

    // One parent at a time, by index: an array of both, the planner may scan a fresh partition for.
    static readonly string ChildrenSql = $"""
        select child.id, child.timestamp, child.person, {StoredEvent.HashSql("child.external_id", "$4")} as hash
        from unnest(array[above.id, above.hash]) as named (parent)
        cross join lateral (
            select *
            from events
            where workspace_id = $1
              and parent = named.parent
            offset 0
        ) child
        """;

    static readonly string DownSql = $"""
        with recursive down (id, timestamp, person, hash, parent) as (
            select child.id, child.timestamp, child.person, child.hash, above.id
            from unnest($2, $3) as above (id, hash)
            cross join lateral ({ChildrenSql}) child
            union
            select child.id, child.timestamp, child.person, child.hash, above.id
            from down above
            cross join lateral ({ChildrenSql}) child
        )
        """;

    static readonly string CountSql = $"""
        {DownSql}
        select id, parent, person, null
        from down
        limit $5
        """;

    static readonly string SumSql = $"""
        {DownSql}
        select down.id, down.parent, down.person, events.metadata
        from down
        join events on events.workspace_id = $1 and events.timestamp = down.timestamp and events.id = down.id
        limit $5
        """;

    readonly Dictionary<Guid, Node> nodes = [];

    /// <summary>How many events below this one the caller may see; null when it was not read.</summary>
    public long? CountOf(Guid id) => nodes.GetValueOrDefault(id)?.Count;

    /// <summary>The sums over the event and everything below it; null when it was not read.</summary>
    public Int128[]? SumsOf(Guid id) => nodes.GetValueOrDefault(id)?.Sums;

    /// <summary>The fields' values in one event's metadata; 0 where it has none.</summary>
    public static Int128[] Values(byte[]? metadata, string[] fields)
    {
        var values = new Int128[fields.Length];
        if (metadata is not null)
            for (var at = 0; at < fields.Length; at++)
                if (MetadataPath.TryReadNumber(metadata, fields[at], out var units))
                    values[at] = units;
        return values;
    }

    /// <summary>Reads each event below these once and adds it to all that are above it.</summary>
    public async Task ReadAsync(IReadOnlyCollection<StoredEvent> events)
    {
        foreach (var top in events)
            nodes[top.Id] = new Node(Values(top.Metadata, fields));
        if (events.Count > 0)
            await ReadBelowAsync(events);
        AddUp();
    }

    async Task ReadBelowAsync(IReadOnlyCollection<StoredEvent> events)
    {
        SqlValue[] values =
        [
            workspace.Key, events.Select(e => e.Id).ToArray(), SqlValue.Of(events.Select(e => e.Hash(workspace)).ToArray()),
            StoredEvent.HashKey(workspace), MaxEvents + 1,
        ];
        var count = 0;
        await read.Connection.EachAsync(fields.Length == 0 ? CountSql : SumSql, values, row =>
        {
            if (count++ == MaxEvents)
                throw new TooMuchToReadException("These events have too many descendants to be counted at once.");
            var isVisible = visible is null || (!row.IsDBNull(2) && visible.Contains(row.GetInt32(2)));
            var metadata = row.IsDBNull(3) || !isVisible ? null : row.GetFieldValue<byte[]>(3);
            Add(row.GetGuid(0), row.GetGuid(1), isVisible, metadata);
        }, read.Cancel);
    }

    void Add(Guid id, Guid parent, bool isVisible, byte[]? metadata)
    {
        if (!nodes.TryGetValue(id, out var node))
            nodes[id] = node = new Node(Values(metadata, fields));
        node.Parent = parent;
        node.Own = isVisible ? 1 : 0;
    }

    // From the leaves up: a node is handed on when all its children have been.
    void AddUp()
    {
        foreach (var node in nodes.Values)
            if (node.Parent is { } parent)
                nodes[parent].Waiting++;
        var done = new Queue<Node>(nodes.Values.Where(node => node.Waiting == 0));
        while (done.TryDequeue(out var node))
        {
            if (node.Parent is not { } parent)
                continue;
            var above = nodes[parent];
            above.Count += node.Count + node.Own;
            for (var at = 0; at < fields.Length; at++)
                above.Sums[at] += node.Sums[at];
            if (--above.Waiting == 0)
                done.Enqueue(above);
        }
    }

    sealed class Node(Int128[] values)
    {
        public Guid? Parent { get; set; }
        public int Own { get; set; }
        public int Waiting { get; set; }
        public long Count { get; set; }
        public Int128[] Sums { get; } = values;
    }
}
