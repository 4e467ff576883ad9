using Analytics.Storage.Apps;
using Analytics.Storage.Facts;
using Analytics.Storage.Rollups;

namespace Analytics.Storage.Verification;

/// <summary>
/// Raw facts of apps and what they count for: views by viewer, devices by device, downloads and changes of storage by app.
/// </summary>
sealed class AppReading(StoreSnapshot snapshot) : KindReading
{
    const int FactsAtOnce = 20_000;

    const string FactsSql = """
        select timestamp, id, kind, app, subject, coalesce(amount, 0)
        from app_facts
        where workspace_id = $1
          and timestamp >= $2
          and (timestamp, id) > ($2, $3)
        order by timestamp, id
        limit $4
        """;

    // Of whom a view is does not matter for when an app was viewed.
    const string ViewedSql = """
        select app, min(timestamp), max(timestamp)
        from app_facts
        where workspace_id = $1
          and kind = 1
        group by app
        """;

    sealed record Row(long Timestamp, long Id, short Kind, int App, int Subject, long Amount);

    (DateTime Time, long Id) after;
    List<Row> read = [];

    public override IReadOnlyList<Section> Sections { get; } = [AppFacts.Views, AppFacts.Devices, AppFacts.Traffic];

    public override Task BeginAsync(long from, CancellationToken cancel)
    {
        after = (Sql.TimeOf(from), -1);
        return Task.CompletedTask;
    }

    public override async Task<long?> ReadAsync(CancellationToken cancel)
    {
        read = await snapshot.ReadAsync(FactsSql, [after.Time, after.Id, FactsAtOnce], row => new Row(
            row.Microseconds(0), row.GetInt64(1), row.GetInt16(2), row.GetInt32(3), row.GetInt32(4), row.GetInt64(5)), cancel);
        if (read.Count == 0)
            return null;
        after = (Sql.TimeOf(read[^1].Timestamp), read[^1].Id);
        return read[^1].Timestamp;
    }

    public override Task<int> CountAsync(long to, Action<Entry> add, CancellationToken cancel)
    {
        var batch = read.TakeWhile(fact => fact.Timestamp < to).ToList();
        foreach (var fact in batch)
            add(EntryOf(fact));
        return Task.FromResult(batch.Count);
    }

    public override async Task TimesAsync(Section section, Rollup rollup, Action<FactKey, long, long> each, CancellationToken cancel)
    {
        if (section == AppFacts.Views)
            await snapshot.EachAsync(
                ViewedSql, [], row => each(new FactKey(row.GetInt32(0), 0, 0), row.Microseconds(1), row.Microseconds(2)), cancel);
    }

    Entry EntryOf(Row fact)
    {
        var day = snapshot.Calendar.SlotOf(Cells.Grain.Day, fact.Timestamp);
        return fact.Kind switch
        {
            1 => new(AppFacts.Views, new FactKey(fact.App, day, fact.Subject), (0, 1)),
            2 => new(AppFacts.Devices, new FactKey(fact.App, day, fact.Subject), (0, 1)),
            3 => new(AppFacts.Traffic, new FactKey(fact.App, day, 0), (0, 1), (2, fact.Amount)),
            _ => new(AppFacts.Traffic, new FactKey(fact.App, day, 0), (1, 1), (3, fact.Amount)),
        };
    }
}
