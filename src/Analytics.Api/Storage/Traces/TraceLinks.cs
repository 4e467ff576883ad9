using System.Text;
using Analytics.Storage.Facts;
using Npgsql;

namespace Analytics.Storage.Traces;

/// <summary>
/// Links a workspace's new events with their parents, wherever those are: in the same group, stored before, or not come yet. What
/// is stored is read in the round trip that takes the workspace's lock, by statements that begin after it: they see all earlier
/// commits, so that a parent and a child posted at the same moment always meet.
/// </summary>
sealed class TraceLinks
{
    // So many events of traces that know too few fields are read under the lock at most.
    internal const int MaxMissing = 5_000;
    const int RetryAfterSeconds = 1;

    readonly int workspace;
    readonly byte[] hashKey;
    readonly CompleteTraces complete;
    readonly StoredTraces stored = new();
    readonly List<NewEvent> children;
    readonly Dictionary<UInt128, NewEvent> newByKey;
    readonly Dictionary<UInt128, Guid?> named;
    readonly PortalParents ofPortals;
    readonly Dictionary<NewEvent, TraceNode> ofNewEvents = new(ReferenceEqualityComparer.Instance);
    readonly List<Guid> newPending = [];
    readonly List<(short Field, Int128 Value)> values = [];
    Dictionary<UInt128, StoredParent> parents = [];
    List<MetParent> come = [];

    public TraceLinks(int workspace, byte[] hashKey, CompleteTraces complete, List<NewEvent> events)
    {
        (this.workspace, this.hashKey, this.complete) = (workspace, hashKey, complete);
        children = [.. events.Where(e => e.HasParent)];
        newByKey = events.Where(e => e.HasKey).ToDictionary(e => e.Key);
        named = NamedParents(children, newByKey);
        ofPortals = new PortalParents(
            workspace, [.. children.Where(e => e.Incoming.Portal is not null && !newByKey.ContainsKey(e.ParentKey))]);
    }

    /// <summary>The roots whose traces grew, with what they sum up to now.</summary>
    public IEnumerable<TraceNode> GrownRoots => Changed.Where(node => node.Up is null && !node.IsPending);

    // New events that have a parent are members of a trace, not nodes.
    IEnumerable<TraceNode> Changed => stored.Nodes.Concat(ofNewEvents.Values.Where(node => node.HasRow));

    /// <summary>Whether an event has a parent or children: its values count with its trace's.</summary>
    public bool HasNode(NewEvent e) => ofNewEvents.Count > 0 && ofNewEvents.ContainsKey(e);

    /// <summary>The statements that read what is stored of the parents; part of the batch that takes the lock.</summary>
    public IEnumerable<NpgsqlBatchCommand> Questions()
    {
        var questions = new TraceQuestions(workspace);
        if (named.Count > 0)
            yield return questions.FindParents(named);
        if (newByKey.Count > 0)
            yield return questions.FindPending(newByKey.Keys);
    }

    /// <summary>Reads the answers, which follow the reader's present result.</summary>
    public async Task ReadAsync(NpgsqlDataReader reader, CancellationToken cancel)
    {
        if (named.Count > 0 && await reader.NextResultAsync(cancel))
            parents = await stored.ReadParentsAsync(reader, cancel);
        if (newByKey.Count > 0 && await reader.NextResultAsync(cancel))
            come = await stored.ReadPendingAsync(reader, newByKey, cancel);
    }

    /// <summary>Finds the parents that portal keys named by id, as far as these people of their customers may see them.</summary>
    public async Task FindPortalParentsAsync(
        NpgsqlConnection connection, IReadOnlyDictionary<Guid, int[]> people, CancellationToken cancel)
    {
        var ids = await ofPortals.FindAsync(connection, people, cancel);
        if (ids.Count == 0)
            return;
        // By the id itself: what they call it stands for something else in their own space.
        await using var question = new NpgsqlBatch(connection);
        question.BatchCommands.Add(new TraceQuestions(workspace).FindParents(ids.ToDictionary(id => id.ToSortable(), id => (Guid?)id)));
        await using var reader = await question.ExecuteReaderAsync(cancel);
        foreach (var (key, parent) in await stored.ReadParentsAsync(reader, cancel))
            parents.Add(key, parent);
    }

    /// <summary>Links the events; refuses those that would close a circle. Sets every event's parent and trace.</summary>
    public async Task LinkAsync(NpgsqlConnection connection, short fields, IReadOnlyList<string> registered, CancellationToken cancel)
    {
        if (children.Count == 0 && come.Count == 0)
            return;
        await CompleteAsync(connection, fields, registered, cancel);
        foreach (var e in children)
            LinkToParent(e, fields);
        foreach (var met in come.OrderBy(met => met.Event.Incoming.Index))
            Link(met.Waiting, NodeOf(met.Event, fields), met.Event);

        foreach (var e in children)
            e.Trace = ofNewEvents[e].Top.Id;
    }

    /// <summary>Sums the fields that the traces do not know yet; those of large traces are not summed under the lock.</summary>
    async Task CompleteAsync(NpgsqlConnection connection, short fields, IReadOnlyList<string> registered, CancellationToken cancel)
    {
        foreach (var node in stored.Nodes)
            if (node.Metadata is { } metadata)
            {
                node.Add(EventValues.Of(metadata, registered));
                node.Counted = node.IsPending ? null : new(node.Sums);
                node.Fields = fields;
            }

        var behind = stored.Nodes.Where(node => node.Fields < fields).ToList();
        if (behind.Sum(node => (long)node.Members) > MaxMissing)
        {
            complete(workspace, behind.Select(node => node.Id));
            throw new OverloadedException(RetryAfterSeconds);
        }

        await new MissingFields(connection, workspace, hashKey, registered).AddAsync(behind, MaxMissing, cancel);
    }

    /// <summary>Gives the sums of every node that was joined to another to the top; its own row only points there.</summary>
    public void AddUp(IReadOnlyList<string> registered)
    {
        foreach (var (e, node) in ofNewEvents)
        {
            values.Clear();
            EventValues.Of(e.Incoming, registered, values);
            node.Add(values);
        }

        foreach (var node in stored.Nodes.Concat(ofNewEvents.Values))
            if (node.Up is not null)
                node.Top.Absorb(node);
    }

    /// <summary>The statements that write the nodes this group made or changed.</summary>
    /// <param name="sequence">The last event's number, theirs included.</param>
    public IEnumerable<NpgsqlBatchCommand> Save(long sequence) => new TraceChanges(workspace).Save(
        [.. Changed], newPending, [.. come.Select(met => met.Hash)], sequence);

    /// <summary>The parents that are not among the new events; what is no known key may be an event's id.</summary>
    static Dictionary<UInt128, Guid?> NamedParents(List<NewEvent> children, Dictionary<UInt128, NewEvent> newByKey)
    {
        var wanted = new Dictionary<UInt128, Guid?>();
        foreach (var e in children)
            if (!newByKey.ContainsKey(e.ParentKey) && !wanted.ContainsKey(e.ParentKey))
                wanted.Add(e.ParentKey, e.Incoming.Portal is null ? IdOf(e.Incoming.ParentId.Span) : null);
        return wanted;
    }

    /// <summary>The text as the id of an event; null for what is none.</summary>
    internal static Guid? IdOf(ReadOnlySpan<byte> text) =>
        Guid.TryParse(Encoding.UTF8.GetString(text), out var id) && EventId.TimeOf(id) is not null ? id : null;

    void LinkToParent(NewEvent e, short fields)
    {
        if (newByKey.TryGetValue(e.ParentKey, out var newParent))
        {
            e.Parent = newParent.Id;
            Link(NodeOf(e, fields), NodeOf(newParent, fields), e);
            return;
        }

        var parent = parents.GetValueOrDefault(e.ParentKey);
        if (parent?.Event is null && ofPortals.IdOf(e) is { } id)
            parent = parents.GetValueOrDefault(id.ToSortable(), parent!);
        if (parent is null)
            parents.Add(e.ParentKey, parent = new StoredParent(null, NewPending(e.ParentKey.ToUuid(), fields)));
        e.Parent = parent.Event ?? e.ParentKey.ToUuid();
        Link(NodeOf(e, fields), parent.Top, e);
    }

    TraceNode NewPending(Guid id, short fields)
    {
        newPending.Add(id);
        return stored.Add(new TraceNode(id) { Root = id, Type = null, Person = null, Fields = fields });
    }

    static void Link(TraceNode child, TraceNode parent, NewEvent cause)
    {
        if (parent.Top == child.Top)
            cause.Refuse("/parent_id", "cycle", "The event would become its own ancestor.");
        else
            TraceNode.Join(child.Top, parent.Top);
    }

    TraceNode NodeOf(NewEvent e, short fields)
    {
        if (!ofNewEvents.TryGetValue(e, out var node))
            ofNewEvents.Add(e, node = new TraceNode(e.Id)
            {
                HasRow = !e.HasParent, Root = e.Id, Type = e.Type, Person = e.Person, Members = 1, Fields = fields,
            });
        return node;
    }
}
