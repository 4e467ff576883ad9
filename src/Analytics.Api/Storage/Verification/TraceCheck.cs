using Analytics.Sketches;
using Analytics.Storage.Traces;

namespace Analytics.Storage.Verification;

/// <summary>Do trace nodes hold what hangs below their roots and pending parents, and do they lead everything there?</summary>
sealed class TraceCheck(StoreSnapshot snapshot, DifferenceLog log)
{
    const string Rollup = "traces";

    const string ListedSql = "select id from pending_parents where workspace_id = $1 and id = any($2)";

    const string UnknownSql = """
        select p.id
        from pending_parents p
        where p.workspace_id = $1
          and not exists (select from trace_nodes t where t.workspace_id = $1 and t.id = p.id)
        """;

    const string NamedSql = "select distinct parent from events where workspace_id = $1 and parent = any($2)";

    const string MissingSql = """
        select distinct e.parent
        from events e
        where e.workspace_id = $1
          and e.parent is not null
          and substr(e.parent::text, 15, 1) = '8'
          and not exists (select from trace_nodes t where t.workspace_id = $1 and t.id = e.parent)
        """;

    readonly WaysUp tops = new(snapshot);

    /// <summary>
    /// Nodes of roots, all of whose descendants were counted. Where retention let some of those go, the trace is given the sums
    /// its node has kept.
    /// </summary>
    public async Task RootsAsync(IReadOnlyDictionary<RawEvent, CountedTrace> roots, CancellationToken cancel)
    {
        var grown = roots.Where(root => root.Value.Descendants > 0 || snapshot.HasHorizon).ToDictionary(root => root.Key.Id);
        var rows = (await TraceNodeRow.FindAsync(snapshot, grown.Keys, cancel)).ToDictionary(row => row.Id);
        foreach (var (id, (root, trace)) in grown)
            if (rows.TryGetValue(id, out var row))
            {
                log.Compare(Rollup, Words(id), "type", row.Type, root.Type);
                log.Compare(Rollup, Words(id), "person", row.Person, root.Person);
                Holds(row, trace, trace.Descendants + 1);
            }
            else if (trace.Descendants > 0)
                log.Add(Rollup, Words(id), "row", null, $"{trace.Descendants + 1} members");

        await LeadThereAsync(grown.ToDictionary(root => root.Key, root => root.Value.Value), cancel);
    }

    /// <summary>The next rows in the order of their ids; gives the last one's, or null after the end.</summary>
    public async Task<Guid?> RowsAsync(Guid after, int most, CancellationToken cancel)
    {
        var rows = await TraceNodeRow.AfterAsync(snapshot, after, most, cancel);
        var traces = await TraceWalk.OpenAsync(snapshot, cancel);
        await RootRowsAsync([.. rows.Where(row => row.IsRoot && !snapshot.IsSealed(row.Id))], traces, cancel);
        await PendingRowsAsync([.. rows.Where(row => !row.IsRoot)], traces, cancel);
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
    async Task RootRowsAsync(List<TraceNodeRow> rows, TraceWalk traces, CancellationToken cancel)
    {
        var events = await snapshot.EventsAsync(rows.Select(row => row.Id), cancel);
        var below = rows.ToDictionary(row => row.Id, row => new CountedTrace(new Dictionary<short, Int128>()));
        await traces.FollowAsync(below, areConsecutive: false, cancel);
        foreach (var row in rows)
            if (!events.TryGetValue(row.Id, out var root) || root.Parent is not null)
                log.Add(Rollup, Words(row.Id), "row", $"{row.Members} members", "no root");
            else if (below[row.Id].Descendants == 0 && (!snapshot.HasHorizon || row.Members < 2))
                log.Add(Rollup, Words(row.Id), "row", $"{row.Members} members", "a root without children");
    }

    async Task PendingRowsAsync(List<TraceNodeRow> rows, TraceWalk traces, CancellationToken cancel)
    {
        Guid[] ids = [.. rows.Select(row => row.Id)];
        var named = (await snapshot.ReadAsync(NamedSql, [ids], row => row.GetGuid(0), cancel)).ToHashSet();
        var listed = (await snapshot.ReadAsync(ListedSql, [ids], row => row.GetGuid(0), cancel)).ToHashSet();
        var come = await snapshot.KeysAsync(ids, cancel);
        var stored = await tops.OfNodesAsync(ids, cancel);
        var counted = await tops.OfEventsAsync(come.Values, cancel);
        var pending = new Dictionary<Guid, CountedTrace>();
        foreach (var row in rows)
        {
            log.Compare(Rollup, Words(row.Id), "listed as pending", listed.Contains(row.Id), !come.ContainsKey(row.Id));
            if (come.TryGetValue(row.Id, out var parent))
                LeadsTo(row, stored[row.Id], counted[parent]);
            else if (named.Contains(row.Id))
                pending.Add(row.Id, new CountedTrace(new Dictionary<short, Int128>()));
            else if (!snapshot.HasHorizon)
                log.Add(Rollup, Words(row.Id), "row", $"{row.Members} members", "nobody waits for it");
        }

        await traces.FollowAsync(pending, areConsecutive: false, cancel);
        foreach (var row in rows)
            if (pending.TryGetValue(row.Id, out var trace))
                Holds(row, trace, trace.Descendants);
        await LeadThereAsync(pending, cancel);
    }

    // Where an event on the way up is gone nobody can tell what was above it, but somewhere it has to end.
    void LeadsTo(TraceNodeRow row, Guid? stored, Guid? counted)
    {
        if (counted is not null || !snapshot.HasHorizon)
            log.Compare(Rollup, Words(row.Id), "top", stored, counted);
        else if (stored is null)
            log.Add(Rollup, Words(row.Id), "top", null, "one");
    }

    void Holds(TraceNodeRow row, CountedTrace trace, long members)
    {
        log.Compare(Rollup, Words(row.Id), "attached to", row.Up, null);
        var sums = NodeSums.Read(row.Sums);
        if (snapshot.HasHorizon && row.Members > members)
        {
            trace.Keep(sums, row.Fields);
            return;
        }

        log.Compare(Rollup, Words(row.Id), "members", row.Members, members);
        foreach (var field in sums.Keys.Union(trace.Sums.Keys).Order())
            // Fields registered after the row was written are summed when it is written again.
            if (field <= row.Fields && snapshot.Fields.IsChecked(field)
                && sums.GetValueOrDefault(field) is var stored && trace.Sums.GetValueOrDefault(field) is var sum && stored != sum)
                log.Add(
                    Rollup, Words(row.Id), $"sum of {snapshot.Fields.NameOf(field)}",
                    DecimalUnits.Format(stored), DecimalUnits.Format(sum));
    }

    async Task LeadThereAsync(Dictionary<Guid, CountedTrace> traces, CancellationToken cancel)
    {
        var stored = await tops.OfNodesAsync(traces.Values.SelectMany(trace => trace.Nodes).OfType<Guid>(), cancel);
        foreach (var (top, trace) in traces)
            foreach (var node in trace.Nodes)
            {
                var found = node is { } joined ? stored[joined] : null;
                if (found != top)
                    log.Add(Rollup, Words(top), $"top of its member node {node?.ToString() ?? "none"}", found, top);
            }
    }

    static string Words(Guid id) => RawEvent.IsHash(id) ? $"pending parent {id}" : $"trace of {id}";
}
