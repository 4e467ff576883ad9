using Analytics.Sketches;
using Analytics.Storage.Facts;
using Npgsql;

namespace Analytics.Storage.Business;

/// <summary>Counts raw events anew under billable units and by the products they name.</summary>
sealed class UsageRecount
{
    const int EventsAtOnce = 50_000;

    const string EventsSql = """
        select e.type, coalesce(e.person, 0), e.timestamp, e.id, e.seq, e.metadata::text, e.usage
        from events e
        where e.workspace_id = $1
          and e.timestamp >= $2
          and e.timestamp < $3
          and (e.timestamp, e.id) > ($2, $4)
          and ($5 or e.type = any($6))
        order by e.timestamp, e.id
        limit $7
        """;

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
        var units = count.Only == UsageFacts.Products ? [] : await Unit.LivingAsync(count.Reading, count.Workspace, cancel);
        var byName = UnitMatch.ByName(units.Where(unit => count.Units?.Contains(unit.Number) != false));
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
            SqlValue[] values = [count.Workspace, from, count.ToTime, after, hasProducts, byType.Keys.ToArray(), EventsAtOnce];
            await count.Reading.EachForAsLongAsItTakesAsync(EventsSql, values, row =>
            {
                read++;
                (from, after) = (row.GetDateTime(2), row.GetGuid(3));
                Add(row.GetInt32(0), row.GetInt32(1), row.Microseconds(2), row.GetInt64(4), row.Bytes(5), row.Numbers(6));
            }, cancel);
            await GiveAsync(cancel);
        }
    }

    /// <summary>Counts an event that was read by somebody else.</summary>
    public void Add(int type, int person, long timestamp, long sequence, ReadOnlySpan<byte> metadata, int[]? kept) =>
        usage.Add(byType.GetValueOrDefault(type), part, sequence, timestamp, person, metadata, kept);

    /// <summary>Hands out what was counted.</summary>
    public async Task GiveAsync(CancellationToken cancel)
    {
        if (count.Store is null)
            await usage.NumberAsync(lent, cancel);
        else
            await NumberForGoodAsync(count.Store, cancel);
        foreach (var (section, facts, data) in usage.Pack(packed))
            if (facts > 0 && (count.Only is null || count.Only == section) && (hasProducts || section != UsageFacts.Products))
                await count.Add(section, data);
        usage.Clear();
    }

    // As writers do it, under the lock, which is held for no longer than that.
    async Task NumberForGoodAsync(NpgsqlDataSource store, CancellationToken cancel)
    {
        await using var connection = await store.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await connection.ExecuteAsync("select from workspace_seq where workspace_id = $1 for update", [count.Workspace], cancel);
        await usage.NumberAsync(new TextNumbers(connection, count.Workspace, hashKey, known), cancel);
        await transaction.CommitAsync(cancel);
    }
}
