namespace Analytics.Storage.Verification;

/// <summary>What hangs below an event or a pending parent: how many events, whose, their sums, the nodes they joined.</summary>
sealed class CountedTrace
{
    public long Descendants { get; private set; }
    public Dictionary<short, Int128> Sums { get; } = [];
    public HashSet<Guid?> Nodes { get; } = [];

    /// <summary>The root's person, 0 for nobody; a member's while the root is pending, null when there is none.</summary>
    public int? Person { get; private set; }

    /// <summary>Whether some member is of another person.</summary>
    public bool IsMixed { get; private set; }

    /// <summary>The number of the last event below.</summary>
    public long Last { get; private set; }

    /// <summary>The trace of a root that came with these values.</summary>
    public static CountedTrace Of(int person, IReadOnlyDictionary<short, Int128> own)
    {
        var trace = new CountedTrace { Person = person };
        trace.Add(own);
        return trace;
    }

    public void Add(Guid? node, int person, long sequence, IReadOnlyDictionary<short, Int128> values)
    {
        Descendants++;
        Last = Math.Max(Last, sequence);
        Nodes.Add(node);
        Person ??= person;
        IsMixed |= person != Person;
        Add(values);
    }

    void Add(IReadOnlyDictionary<short, Int128> values)
    {
        foreach (var (field, value) in values)
            Sums[field] = Sums.GetValueOrDefault(field) + value;
    }

    /// <summary>Part of it is gone: what was summed while all of it was there, for the fields known then, is what counts.</summary>
    public void Keep(IReadOnlyDictionary<short, Int128> sums, short fields)
    {
        foreach (var field in Sums.Keys.Union(sums.Keys).Where(field => field <= fields).ToList())
            Sums[field] = sums.GetValueOrDefault(field);
    }
}

/// <summary>Follows raw events from parents to children, level by level, on whatever day they are.</summary>
sealed class TraceWalk
{
    const int NamesAtOnce = 5_000;

    const string LateSql = """
        select k.id, k.hash
        from (
            select distinct parent as hash
            from events
            where workspace_id = $1
              and parent is not null
              and substr(parent::text, 15, 1) = '8'
        ) late
        join event_keys k on k.workspace_id = $1 and k.kind = 0 and k.hash = late.hash
        """;

    const string ChildrenSql = """
        select e.parent, e.id, e.trace, coalesce(e.person, 0), e.seq, e.metadata::text
        from unnest($2) as named (parent)
        cross join lateral (
            select *
            from events
            where workspace_id = $1
              and parent = named.parent
            offset 0
        ) e
        """;

    // Ids begin with their event's time: all children of a stretch of time stand together in the index. Now and then a hash
    // stands among them by chance; hashes are asked for by themselves.
    const string IdRangeSql = """
        select parent, id, trace, coalesce(person, 0), seq, metadata::text
        from events
        where workspace_id = $1
          and parent >= $2
          and parent <= $3
          and substr(parent::text, 15, 1) <> '8'
        """;

    readonly StoreSnapshot snapshot;
    Dictionary<Guid, Guid> late = [];

    TraceWalk(StoreSnapshot snapshot) => (this.snapshot, Numbers) = (snapshot, new RawNumbers(snapshot.Fields.Ready));

    public RawNumbers Numbers { get; }

    /// <summary>Learns which events came after children of theirs: those children name them by hash.</summary>
    public static async Task<TraceWalk> OpenAsync(StoreSnapshot snapshot, CancellationToken cancel)
    {
        var keys = await snapshot.ReadAsync(LateSql, [], row => (row.GetGuid(0), row.GetGuid(1)), cancel);
        return new TraceWalk(snapshot) { late = keys.DistinctBy(key => key.Item1).ToDictionary() };
    }

    /// <summary>Adds everything below the tops to their traces.</summary>
    public async Task FollowAsync(IReadOnlyDictionary<Guid, CountedTrace> tops, bool areConsecutive, CancellationToken cancel)
    {
        if (tops.Count == 0)
            return;
        var level = new Dictionary<Guid, CountedTrace>();
        foreach (var (id, trace) in tops)
            Name(id, trace, level);
        if (areConsecutive)
        {
            var ids = tops.Keys.Order().ToList();
            var next = new Dictionary<Guid, CountedTrace>();
            await ReadAsync(IdRangeSql, [ids[0], ids[^1]], level, next, cancel);
            await ReadAsync(level.Keys.Where(RawEvent.IsHash), level, next, cancel);
            level = next;
        }

        while (level.Count > 0)
        {
            var next = new Dictionary<Guid, CountedTrace>();
            await ReadAsync(level.Keys, level, next, cancel);
            level = next;
        }
    }

    async Task ReadAsync(
        IEnumerable<Guid> names, Dictionary<Guid, CountedTrace> level, Dictionary<Guid, CountedTrace> next, CancellationToken cancel)
    {
        foreach (var chunk in names.Chunk(NamesAtOnce))
            await ReadAsync(ChildrenSql, [chunk], level, next, cancel);
    }

    Task ReadAsync(
        string sql, SqlValue[] values, Dictionary<Guid, CountedTrace> level, Dictionary<Guid, CountedTrace> next,
        CancellationToken cancel) =>
        snapshot.EachAsync(sql, values, row =>
        {
            if (!level.TryGetValue(row.GetGuid(0), out var trace))
                return;
            trace.Add(row.GetFieldValue<Guid?>(2), row.GetInt32(3), row.GetInt64(4), Numbers.Of(RawEvent.Text(row, 5)));
            Name(row.GetGuid(1), trace, next);
        }, cancel);

    // An event is its children's parent by its id, and by its hash for those that came first.
    void Name(Guid id, CountedTrace trace, Dictionary<Guid, CountedTrace> level)
    {
        level[id] = trace;
        if (late.TryGetValue(id, out var hash))
            level[hash] = trace;
    }
}
