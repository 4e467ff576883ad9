using Analytics.Storage.Facts;
using Npgsql;

namespace Analytics.Storage.Traces;

/// <summary>The stored nodes that a group of new events touches, as <see cref="TraceQuestions"/> finds them.</summary>
sealed class StoredTraces
{
    /// <summary>Where a parent that new events name, or a pending parent that comes with them, stands in the store.</summary>
    readonly record struct Place(UInt128 Name, Guid? Event, int? Type, int Person, byte[] Metadata, bool IsKnown, Guid? Node);

    readonly Dictionary<Guid, TraceNode> touched = [];
    readonly Dictionary<Guid, TraceNode> tops = [];
    readonly Dictionary<Guid, Guid> ups = [];

    /// <summary>The tops of the traces that new events hang on, and of those that hang on new events.</summary>
    public IReadOnlyCollection<TraceNode> Nodes => touched.Values;

    public TraceNode Add(TraceNode node) => touched[node.Id] = node;

    /// <summary>
    /// What is stored of the parents that are named, by key: an event with its trace, or only a trace of others that wait for it
    /// too; those of whom nothing is known are left out.
    /// </summary>
    public async Task<Dictionary<UInt128, StoredParent>> ReadParentsAsync(NpgsqlDataReader reader, CancellationToken cancel)
    {
        var parents = new Dictionary<UInt128, StoredParent>();
        foreach (var place in await ReadAsync(reader, cancel))
            if (Parent(place) is { } parent)
                parents.Add(place.Name, parent);
        return parents;
    }

    /// <summary>The pending parents that are among the new events.</summary>
    public async Task<List<MetParent>> ReadPendingAsync(
        NpgsqlDataReader reader, IReadOnlyDictionary<UInt128, NewEvent> newByKey, CancellationToken cancel)
    {
        var met = new List<MetParent>();
        foreach (var place in await ReadAsync(reader, cancel))
            if (newByKey.TryGetValue(place.Name, out var parent) && Top(place) is { } top)
                met.Add(new MetParent(place.Node!.Value, top, parent));
        return met;
    }

    /// <summary>Reads places, and the nodes on the ways up from them.</summary>
    async Task<List<Place>> ReadAsync(NpgsqlDataReader reader, CancellationToken cancel)
    {
        var places = new List<Place>();
        while (await reader.ReadAsync(cancel))
            if (!reader.IsDBNull(0))
                places.Add(new Place(
                    reader.GetGuid(0).ToSortable(), reader.GetFieldValue<Guid?>(1), reader.GetFieldValue<int?>(2), reader.GetInt32(3),
                    reader.Bytes(4), reader.GetBoolean(5), reader.GetFieldValue<Guid?>(6)));
            else if (!reader.IsDBNull(7))
                ups[reader.GetGuid(6)] = reader.GetGuid(7);
            else if (!tops.ContainsKey(reader.GetGuid(6)))
                tops.Add(reader.GetGuid(6), Stored(reader));
        return places;
    }

    static TraceNode Stored(NpgsqlDataReader reader)
    {
        var type = reader.GetFieldValue<int?>(2);
        var sums = NodeSums.Read(reader.GetFieldValue<byte[]>(12));
        return new TraceNode(reader.GetGuid(6))
        {
            IsStored = true,
            Root = reader.GetGuid(8),
            Type = type,
            Person = reader.GetInt32(3),
            IsMixed = reader.GetBoolean(9),
            Members = reader.GetInt32(10),
            Fields = reader.GetInt16(11),
            Sums = sums,
            Counted = type is null ? null : new(sums),
        };
    }

    StoredParent? Parent(in Place place)
    {
        if (Top(place) is { } top)
            return new StoredParent(place.Event, top);
        if (place.Event is { } id)
            return new StoredParent(id, LoneRoot(place, id));

        // Retention let it go. As it can not come again, its node is like a pending parent's but is not listed as one.
        return place is { IsKnown: true, Node: { } gone }
            ? new StoredParent(null, Add(new TraceNode(gone) { Root = gone, Type = null, Person = null, Metadata = [] }))
            : null;
    }

    TraceNode? Top(in Place place)
    {
        if (place.Node is not { } at)
            return null;
        for (var steps = 0; ups.TryGetValue(at, out var up) && steps <= ups.Count; steps++)
            at = up;
        return tops.TryGetValue(at, out var top) ? Add(top) : null;
    }

    TraceNode LoneRoot(in Place place, Guid id) => touched.TryGetValue(id, out var known) ? known : Add(new TraceNode(id)
    {
        Root = id,
        Type = place.Type,
        Person = place.Person,
        Members = 1,
        Metadata = place.Metadata,
    });
}

/// <summary>
/// What is stored of a parent that new events name: its id, or null as long as it is pending or when it is gone, and the top of its trace.
/// </summary>
sealed record StoredParent(Guid? Event, TraceNode Top);

/// <summary>A pending parent that comes now: the hash it was named by, the top of what waits for it, and the event.</summary>
sealed record MetParent(Guid Hash, TraceNode Waiting, NewEvent Event);
