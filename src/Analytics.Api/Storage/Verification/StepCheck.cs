using Analytics.Storage.Business;
using Analytics.Storage.Storefront;

namespace Analytics.Storage.Verification;

/// <summary>Is what a storefront's visitors did stored as their events tell it? Day by day, from the horizon on.</summary>
sealed class StepCheck(StoreSnapshot snapshot, DifferenceLog log)
{
    const string Name = "storefront's steps";
    const int MostTold = 20;

    const string StoredDaySql = "select day from storefront_days where workspace_id = $1 and day >= $2 order by day limit 1";

    const string RawDaySql = """
        select timestamp
        from events
        where workspace_id = $1
          and timestamp >= $2
          and type = any($3)
        order by timestamp
        limit 1
        """;

    const string StoredSql = """
        select steps
        from storefront_days
        where workspace_id = $1
          and day = $2
        union all
        select steps
        from storefront_deltas
        where workspace_id = $1
        """;

    const string EventsSql = """
        select timestamp, type, metadata->>'visitor_id', portal
        from events
        where workspace_id = $1
          and timestamp >= $2
          and timestamp < $3
          and type = any($4)
          and jsonb_typeof(metadata->'visitor_id') = 'string'
          and metadata->>'visitor_id' <> ''
        """;

    readonly Dictionary<int, int> stepOf = snapshot.Types.Where(type => StorefrontSteps.Events.Contains(type.Value))
        .ToDictionary(type => type.Key, type => Array.IndexOf(StorefrontSteps.Events, type.Value));

    /// <summary>Compares the first day after one; gives it, or null when there is none.</summary>
    public async Task<int?> DayAsync(int after, CancellationToken cancel)
    {
        if (await NextAsync(Math.Max(after + 1, FirstUnsealed), cancel) is not { } day)
            return null;
        var (stored, counted) = (await StoredAsync(day, cancel), await CountedAsync(day, cancel));
        log.Compared(stored.Count);
        Compare(day, stored, counted);
        return day;
    }

    int FirstUnsealed => snapshot.HasHorizon ? VisitorStep.DayOf(snapshot.Horizon + TimeSpan.MicrosecondsPerDay - 1) : 0;

    async Task<int?> NextAsync(int from, CancellationToken cancel)
    {
        List<int> next = await snapshot.ReadAsync(StoredDaySql, [from], row => row.GetInt32(0), cancel);
        // What only waits to be packed has its events too.
        if (stepOf.Count > 0)
            next.AddRange(await snapshot.ReadAsync(
                RawDaySql, [Sql.TimeOf(Start(from)), stepOf.Keys.ToArray()], row => VisitorStep.DayOf(row.Microseconds(0)), cancel));
        return next.Count == 0 ? null : next.Min();
    }

    async Task<List<VisitorStep>> StoredAsync(int day, CancellationToken cancel)
    {
        var steps = new List<VisitorStep>();
        await snapshot.EachAsync(StoredSql, [day], row => PackedSteps.Unpack(row.GetFieldValue<byte[]>(0), steps), cancel);
        return Sorted(steps.Where(step => step.Day == day));
    }

    async Task<List<VisitorStep>> CountedAsync(int day, CancellationToken cancel)
    {
        var events = await snapshot.ReadAsync(
            EventsSql, [Sql.TimeOf(Start(day)), Sql.TimeOf(Start(day + 1)), stepOf.Keys.ToArray()],
            row => (Time: row.Microseconds(0), Step: stepOf[row.GetInt32(1)],
                Visitor: HashedId.Of(snapshot.Counters.HashKey, KeyKind.Visitor, row.GetFieldValue<Guid?>(3), row.GetString(2)).ToUuid()),
            cancel);
        var numbers = (await snapshot.ReadAsync(
            TextNumbers.FindSql, [(short)TextKind.Visitor, events.Select(e => e.Visitor).Distinct().ToArray()],
            row => (Hash: row.GetGuid(1), Number: row.GetInt32(0)), cancel)).ToDictionary(text => text.Hash, text => text.Number);
        return Sorted(events.Select(e => new VisitorStep(e.Time, e.Step, numbers.GetValueOrDefault(e.Visitor))));
    }

    void Compare(int day, List<VisitorStep> stored, List<VisitorStep> counted)
    {
        int one = 0, other = 0, told = 0;
        while ((one < stored.Count || other < counted.Count) && told < MostTold)
        {
            var order = one == stored.Count ? 1 : other == counted.Count ? -1 : VisitorStep.Compare(stored[one], counted[other]);
            if (order == 0)
                (one, other) = (one + 1, other + 1);
            else if (order < 0)
                Tell(stored[one++], isStored: true);
            else
                Tell(counted[other++], isStored: false);
        }

        void Tell(VisitorStep step, bool isStored)
        {
            told++;
            log.Add(
                Name, $"{DateTime.UnixEpoch.AddDays(day):yyyy-MM-dd}, {StorefrontSteps.Names[step.Step]} of visitor {step.Visitor}",
                "time", isStored ? Sql.TimeOf(step.Time) : null, isStored ? null : Sql.TimeOf(step.Time));
        }
    }

    static List<VisitorStep> Sorted(IEnumerable<VisitorStep> steps)
    {
        var sorted = steps.ToList();
        sorted.Sort(VisitorStep.Compare);
        return sorted;
    }

    static long Start(int day) => Math.Max(day * TimeSpan.MicrosecondsPerDay, Cells.Timeline.Year2000);
}
