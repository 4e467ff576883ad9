using Analytics.Storage.Apps;
using Analytics.Storage.Facts;
using Analytics.Storage.Rollups;

namespace Analytics.Storage.Verification;

/// <summary>Raw invocations of apps' server routes and what they count for, by app.</summary>
sealed class InvocationReading(StoreSnapshot snapshot) : KindReading
{
    const int InvocationsAtOnce = 20_000;

    const string InvocationsSql = """
        select timestamp, id, app, status, length(error), duration, memory
        from invocations
        where workspace_id = $1
          and timestamp >= $2
          and (timestamp, id) > ($2, $3)
        order by timestamp, id
        limit $4
        """;

    sealed record Row(long Timestamp, long Id, int App, short Status, int Error, long Duration, long Memory);

    (DateTime Time, long Id) after;
    List<Row> read = [];

    public override IReadOnlyList<Section> Sections { get; } = [InvocationFacts.Section];

    public override Task BeginAsync(long from, CancellationToken cancel)
    {
        after = (Sql.TimeOf(from), -1);
        return Task.CompletedTask;
    }

    public override async Task<long?> ReadAsync(CancellationToken cancel)
    {
        read = await snapshot.ReadAsync(InvocationsSql, [after.Time, after.Id, InvocationsAtOnce], row => new Row(
            row.Microseconds(0), row.GetInt64(1), row.GetInt32(2), row.GetInt16(3), row.GetInt32(4), row.GetInt64(5), row.GetInt64(6)),
            cancel);
        if (read.Count == 0)
            return null;
        after = (Sql.TimeOf(read[^1].Timestamp), read[^1].Id);
        return read[^1].Timestamp;
    }

    public override Task<int> CountAsync(long to, Action<Entry> add, CancellationToken cancel)
    {
        var batch = read.TakeWhile(invocation => invocation.Timestamp < to).ToList();
        foreach (var one in batch)
            add(new Entry(
                InvocationFacts.Section, new FactKey(one.App, snapshot.Calendar.SlotOf(Cells.Grain.Day, one.Timestamp), 0),
                (0, 1), (1, one.Error > 0 || one.Status / 100 >= 5 ? 1 : 0), (2, one.Duration))
            {
                Maximum = one.Memory,
            });
        return Task.FromResult(batch.Count);
    }

    public override Task TimesAsync(Section section, Rollup rollup, Action<FactKey, long, long> each, CancellationToken cancel) =>
        Task.CompletedTask; // nobody asks when an app was invoked first
}
