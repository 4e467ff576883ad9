using Analytics.Storage.Business;
using Npgsql;

namespace Analytics.Storage.Storefront;

/// <summary>Counts the steps of a workspace anew from its raw events.</summary>
sealed class StepRecount(NpgsqlConnection reading, int workspace, long horizon)
{
    const string TypesSql = "select type, name from event_types where workspace_id = $1 and name = any($2)";
    const string HashKeySql = "select hash_key from workspaces where workspace_id = $1";
    const string FirstSql = "select timestamp from events where workspace_id = $1 and timestamp >= $2 order by timestamp limit 1";

    const string StepsSql = """
        select e.timestamp, e.type, e.metadata->>'visitor_id', e.portal
        from events e
        where e.workspace_id = $1
          and e.timestamp >= $2
          and e.timestamp < $3
          and e.type = any($4)
          and jsonb_typeof(e.metadata->'visitor_id') = 'string'
          and e.metadata->>'visitor_id' <> ''
        """;

    const string ReplaceSql = "delete from storefront_days where workspace_id = $1 and day >= $2";

    readonly Dictionary<int, int> stepOf = [];
    byte[] hashKey = [];

    /// <summary>
    /// Replaces what was stored of the days whose events are there, up to a commit; what came later stays, as do sealed days. In a
    /// transaction of <paramref name="writing"/>; the events are those of the reading snapshot, which ends with that commit.
    /// </summary>
    public async Task ReplaceAsync(NpgsqlConnection writing, long upTo, CancellationToken cancel)
    {
        await reading.EachAsync(
            TypesSql, [workspace, StorefrontSteps.Events], row => stepOf[row.GetInt32(0)] = StorefrontSteps.Of(row.GetString(1)), cancel);
        await writing.ExecuteAsync("select pg_advisory_xact_lock($2, $1)", [workspace, StepPacking.Lock], cancel);
        await StepPacking.RunAsync(writing, workspace, upTo, cancel);
        await writing.ExecuteAsync(ReplaceSql, [workspace, VisitorStep.DayOf(horizon)], cancel);
        if (stepOf.Count == 0)
            return;
        hashKey = (await reading.ScalarAsync<byte[]>(HashKeySql, [workspace], cancel))!;
        for (var from = horizon; await FirstAsync(from, cancel) is { } first; from = (first + 1) * TimeSpan.MicrosecondsPerDay)
            if (await OfDayAsync(first, cancel) is { Count: > 0 } steps)
                await StepPacking.WriteAsync(writing, workspace, first, steps, cancel);
    }

    async Task<int?> FirstAsync(long from, CancellationToken cancel) =>
        await reading.FirstAsync<long?>(FirstSql, [workspace, Sql.TimeOf(from)], row => row.Microseconds(0), cancel) is { } time
            ? VisitorStep.DayOf(time) : null;

    async Task<List<VisitorStep>> OfDayAsync(int day, CancellationToken cancel)
    {
        var start = day * TimeSpan.MicrosecondsPerDay;
        SqlValue[] values =
        [
            workspace, Sql.TimeOf(Math.Max(start, horizon)), Sql.TimeOf(start + TimeSpan.MicrosecondsPerDay), stepOf.Keys.ToArray(),
        ];
        var found = await reading.QueryAsync(
            StepsSql, values,
            row => (Time: row.Microseconds(0), Step: stepOf[row.GetInt32(1)],
                Visitor: HashedId.Of(hashKey, KeyKind.Visitor, row.GetFieldValue<Guid?>(3), row.GetString(2))),
            cancel);
        var numbers = new Dictionary<UInt128, int>();
        await reading.EachAsync(
            TextNumbers.FindSql,
            [workspace, (short)TextKind.Visitor, found.Select(step => step.Visitor.ToUuid()).Distinct().ToArray()],
            row => numbers[row.GetGuid(1).ToSortable()] = row.GetInt32(0), cancel);
        var steps = found.ConvertAll(step => new VisitorStep(step.Time, step.Step, numbers[step.Visitor]));
        steps.Sort(VisitorStep.Compare);
        return steps;
    }
}
