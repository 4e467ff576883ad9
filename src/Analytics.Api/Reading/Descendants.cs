using Analytics.Storage;
using Analytics.Storage.Schema;
using Analytics.Storage.Traces;

namespace Analytics.Reading;

/// <summary>
/// What lies below some events of traces: how many events, and the sums of some fields. Where only some people's events are visible,
/// others' end the way down.
/// </summary>
sealed class Descendants(BoundedRead read, Workspace workspace, int[]? visible, string[] fields)
{
    readonly Dictionary<Guid, Node> nodes = [];

    /// <summary>Only events up to this sequence; null for all.</summary>
    public long? Through { get; init; }

    /// <summary>How many events are looked at; null for any number.</summary>
    public int? Most { get; init; } = WayDown.MaxEvents;

    /// <summary>How many events are below this one; null when it was not read.</summary>
    public long? CountOf(Guid id) => nodes.GetValueOrDefault(id)?.Count;

    /// <summary>The sums over the event and everything below it; null when it was not read.</summary>
    public Int128[]? SumsOf(Guid id) => nodes.GetValueOrDefault(id)?.Sums;

    /// <summary>The fields' values in one event's metadata; 0 where it has none.</summary>
    public static Int128[] Values(byte[]? metadata, string[] fields)
    {
        var values = new Int128[fields.Length];
        Add(values, metadata, fields);
        return values;
    }

    /// <summary>Reads each event below these once and adds it to all of these that are above it.</summary>
    public async Task ReadAsync(IEnumerable<Guid> events)
    {
        var below = new WayDown(read.Connection, workspace.Key, workspace.HashKey, events)
        {
            Visible = visible, Through = Through, WithMetadata = fields.Length > 0, Max = Most,
        };
        var starts = Array.ConvertAll(below.Starts, _ => new Node(fields.Length));
        foreach (var (id, node) in below.Starts.Zip(starts))
            nodes.Add(id, node);
        await below.EachAsync(step =>
        {
            var node = starts[step.Start];
            if (step.Met is { } met)
                starts[met].Above = node;
            else
            {
                node.Count += step.IsStart ? 0 : 1;
                Add(node.Sums, step.Metadata, fields);
            }
        }, read.Cancel);
        AddUp(starts);
    }

    static void Add(Int128[] sums, byte[]? metadata, string[] fields)
    {
        for (var at = 0; at < fields.Length && metadata is { Length: > 0 }; at++)
            if (MetadataPath.TryReadNumber(metadata, fields[at], out var units))
                sums[at] += units;
    }

    // From below: a node is handed on when all that were met below it have been.
    static void AddUp(Node[] nodes)
    {
        foreach (var node in nodes)
            if (node.Above is { } above)
                above.Waiting++;
        var done = new Queue<Node>(nodes.Where(node => node.Waiting == 0));
        while (done.TryDequeue(out var node))
        {
            if (node.Above is not { } above)
                continue;
            above.Count += node.Count + 1;
            for (var at = 0; at < node.Sums.Length; at++)
                above.Sums[at] += node.Sums[at];
            if (--above.Waiting == 0)
                done.Enqueue(above);
        }
    }

    sealed class Node(int fields)
    {
        /// <summary>The next of the events read that is above it.</summary>
        public Node? Above { get; set; }
        public int Waiting { get; set; }
        public long Count { get; set; }
        public Int128[] Sums { get; } = new Int128[fields];
    }
}
