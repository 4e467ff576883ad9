namespace Analytics.Storage.Verification;

/// <summary>A row of <c>trees</c>; a root has a type, an awaited parent has none.</summary>
sealed record TreeRow(Guid Id, Guid? Up, int? Type, int? Person, int Members, short Fields, byte[] Sums)
{
    const string Columns = "t.id, t.up, t.type, t.person, t.members, t.fields, t.sums";

    const string ByIdSql = $"select {Columns} from trees t where t.workspace_id = $1 and t.id = any($2)";

    const string AfterSql = $"select {Columns} from trees t where t.workspace_id = $1 and t.id > $2 order by t.id limit $3";

    public bool IsRoot => Type is not null;

    public static Task<List<TreeRow>> FindAsync(StoreSnapshot snapshot, IEnumerable<Guid> ids, CancellationToken cancel) =>
        ReadAsync(snapshot, ByIdSql, [ids.Distinct().ToArray()], cancel);

    public static Task<List<TreeRow>> AfterAsync(StoreSnapshot snapshot, Guid id, int most, CancellationToken cancel) =>
        ReadAsync(snapshot, AfterSql, [id, most], cancel);

    static Task<List<TreeRow>> ReadAsync(StoreSnapshot snapshot, string sql, object[] values, CancellationToken cancel) =>
        snapshot.ReadAsync(sql, values, row => new TreeRow(
            row.GetGuid(0), RawEvent.Uuid(row, 1), RawEvent.Int(row, 2), RawEvent.Int(row, 3), row.GetInt32(4), row.GetInt16(5),
            row.GetFieldValue<byte[]>(6)), cancel);
}

/// <summary>Where things lead: stored trees by what they were attached to, raw events by their parents.</summary>
sealed class TreeTops(StoreSnapshot snapshot)
{
    /// <summary>The tree at the end of the way up from each of these; null where it goes in circles or is broken.</summary>
    public Task<Dictionary<Guid, Guid?>> OfTreesAsync(IEnumerable<Guid> trees, CancellationToken cancel) => ClimbAsync(
        trees,
        async (level, stop) => (await TreeRow.FindAsync(snapshot, level, stop)).ToDictionary(tree => tree.Id, tree => tree.Up),
        cancel);

    /// <summary>The root above each of these events, or the hash of the parent that is still awaited up there.</summary>
    public async Task<Dictionary<Guid, Guid?>> OfEventsAsync(IEnumerable<Guid> events, CancellationToken cancel)
    {
        return await ClimbAsync(events, StepAsync, cancel);

        async Task<Dictionary<Guid, Guid?>> StepAsync(IReadOnlyCollection<Guid> level, CancellationToken stop)
        {
            var steps = (await snapshot.EventsAsync(level.Where(id => !RawEvent.IsHash(id)), stop))
                .ToDictionary(e => e.Key, e => e.Value.Parent);
            var keys = await snapshot.KeysAsync(level.Where(RawEvent.IsHash), stop);
            foreach (var hash in level.Where(RawEvent.IsHash))
                steps[hash] = keys.TryGetValue(hash, out var id) ? id : null;
            return steps;
        }
    }

    static async Task<Dictionary<Guid, Guid?>> ClimbAsync(
        IEnumerable<Guid> from, Func<IReadOnlyCollection<Guid>, CancellationToken, Task<Dictionary<Guid, Guid?>>> step, CancellationToken cancel)
    {
        var ups = new Dictionary<Guid, Guid?>();
        var starts = from.Distinct().ToList();
        for (var level = starts; level.Count > 0;)
        {
            var found = await step(level, cancel);
            foreach (var (id, up) in found)
                ups[id] = up;
            level = [.. found.Values.OfType<Guid>().Where(id => !ups.ContainsKey(id)).Distinct()];
        }

        return starts.ToDictionary(start => start, start => Top(start, ups));
    }

    static Guid? Top(Guid start, Dictionary<Guid, Guid?> ups)
    {
        var at = start;
        for (var steps = 0; steps <= ups.Count && ups.TryGetValue(at, out var up); steps++)
        {
            if (up is not { } next)
                return at;
            at = next;
        }

        return null;
    }
}
