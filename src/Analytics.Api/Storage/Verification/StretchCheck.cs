using Analytics.Storage.Rollups;

namespace Analytics.Storage.Verification;

/// <summary>
/// Recounts a stretch of whole days from the raw events, in one snapshot: quarter hours, hours and days of the timeline,
/// people, the traces of its roots. Days are taken until enough events were seen, so few events need few snapshots; a
/// very full day settles people's cells on the way, so that memory stays bounded.
/// </summary>
sealed class StretchCheck(StoreSnapshot snapshot, DifferenceLog log)
{
    const int EventsAtOnce = 5_000;
    const int EnoughEvents = 50_000;
    const int MostPeopleCells = 200_000;
    const int QuartersPerDay = 96;

    const string EventsSql = $"""
        select {RawEvent.Columns}
        from events e
        where e.workspace_id = $1
          and e.timestamp >= $2
          and (e.timestamp, e.id) > ($2, $3)
        order by e.timestamp, e.id
        limit $4
        """;

    readonly StoredCells stored = new(snapshot, log);
    readonly EventCheck events = new(snapshot, log);
    readonly TreeCheck trees = new(snapshot, log);
    readonly Ledger timeline = new("timeline", Places.Words);
    readonly Ledger people = new("people", Places.PeopleWords);
    long peopleFrom;
    int? keysOf;
    long[] keys = [];

    public int Events { get; private set; }

    /// <summary>Called with the sequence number of every event.</summary>
    public Action<long> Counted { get; init; } = _ => { };

    /// <summary>Recounts from this quarter hour on, the start of a day; gives where to go on, or null at the end of time.</summary>
    public async Task<int?> RunAsync(int from, CancellationToken cancel)
    {
        var traces = await Traces.OpenAsync(snapshot, cancel);
        peopleFrom = from;
        int? to = null;
        (DateTime Time, Guid Id) after = (from < 0 ? DateTime.MinValue : Places.StartOf(from).ToDateTimeUtc(), Guid.Empty);
        while (to is null && await snapshot.ReadAsync(EventsSql, [after.Time, after.Id, EventsAtOnce], RawEvent.Read, cancel) is { Count: > 0 } read)
        {
            to = Events >= EnoughEvents ? EndOf(after.Time, read[^1]) : null;
            var batch = read.Where(e => to is null || e.Quarter < to).ToList();
            await CountAsync(batch, traces, cancel);
            after = (read[^1].Time, read[^1].Id);
            if (people.Count > MostPeopleCells && to is null)
                await SettlePeopleAsync(read[^1].Quarter, cancel);
        }

        await SettleTimelineAsync(from, to ?? long.MaxValue, cancel);
        await SettlePeopleAsync(to ?? long.MaxValue, cancel);
        return to;
    }

    /// <summary>The end of the day of the last event counted, if the next ones reach beyond it.</summary>
    static int? EndOf(DateTime counted, RawEvent last)
    {
        var end = (Math.DivRem(Places.QuarterOf((counted.Ticks - DateTime.UnixEpoch.Ticks) / 10), QuartersPerDay).Quotient + 1) * QuartersPerDay;
        return last.Quarter >= end ? end : null;
    }

    async Task CountAsync(List<RawEvent> batch, Traces traces, CancellationToken cancel)
    {
        Events += batch.Count;
        var roots = new Dictionary<RawEvent, Trace>(ReferenceEqualityComparer.Instance);
        foreach (var e in batch)
        {
            Counted(e.Sequence);
            var values = traces.Numbers.Of(e.Metadata);
            if (e.Parent is null)
                roots.Add(e, new Trace(values));
            foreach (var tally in Tallies(e))
            {
                tally.Events++;
                tally.Roots += e.Parent is null ? 1 : 0;
                tally.OwnCost += values.GetValueOrDefault(FieldCatalogue.Cost);
            }
        }

        await traces.FollowAsync(roots.ToDictionary(root => root.Key.Id, root => root.Value), areConsecutive: true, cancel);
        foreach (var (root, trace) in roots)
            CountTrace(Tallies(root), root.Person, trace);
        await events.RunAsync(batch, cancel);
        await trees.RootsAsync(roots, cancel);
    }

    static void CountTrace(Tally[] tallies, int person, Trace trace)
    {
        foreach (var tally in tallies)
            tally.AddTrace(trace.Sums);
        // All but the last one, whose key says who it is.
        foreach (var tally in tallies.SkipLast(1))
            tally.AddPerson(person);
    }

    /// <summary>Where the event counts: three places of the timeline, then its person.</summary>
    Tally[] Tallies(RawEvent e)
    {
        if (e.Quarter != keysOf)
            (keysOf, keys) = (e.Quarter, Keys(e.Quarter));
        return
        [
            timeline.Counted(keys[0], e.Type), timeline.Counted(keys[1], e.Type), timeline.Counted(keys[2], e.Type),
            people.Counted(Places.PeopleKey(e.Person, e.Quarter), e.Type),
        ];
    }

    static long[] Keys(int quarter) =>
    [
        Timeline.Key(Level.Quarter, quarter), Timeline.Key(Level.Hour, quarter / 4),
        Timeline.Key(Level.Day, Places.DayOf(Places.DateIn(NodaTime.DateTimeZone.Utc, quarter))),
    ];

    async Task SettleTimelineAsync(int from, long to, CancellationToken cancel)
    {
        var first = Keys(Math.Max(0, from));
        for (var at = 0; at < first.Length; at++)
        {
            var end = to == long.MaxValue ? Timeline.Key((Level)(at + 1), 0) : Keys((int)to)[at];
            await stored.PagesAsync(
                RollupId.Timeline, first[at], end - 1, null, (key, type, cell) => timeline.Stored(key, type).Add(cell), cancel);
        }

        await stored.DeltasAsync(from, to, fact =>
        {
            foreach (var key in Keys(fact.Quarter))
            {
                var tally = timeline.Stored(key, fact.Type);
                tally.Add(fact.Cell);
                if (fact.Cell.Roots > 0)
                    tally.AddPerson(fact.Person);
            }
        }, cancel);
        timeline.Settle(snapshot, log);
    }

    /// <summary>Compares people's cells before a quarter hour. They stand by person, so all pages are gone through.</summary>
    async Task SettlePeopleAsync(long to, CancellationToken cancel)
    {
        var from = peopleFrom;
        peopleFrom = to;
        bool IsMeant(long key) => Places.QuarterOfPeopleKey(key) >= from && Places.QuarterOfPeopleKey(key) < to;
        await stored.PagesAsync(
            RollupId.People, long.MinValue, long.MaxValue, IsMeant, (key, type, cell) => people.Stored(key, type).Add(cell), cancel);
        await stored.DeltasAsync(
            from, to, fact => people.Stored(Places.PeopleKey(fact.Person, fact.Quarter), fact.Type).Add(fact.Cell), cancel);
        people.Settle(snapshot, log, key => Places.QuarterOfPeopleKey(key) < to);
    }
}
