using Analytics.Sketches;
using Analytics.Storage.Writing;

namespace Analytics.Storage.Verification;

/// <summary>Do trees hold what hangs below their roots and awaited parents, and do they lead everything there?</summary>
sealed class TreeCheck(StoreSnapshot snapshot, DifferenceLog log)
{
    const string Rollup = "trees";

    const string NamedSql = "select distinct parent from events where workspace_id = $1 and parent = any($2)";

    const string MissingSql = """
        select distinct e.parent
        from events e
        where e.workspace_id = $1
          and e.parent is not null
          and substr(e.parent::text, 15, 1) = '8'
          and not exists (select from trees t where t.workspace_id = $1 and t.id = e.parent)
        """;

    readonly TreeTops tops = new(snapshot);

    /// <summary>Trees of roots, all of whose descendants were counted.</summary>
    public async Task RootsAsync(IReadOnlyDictionary<RawEvent, Trace> roots, CancellationToken cancel)
    {
        var grown = roots.Where(root => root.Value.Descendants > 0).ToDictionary(root => root.Key.Id);
        var rows = (await TreeRow.FindAsync(snapshot, grown.Keys, cancel)).ToDictionary(row => row.Id);
        foreach (var (id, (root, trace)) in grown)
            if (!rows.TryGetValue(id, out var row))
                log.Add(Rollup, Words(id), "row", null, $"{trace.Descendants + 1} members");
            else
            {
                log.Compare(Rollup, Words(id), "type", row.Type, root.Type);
                log.Compare(Rollup, Words(id), "person", row.Person, root.Person);
                Holds(row, trace, trace.Descendants + 1);
            }

        await LeadThereAsync(grown.ToDictionary(root => root.Key, root => root.Value.Value), cancel);
    }

    /// <summary>The next rows in the order of their ids; gives the last one's, or null after the end.</summary>
    public async Task<Guid?> RowsAsync(Guid after, int most, CancellationToken cancel)
    {
        var rows = await TreeRow.AfterAsync(snapshot, after, most, cancel);
        var traces = await Traces.OpenAsync(snapshot, cancel);
        await RootRowsAsync([.. rows.Where(row => row.IsRoot)], traces, cancel);
        await AwaitedRowsAsync([.. rows.Where(row => !row.IsRoot)], traces, cancel);
        return rows.Count < most ? null : rows[^1].Id;
    }

    /// <summary>Every parent that was ever awaited has a row.</summary>
    public async Task MissingAsync(CancellationToken cancel)
    {
        foreach (var hash in await snapshot.ReadAsync(MissingSql, [], row => row.GetGuid(0), cancel))
            log.Add(Rollup, Words(hash), "row", null, "an awaited parent");
    }

    // What they hold is compared where their events are counted; here it is whether they should be there at all.
    async Task RootRowsAsync(List<TreeRow> rows, Traces traces, CancellationToken cancel)
    {
        var events = await snapshot.EventsAsync(rows.Select(row => row.Id), cancel);
        var below = rows.ToDictionary(row => row.Id, row => new Trace(new Dictionary<short, Int128>()));
        await traces.FollowAsync(below, areConsecutive: false, cancel);
        foreach (var row in rows)
            if (!events.TryGetValue(row.Id, out var root) || root.Parent is not null)
                log.Add(Rollup, Words(row.Id), "row", $"{row.Members} members", "no root");
            else if (below[row.Id].Descendants == 0)
                log.Add(Rollup, Words(row.Id), "row", $"{row.Members} members", "a root without children");
    }

    async Task AwaitedRowsAsync(List<TreeRow> rows, Traces traces, CancellationToken cancel)
    {
        Guid[] ids = [.. rows.Select(row => row.Id)];
        var named = (await snapshot.ReadAsync(NamedSql, [ids], row => row.GetGuid(0), cancel)).ToHashSet();
        var come = await snapshot.KeysAsync(ids, cancel);
        var stored = await tops.OfTreesAsync(ids, cancel);
        var counted = await tops.OfEventsAsync(come.Values, cancel);
        var awaited = new Dictionary<Guid, Trace>();
        foreach (var row in rows)
            if (come.TryGetValue(row.Id, out var parent))
                log.Compare(Rollup, Words(row.Id), "top", stored[row.Id], counted[parent]);
            else if (named.Contains(row.Id))
                awaited.Add(row.Id, new Trace(new Dictionary<short, Int128>()));
            else
                log.Add(Rollup, Words(row.Id), "row", $"{row.Members} members", "nobody waits for it");

        await traces.FollowAsync(awaited, areConsecutive: false, cancel);
        foreach (var row in rows)
            if (awaited.TryGetValue(row.Id, out var trace))
                Holds(row, trace, trace.Descendants);
        await LeadThereAsync(awaited, cancel);
    }

    void Holds(TreeRow row, Trace trace, long members)
    {
        log.Compare(Rollup, Words(row.Id), "attached to", row.Up, null);
        log.Compare(Rollup, Words(row.Id), "members", row.Members, members);
        var sums = TreeSums.Read(row.Sums);
        foreach (var field in sums.Keys.Union(trace.Sums.Keys).Order())
            // Fields registered after the row was written are summed when it is written again.
            if (field <= row.Fields && snapshot.Fields.IsChecked(field)
                && sums.GetValueOrDefault(field) is var stored && trace.Sums.GetValueOrDefault(field) is var sum && stored != sum)
                log.Add(
                    Rollup, Words(row.Id), $"sum of {snapshot.Fields.NameOf(field)}", DecimalUnits.Format(stored), DecimalUnits.Format(sum));
    }

    async Task LeadThereAsync(Dictionary<Guid, Trace> traces, CancellationToken cancel)
    {
        var stored = await tops.OfTreesAsync(traces.Values.SelectMany(trace => trace.Trees).OfType<Guid>(), cancel);
        foreach (var (top, trace) in traces)
            foreach (var tree in trace.Trees)
                if (tree is not { } joined || stored[joined] != top)
                    log.Add(Rollup, Words(top), $"top of its member tree {tree?.ToString() ?? "none"}", tree is { } at ? stored[at] : null, top);
    }

    static string Words(Guid id) => RawEvent.IsHash(id) ? $"awaited parent {id}" : $"trace of {id}";
}
