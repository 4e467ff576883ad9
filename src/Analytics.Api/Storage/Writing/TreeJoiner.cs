using System.Text;

namespace Analytics.Storage.Writing;

/// <summary>
/// Links a workspace's new events with their parents, wherever those are: in the same group, stored before, or not come yet.
/// Runs under the workspace's lock in statements that see all earlier commits, so that a parent and a child posted at
/// the same moment always meet.
/// </summary>
public sealed class TreeJoiner(FragmentStore store, WorkspaceCounters counters, IReadOnlyList<string> registered)
{
    readonly Dictionary<Guid, Fragment> fragments = [];
    readonly Dictionary<Guid, Fragment> ofEvent = [];
    readonly List<(short Field, Int128 Value)> values = [];

    /// <summary>Events that have a parent or children, and so are not lone roots.</summary>
    public IReadOnlyDictionary<Guid, Fragment> OfEvent => ofEvent;

    /// <summary>The roots whose traces grew, with what they sum up to now.</summary>
    public IEnumerable<Fragment> GrownRoots => fragments.Values.Concat(ofEvent.Values)
        .Where(f => f.Up is null && !f.IsPhantom && (f.New is null || !f.New.HasParent))
        .Distinct();

    /// <summary>Joins; refuses events that would close a circle. Sets every event's parent and tree.</summary>
    public async Task JoinAsync(List<NewEvent> events, CancellationToken cancel)
    {
        var children = events.Where(e => e.HasParent).ToList();
        if (children.Count == 0 && counters.Phantoms == 0)
            return;

        var newByKey = events.Where(e => e.HasKey).ToDictionary(e => e.Key);
        var storedParents = await StoredParentsAsync(children, newByKey, cancel);
        await LoadAsync(events, children, newByKey, storedParents, cancel);

        foreach (var e in children)
            LinkToParent(e, newByKey, storedParents);
        if (counters.Phantoms > 0)
            LinkPhantoms(events);
        Settle(children);
    }

    /// <summary>Writes the trees this group made or changed. New events with a parent are members, not trees.</summary>
    public Task SaveAsync(CancellationToken cancel) => store.SaveAsync(
        [.. fragments.Values.Concat(ofEvent.Values.Where(f => f.New is { HasParent: false })).Distinct()], cancel);

    /// <summary>Parents stored before: by the hash of their external id, else by their own id.</summary>
    async Task<Dictionary<UInt128, Guid>> StoredParentsAsync(
        List<NewEvent> children, Dictionary<UInt128, NewEvent> newByKey, CancellationToken cancel)
    {
        var unknown = children.Where(e => !newByKey.ContainsKey(e.ParentKey)).DistinctBy(e => e.ParentKey).ToList();
        var stored = await store.EventsByKeyAsync([.. unknown.Select(e => e.ParentKey)], cancel);
        foreach (var e in unknown)
            if (!stored.ContainsKey(e.ParentKey)
                && Guid.TryParse(Encoding.UTF8.GetString(e.Incoming.ParentId.Span), out var id)
                && EventId.TimeOf(id) is not null)
                stored[e.ParentKey] = id;
        return stored;
    }

    async Task LoadAsync(
        List<NewEvent> events, List<NewEvent> children, Dictionary<UInt128, NewEvent> newByKey,
        Dictionary<UInt128, Guid> storedParents, CancellationToken cancel)
    {
        var parents = await store.TopsOfEventsAsync(storedParents.Values.ToHashSet(), cancel);
        foreach (var (key, id) in storedParents.ToList())
            if (parents.TryGetValue(id, out var top))
                fragments[top.Id] = ofEvent[id] = top;
            else
                storedParents.Remove(key); // looked like an id, but is no event here

        var phantoms = children
            .Where(e => !newByKey.ContainsKey(e.ParentKey) && !storedParents.ContainsKey(e.ParentKey))
            .Select(e => e.ParentKey.ToUuid())
            .ToHashSet();
        var wanted = new HashSet<Guid>(phantoms);
        if (counters.Phantoms > 0)
            wanted.UnionWith(events.Where(e => e.HasKey).Select(e => e.Key.ToUuid()));
        foreach (var (id, top) in await store.TopsAsync(wanted, cancel))
        {
            fragments[top.Id] = top;
            fragments[id] = top;
        }

        foreach (var id in phantoms)
            if (!fragments.ContainsKey(id))
            {
                fragments[id] = new Fragment(id) { IsPhantom = true, Fields = counters.Fields };
                counters.Phantoms++;
            }
    }

    void LinkToParent(NewEvent e, Dictionary<UInt128, NewEvent> newByKey, Dictionary<UInt128, Guid> storedParents)
    {
        Fragment parent;
        if (newByKey.TryGetValue(e.ParentKey, out var newParent))
        {
            e.Parent = newParent.Id;
            parent = FragmentOf(newParent);
        }
        else if (storedParents.TryGetValue(e.ParentKey, out var id))
        {
            e.Parent = id;
            parent = ofEvent[id];
        }
        else
        {
            e.Parent = e.ParentKey.ToUuid();
            parent = fragments[e.Parent.Value];
        }

        Link(FragmentOf(e), parent, e);
    }

    // The phantoms that waited for the new events hang on them from now on.
    void LinkPhantoms(List<NewEvent> events)
    {
        foreach (var e in events)
            if (e.HasKey && fragments.TryGetValue(e.Key.ToUuid(), out var waiting) && waiting is { IsPhantom: true, Up: null }
                && waiting.Id == e.Key.ToUuid())
            {
                counters.Phantoms--;
                Link(waiting, FragmentOf(e), e);
            }
    }

    static void Link(Fragment child, Fragment parent, NewEvent cause)
    {
        if (parent.Top == child.Top)
            cause.Refuse("/parent_id", "cycle", "The event would become its own ancestor.");
        else
            child.Top.Up = parent.Top;
    }

    Fragment FragmentOf(NewEvent e)
    {
        if (ofEvent.TryGetValue(e.Id, out var known))
            return known;
        values.Clear();
        EventValues.Of(e.Incoming, registered, values);
        return ofEvent[e.Id] = new Fragment(e.Id)
        {
            New = e,
            Type = e.Type,
            Person = e.Person,
            Timestamp = e.Incoming.Timestamp,
            Members = 1,
            Fields = counters.Fields,
            Sums = values.ToDictionary(v => v.Field, v => v.Value),
        };
    }

    // Every fragment that now hangs on another gives its sums to the top; its own row only points there.
    void Settle(List<NewEvent> children)
    {
        foreach (var fragment in fragments.Values.Concat(ofEvent.Values).Distinct().ToList())
            if (fragment.Up is not null)
                fragment.Top.Absorb(fragment);
        foreach (var e in children)
        {
            var top = FragmentOf(e).Top;
            fragments[top.Id] = top;
            e.Tree = top.Id;
        }
    }
}
