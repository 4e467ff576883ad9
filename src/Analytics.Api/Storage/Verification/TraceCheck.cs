using Analytics.Sketches;
using Analytics.Storage.Traces;

namespace Analytics.Storage.Verification;

/// <summary>Do trace nodes hold what hangs below their roots and pending parents, and do they lead everything there?</summary>
sealed class TraceCheck(StoreSnapshot snapshot, DifferenceLog log)
{
    const string Rollup = "traces";

    const string ListedSql = """
        select one.id
        from unnest($2) as wanted (id)
        cross join lateral (
            select id
            from pending_parents
            where workspace_id = $1
              and id = wanted.id
            offset 0
        ) one
        """;

    const string UnknownSql = """
        select p.id
        from pending_parents p
        where p.workspace_id = $1
          and not exists (select from trace_nodes t where t.workspace_id = $1 and t.id = p.id)
        """;

    const string NamedSql = """
        select wanted.id
        from unnest($2) as wanted (id)
        cross join lateral (
            select
            from events
            where workspace_id = $1
              and parent = wanted.id
            limit 1
        ) one
        """;

    const string MissingSql = """
        select distinct e.parent
        from events e
        where e.workspace_id = $1
          and e.parent is not null
          and substr(e.parent::text, 15, 1) = '8'
          and not exists (select from trace_nodes t where t.workspace_id = $1 and t.id = e.parent)
        """;

    readonly WaysUp ways = new(snapshot);

    /// <summary>
    /// Nodes of roots, all of whose descendants were counted. Where retention let some of those go, the trace is given the sums
    /// its node has kept.
    /// </summary>
    public async Task RootsAsync(IReadOnlyDictionary<RawEvent, CountedTrace> roots, CancellationToken cancel)
    {
        var grown = roots.Where(root => root.Value.Descendants > 0 || snapshot.HasHorizon).ToDictionary(root => root.Key.Id);
        var tops = await TopsAsync(grown.Keys, cancel);
        foreach (var (id, (root, trace)) in grown)
            if (tops.TryGetValue(id, out var top))
            {
                log.Compare(Rollup, Words(id), "type", top.Type, root.Type);
                Holds(id, top, trace, trace.Descendants + 1);
            }
            else if (trace.Descendants > 0)
                log.Add(Rollup, Words(id), "row", null, $"{trace.Descendants + 1} members");

        await LeadThereAsync(grown.ToDictionary(root => root.Key, root => root.Value.Value), cancel);
    }

    /// <summary>The next rows in the order of their ids; gives the last one's, or null after the end.</summary>
    public async Task<Guid?> RowsAsync(Guid after, int most, CancellationToken cancel)
    {
        var rows = await TraceNodeRow.AfterAsync(snapshot, after, most, cancel);
        foreach (var row in rows.Where(row => row.Up is not null))
            if (row is not { Root: null, Type: null, Person: null, IsMixed: false, Members: 0, Sums: [] })
                log.Add(Rollup, Words(row.Id), "row", $"{row.Members} members", $"attached to {row.Up}");
        var traces = await TraceWalk.OpenAsync(snapshot, cancel);
        await RootRowsAsync([.. rows.Select(row => row.Id).Where(id => !RawEvent.IsHash(id) && !snapshot.IsSealed(id))], traces, cancel);
        await PendingRowsAsync([.. rows.Select(row => row.Id).Where(RawEvent.IsHash)], traces, cancel);
        return rows.Count < most ? null : rows[^1].Id;
    }

    /// <summary>Every parent that was ever pending has a row.</summary>
    public async Task MissingAsync(CancellationToken cancel)
    {
        foreach (var hash in await snapshot.ReadAsync(MissingSql, [], row => row.GetGuid(0), cancel))
            log.Add(Rollup, Words(hash), "row", null, "a pending parent");
        foreach (var id in await snapshot.ReadAsync(UnknownSql, [], row => row.GetGuid(0), cancel))
            log.Add(Rollup, Words(id), "listed as pending", true, false);
    }

    // What they hold is compared where their events are counted; here it is whether they should be there at all.
    async Task RootRowsAsync(Guid[] ids, TraceWalk traces, CancellationToken cancel)
    {
        var events = await snapshot.EventsAsync(ids, cancel);
        var tops = await TopsAsync(ids, cancel);
        var below = ids.ToDictionary(id => id, _ => new CountedTrace());
        await traces.FollowAsync(below, areConsecutive: false, cancel);
        foreach (var id in ids)
        {
            var members = tops.GetValueOrDefault(id)?.Members;
            if (!events.TryGetValue(id, out var root) || root.Parent is not null)
                log.Add(Rollup, Words(id), "row", $"{members} members", "no root");
            else if (below[id].Descendants == 0 && (!snapshot.HasHorizon || members is null or < 2))
                log.Add(Rollup, Words(id), "row", $"{members} members", "a root without children");
        }
    }

    async Task PendingRowsAsync(Guid[] ids, TraceWalk traces, CancellationToken cancel)
    {
        var named = (await snapshot.ReadAsync(NamedSql, [ids], row => row.GetGuid(0), cancel)).ToHashSet();
        var listed = (await snapshot.ReadAsync(ListedSql, [ids], row => row.GetGuid(0), cancel)).ToHashSet();
        var come = await snapshot.KeysAsync(ids, cancel);
        var tops = await TopsAsync(ids, cancel);
        var counted = await ways.OfEventsAsync(come.Values, cancel);
        var pending = new Dictionary<Guid, CountedTrace>();
        foreach (var id in ids)
        {
            log.Compare(Rollup, Words(id), "listed as pending", listed.Contains(id), !come.ContainsKey(id));
            if (come.TryGetValue(id, out var parent))
                LeadsTo(id, tops.GetValueOrDefault(id)?.Root, counted[parent]);
            else if (named.Contains(id))
                pending.Add(id, new CountedTrace());
            else if (!snapshot.HasHorizon)
                log.Add(Rollup, Words(id), "row", $"{tops.GetValueOrDefault(id)?.Members} members", "nobody waits for it");
        }

        await traces.FollowAsync(pending, areConsecutive: false, cancel);
        foreach (var (id, trace) in pending)
            if (tops.TryGetValue(id, out var top))
            {
                log.Compare(Rollup, Words(id), "type", top.Type, null);
                Holds(id, top, trace, trace.Descendants);
            }
            else
                log.Add(Rollup, Words(id), "top", null, "one");
        await LeadThereAsync(pending, cancel);
    }

    /// <summary>The rows at the end of the ways up from these nodes; none where the way is broken or goes in circles.</summary>
    async Task<Dictionary<Guid, TraceNodeRow>> TopsAsync(IEnumerable<Guid> nodes, CancellationToken cancel)
    {
        var ends = await ways.OfNodesAsync(nodes, cancel);
        var rows = (await TraceNodeRow.FindAsync(snapshot, ends.Values.OfType<Guid>(), cancel)).ToDictionary(row => row.Id);
        return ends.Where(end => end.Value is not null).ToDictionary(end => end.Key, end => rows[end.Value!.Value]);
    }

    // Where an event on the way up is gone nobody can tell what was above it, but somewhere it has to end.
    void LeadsTo(Guid pending, Guid? stored, Guid? counted)
    {
        if (counted is not null || !snapshot.HasHorizon)
            log.Compare(Rollup, Words(pending), "top", stored, counted);
        else if (stored is null)
            log.Add(Rollup, Words(pending), "top", null, "one");
    }

    void Holds(Guid root, TraceNodeRow top, CountedTrace trace, long members)
    {
        log.Compare(Rollup, Words(root), "root", top.Root, root);
        if (top.Sequence < trace.Last)
            log.Add(Rollup, Words(root), "last event", top.Sequence, trace.Last);
        // While the root is pending it is a member's: which one's only matters when it is everybody's.
        if (top.Type is not null || !top.IsMixed)
            log.Compare(Rollup, Words(root), "person", top.Person, trace.Person);
        var sums = NodeSums.Read(top.Sums);
        if (snapshot.HasHorizon && top.Members > members)
        {
            trace.Keep(sums, top.Fields);
            return;
        }

        log.Compare(Rollup, Words(root), "members", top.Members, members);
        log.Compare(Rollup, Words(root), "members of other people", top.IsMixed, trace.IsMixed);
        foreach (var field in sums.Keys.Union(trace.Sums.Keys).Order())
            // Fields registered after the row was written are summed when it is written again.
            if (field <= top.Fields && snapshot.Fields.IsChecked(field)
                && sums.GetValueOrDefault(field) is var stored && trace.Sums.GetValueOrDefault(field) is var sum && stored != sum)
                log.Add(
                    Rollup, Words(root), $"sum of {snapshot.Fields.NameOf(field)}",
                    DecimalUnits.Format(stored), DecimalUnits.Format(sum));
    }

    async Task LeadThereAsync(Dictionary<Guid, CountedTrace> traces, CancellationToken cancel)
    {
        var ends = await ways.OfNodesAsync(traces.Keys.Concat(traces.Values.SelectMany(trace => trace.Nodes).OfType<Guid>()), cancel);
        foreach (var (root, trace) in traces)
            foreach (var node in trace.Nodes)
            {
                var found = node is { } joined ? ends[joined] : null;
                if (found is null || found != ends[root])
                    log.Add(Rollup, Words(root), $"top of its member node {node?.ToString() ?? "none"}", found, ends[root]);
            }
    }

    static string Words(Guid id) => RawEvent.IsHash(id) ? $"pending parent {id}" : $"trace of {id}";
}
