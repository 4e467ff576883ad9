using System.Text;
using Npgsql;

namespace Analytics.Storage.Writing;

/// <summary>
/// Links a workspace's new events with their parents, wherever those are: in the same group, stored before, or not come yet.
/// Runs under the workspace's lock in statements that see all earlier commits, so that a parent and a child posted at
/// the same moment always meet.
/// </summary>
sealed class TreeJoiner(FragmentStore store, WorkspaceCounters counters, IReadOnlyList<string> registered)
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
        var (stored, awaited) = await store.LoadAsync(
            NamedParents(children, newByKey), counters.Phantoms > 0 ? [.. newByKey.Keys.Select(key => key.ToUuid())] : [], cancel);
        foreach (var fragment in awaited.Concat(stored.Values.Select(parent => parent.Top)))
            fragments[fragment.Id] = fragment;

        foreach (var e in children)
            LinkToParent(e, newByKey, stored);
        if (counters.Phantoms > 0)
            LinkPhantoms(events);
        Settle(children);
    }

    /// <summary>The statements that write the trees this group made or changed. New events with a parent are members, not trees.</summary>
    public IEnumerable<NpgsqlBatchCommand> Save() => store.Save(
        [.. fragments.Values.Concat(ofEvent.Values.Where(f => f.New is { HasParent: false })).Distinct()]);

    /// <summary>The parents that are not among the new events; what is no known key may be an event's id.</summary>
    static Dictionary<UInt128, Guid?> NamedParents(List<NewEvent> children, Dictionary<UInt128, NewEvent> newByKey)
    {
        var named = new Dictionary<UInt128, Guid?>();
        foreach (var e in children)
            if (!newByKey.ContainsKey(e.ParentKey) && !named.ContainsKey(e.ParentKey))
                named.Add(e.ParentKey, IdOf(e.Incoming.ParentId.Span));
        return named;
    }

    static Guid? IdOf(ReadOnlySpan<byte> text) =>
        Guid.TryParse(Encoding.UTF8.GetString(text), out var id) && EventId.TimeOf(id) is not null ? id : null;

    void LinkToParent(NewEvent e, Dictionary<UInt128, NewEvent> newByKey, Dictionary<UInt128, StoredParent> stored)
    {
        if (newByKey.TryGetValue(e.ParentKey, out var newParent))
        {
            e.Parent = newParent.Id;
            Link(FragmentOf(e), FragmentOf(newParent), e);
            return;
        }

        if (!stored.TryGetValue(e.ParentKey, out var parent))
            stored.Add(e.ParentKey, parent = new StoredParent(null, NewPhantom(e.ParentKey.ToUuid())));
        e.Parent = parent.Event ?? e.ParentKey.ToUuid();
        if (parent.Event is { } id)
            ofEvent[id] = parent.Top;
        Link(FragmentOf(e), parent.Top, e);
    }

    Fragment NewPhantom(Guid id)
    {
        counters.Phantoms++;
        return fragments[id] = new Fragment(id) { IsPhantom = true, Fields = counters.Fields };
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
