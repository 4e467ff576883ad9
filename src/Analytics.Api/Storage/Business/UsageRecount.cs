using Analytics.Sketches;
using Analytics.Storage.Facts;

namespace Analytics.Storage.Business;

/// <summary>Counts raw events anew under billable units and by the products they name.</summary>
sealed class UsageRecount
{
    const int EventsAtOnce = 50_000;

    const string TypesSql = "select type, name from event_types where workspace_id = $1 and name = any($2)";

    readonly RawCount count;
    readonly UnitPart part;
    readonly bool hasProducts;
    readonly Dictionary<int, UnitMatch> byType = [];
    readonly UsageCount usage;
    readonly ByteWriter packed = new();
    readonly TextNumbers lent;
    readonly byte[] hashKey;
    readonly KnownTexts known = new();

    // People's usage has no product but where a unit is of a type of them.
    bool namesProducts = true;

    UsageRecount(RawCount count, byte[] hashKey)
    {
        (this.count, this.hashKey) = (count, hashKey);
        // What a question counts is as it was written; a rebuild counts all, and a backfill what was there before its units.
        part = count.Units is not null ? UnitPart.Before : count.Store is not null ? UnitPart.All : UnitPart.Stored;
        hasProducts = count.Units is null && (count.Only is null || count.Only == UsageFacts.Products);
        lent = new TextNumbers(count.Reading, count.Workspace, hashKey, count.Lent.Known, count.Lent);
        usage = new UsageCount { Usages = count.Lent.Usages };
    }

    public static async Task<UsageRecount> OpenAsync(RawCount count, CancellationToken cancel)
    {
        var recount = new UsageRecount(count, await KeyHash.KeyOfAsync(count.Reading, count.Workspace, cancel));
        var living = count.Only == UsageFacts.Products ? [] : await Unit.LivingAsync(count.Reading, count.Workspace, cancel);
        var units = living.FindAll(unit => count.Units?.Contains(unit.Number) != false);
        recount.namesProducts = count.Only != UsageFacts.People || units.Exists(unit => unit.IsOfType);
        var byName = UnitMatch.ByName(units);
        if (byName.Count > 0)
            await count.Reading.EachAsync(
                TypesSql, [count.Workspace, byName.Keys.ToArray()],
                row => recount.byType.Add(row.GetInt32(0), byName[row.GetString(1)]), cancel);
        return recount;
    }

    /// <summary>Reads the events itself, some at a time.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        if (!hasProducts && byType.Count == 0)
            return;
        var (from, after, read) = (count.FromTime, Guid.Empty, EventsAtOnce);
        while (read == EventsAtOnce)
        {
            read = 0;
            var values = new SqlValues();
            await count.Reading.EachForAsLongAsItTakesAsync(EventsSql(from, after, values), values, row =>
            {
                if (++read == EventsAtOnce)
                    (from, after) = (row.GetDateTime(2), row.GetGuid(3));
                Add(row.GetInt32(0), row.GetInt32(1), row.Microseconds(2), row.GetInt64(4), row.Bytes(5), row.Numbers(6));
            }, cancel);
            await GiveAsync(cancel);
        }
    }

    string EventsSql(DateTime from, Guid after, SqlValues values)
    {
        var start = values.Add(from);
        var paths = byType.Values.SelectMany(match => match.Paths).Concat(namesProducts ? [UsageFacts.ProductPath] : []);
        return $"""
            select e.type, coalesce(e.person, 0), e.timestamp, e.id, e.seq,
                {NarrowMetadata.Of(paths, values)},
                e.usage
            from events e
            where e.workspace_id = {values.Add(count.Workspace)}
              and e.timestamp >= {start}
              and e.timestamp < {values.Add(count.ToTime)}
              and (e.timestamp, e.id) > ({start}, {values.Add(after)})
              and ({values.Add(hasProducts)} or e.type = any({values.Add(byType.Keys.ToArray())}))
              {(count.People is { } people ? $"and coalesce(e.person, 0) = any({values.Add(people)})" : "")}
            order by e.timestamp, e.id
            limit {values.Add(EventsAtOnce)}
            """;
    }

    /// <summary>Counts an event that was read by somebody else.</summary>
    public void Add(int type, int person, long timestamp, long sequence, ReadOnlySpan<byte> metadata, int[]? kept) =>
        usage.Add(byType.GetValueOrDefault(type), part, sequence, timestamp, person, metadata, kept);

    /// <summary>Hands out what was counted.</summary>
    public async Task GiveAsync(CancellationToken cancel)
    {
        if (count.Store is not null)
        {
            await count.LockedAsync(
                connection => usage.NumberAsync(new TextNumbers(connection, count.Workspace, hashKey, known), cancel), cancel);
            await HandOutAsync();
            return;
        }

        await count.Lent.Turn.WaitAsync(cancel);
        try
        {
            await usage.NumberAsync(lent, cancel);
            await HandOutAsync();
        }
        finally
        {
            count.Lent.Turn.Release();
        }
    }

    async Task HandOutAsync()
    {
        foreach (var (section, facts, data) in usage.Pack(packed, count.Only, count.IsTogether))
            if (facts > 0 && (hasProducts || section != UsageFacts.Products))
                await count.Add(section, data);
        usage.Clear();
    }
}
