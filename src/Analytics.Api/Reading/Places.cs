using Analytics.Sketches;
using Analytics.Storage;
using Analytics.Storage.Facts;
using Analytics.Storage.Schema;
using Analytics.Storage.Traces;
using Npgsql;

namespace Analytics.Reading;

/// <summary>
/// Finds where events stand in their traces: root, children, descendants, sums over them. For whoever sees the events of some people
/// only, those are all there are: no way leads through others' events, neither up nor down. So it is for those that came too late.
/// </summary>
sealed class Places(BoundedRead read, Workspace workspace, int[]? visible, string[] fields)
{
    // Where children came first, and named it by its hash, there is a node of that id: one table to look into instead of all partitions.
    const string ChildrenSql = """
        select named.parent, children.count
        from (
            select id
            from unnest($2) as own (id)
            union all
            select node.id
            from unnest($5) as hashed (id)
            cross join lateral (
                select id
                from trace_nodes
                where workspace_id = $1
                  and id = hashed.id
                offset 0
            ) node
        ) as named (parent)
        cross join lateral (
            select count(*)
            from events
            where workspace_id = $1
              and parent = named.parent
              and ($3 is null or person = any($3))
              and ($4 is null or seq <= $4)
        ) children
        where children.count > 0
        """;

    // The children of events that stand one after the other stand together in the index of parents, whatever partition they are in. A
    // plan that does not know the bounds is as good as one that does, and is kept.
    const string ChildrenBetweenSql = """
        select named.parent, named.count
        from (
            select $2 as first, $3 as last
            offset 0
        ) range
        cross join lateral (
            select parent, count(*)
            from (
                select parent
                from events
                where workspace_id = $1
                  and parent between range.first and range.last
                  and seq <= $4
                order by parent
            ) children
            group by parent
        ) named
        """;

    const string NumbersSql = """
        select path, field
        from fields
        where workspace_id = $1
          and path = any($2)
        """;

    /// <summary>The numbers under which trace nodes keep the fields' sums; a field that is not here is in none.</summary>
    readonly Dictionary<string, short> numbers = new(StringComparer.Ordinal);

    /// <summary>Only events up to this sequence count; null for all.</summary>
    public long? Through { get; init; }

    /// <summary>Whether the events are in order, and about all there are between the first and the last.</summary>
    public bool AreConsecutive { get; init; }

    /// <summary>How many events are looked at on the ways up, and as many on those down; null for any number.</summary>
    public int? Most { get; init; } = WayDown.MaxEvents;

    public async Task<Dictionary<Guid, Place>> OfAsync(IReadOnlyCollection<StoredEvent> events)
    {
        await NumberFieldsAsync();
        var tops = events.Count == 0 ? new TraceTops() : await TraceTops.ReadAsync(
            read, workspace, events, AreConsecutive, withSums: fields.Length > 0);
        StoredEvent[] related = [.. events.Where(e => e.Trace is not null || tops.Of(e) is not null)];
        var children = await ChildrenAsync(related);
        var above = await AboveAsync([.. events.Where(e => e.Parent is not null && !IsTold(e, tops.Of(e)))]);

        // A whole trace knows its size; its sums as well, where the fields are among those it keeps.
        var below = new Descendants(read, workspace, visible, fields) { Most = Most, Through = Through };
        await below.ReadAsync([.. related.Where(e => !IsKnown(e, tops) && children.ContainsKey(e.Id)).Select(e => e.Id)]);
        return events.ToDictionary(e => e.Id, e => PlaceOf(e, tops.Of(e), children.GetValueOrDefault(e.Id), below, above));
    }

    async Task<WayUp> AboveAsync(List<StoredEvent> events)
    {
        var above = await WayUp.ReadAsync(
            read.Connection, workspace.Key, [.. events.Select(e => e.Id)], visible, null, Most ?? int.MaxValue - 1, Through, read.Cancel);
        return above.IsCut ? throw new TooMuchToReadException("There is too much above these events to be looked at at once.") : above;
    }

    bool IsKnown(StoredEvent e, TraceTops tops) => IsWhole(e, tops.Of(e))
        && fields.All(field => numbers.TryGetValue(field, out var number) && number <= tops.Of(e)!.Fields);

    bool IsWhole(StoredEvent e, Top? top) => IsTold(e, top) && top is { IsRoot: true } && top.Root == e.Id;

    // Whether its trace is as it is to be told: everybody's, and nothing of it came later.
    bool IsTold(StoredEvent e, Top? top) =>
        visible is null && (Through is null || (top is null ? e.Parent is null : top.Sequence <= Through));

    Place PlaceOf(StoredEvent e, Top? top, long children, Descendants below, WayUp above)
    {
        var isTold = IsTold(e, top);
        var root = e.Trace is null ? e.Id : !isTold ? above.EndOf(e.Id) : top is { IsRoot: true } ? top.Root : (Guid?)null;
        var descendants = below.CountOf(e.Id) ?? (IsWhole(e, top) ? top!.Members - 1 : 0);
        return new Place(root, children, descendants, fields.Length == 0 ? null : Aggregates(e, top, below))
        {
            HidesParent = !isTold && above.ParentOf(e.Id) is null,
        };
    }

    Dictionary<string, string> Aggregates(StoredEvent e, Top? top, Descendants below)
    {
        var sums = below.SumsOf(e.Id)
            ?? (IsWhole(e, top) && fields.All(numbers.ContainsKey) ? SumsOf(top!) : Descendants.Values(e.Metadata, fields));
        return fields.Zip(sums).ToDictionary(sum => sum.First, sum => DecimalUnits.Format(sum.Second), StringComparer.Ordinal);
    }

    Int128[] SumsOf(Top top)
    {
        var sums = NodeSums.Read(top.Sums);
        return [.. fields.Select(field => sums.GetValueOrDefault(numbers[field]))];
    }

    async Task NumberFieldsAsync()
    {
        if (fields.Length == 0)
            return;
        for (var at = 0; at < FieldCatalogue.BuiltIn.Length; at++)
            numbers[FieldCatalogue.BuiltIn[at]] = (short)(at + 1);
        if (fields.All(numbers.ContainsKey))
            return;
        await read.Connection.EachAsync(
            NumbersSql, [workspace.Key, fields], row => numbers[row.GetString(0)] = row.GetInt16(1), read.Cancel);
    }

    async Task<Dictionary<Guid, long>> ChildrenAsync(StoredEvent[] events)
    {
        var children = new Dictionary<Guid, long>();
        if (events.Length == 0)
            return children;
        var hashes = new Dictionary<Guid, Guid>();
        foreach (var e in events)
            if (e.Hash(workspace) is { } hash)
                hashes[hash] = e.Id;
        Guid[] ids = [.. events.Select(e => e.Id).Distinct()];
        SqlValue[] values = [workspace.Key, AreConsecutive ? [] : ids, SqlValue.Of(visible), SqlValue.Of(Through), hashes.Keys.ToArray()];
        await read.Connection.EachAsync(ChildrenSql, values, Add, read.Cancel);
        if (AreConsecutive)
            await read.Connection.EachAsync(
                ChildrenBetweenSql, [workspace.Key, ids[0], ids[^1], Through ?? long.MaxValue], AddOfId, read.Cancel);
        return children;

        // A hash may stand among the ids; it was looked for by itself.
        void AddOfId(NpgsqlDataReader row)
        {
            if (!hashes.ContainsKey(row.GetGuid(0)))
                Add(row);
        }

        void Add(NpgsqlDataReader row)
        {
            var owner = hashes.GetValueOrDefault(row.GetGuid(0), row.GetGuid(0));
            children[owner] = children.GetValueOrDefault(owner) + row.GetInt64(1);
        }
    }
}
