using Analytics.Storage.Rollups;

namespace Analytics.Storage.Verification;

/// <summary>
/// Recounts a range of whole days from the raw events, in one snapshot: quarter hours, hours and days of the timeline,
/// people, the traces of its roots, activity with and without shares. Days are taken until enough events were seen, so few
/// events need few snapshots; a very full day settles people's and shares' cells on the way, so that memory stays bounded.
/// </summary>
sealed class DayRangeCheck(StoreSnapshot snapshot, DifferenceLog log)
{
    const int EventsAtOnce = 5_000;
    const int EnoughEvents = 50_000;
    const int MaxCells = 300_000;

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
    readonly ActivityCheck activity = new(snapshot, log);
    readonly Ledger timeline = Ledger.OfPlaces(RollupCatalogue.Timeline);
    readonly Ledger people = new(RollupCatalogue.People.Name, Places.PeopleWords);
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
        (DateTime Time, Guid Id) after = (Places.TimeOf(from), Guid.Empty);
        while (to is null && await snapshot.ReadAsync(EventsSql, [after.Time, after.Id, EventsAtOnce], RawEvent.Read, cancel) is { Count: > 0 } read)
        {
            to = Events >= EnoughEvents ? EndOf(after.Time, read[^1]) : null;
            var batch = read.Where(e => to is null || e.Quarter < to).ToList();
            await CountAsync(batch, traces, cancel);
            after = (read[^1].Time, read[^1].Id);
            if (people.Count + activity.Count > MaxCells && to is null)
                await SettlePeopleAsync(read[^1].Quarter, cancel);
        }

        // After the last event shares still end by themselves.
        to ??= await activity.EndAsync(after.Time, cancel);
        await SettlePeopleAsync(to ?? long.MaxValue, cancel);
        await SettlePlacesAsync(from, to ?? long.MaxValue, cancel);
        return to;
    }

    /// <summary>The end of the day of the last event counted, if the next ones reach beyond it.</summary>
    static int? EndOf(DateTime counted, RawEvent last)
    {
        var end = Places.EndOfDay(Places.QuarterOf((counted.Ticks - DateTime.UnixEpoch.Ticks) / 10));
        return last.Quarter >= end ? end : null;
    }

    async Task CountAsync(List<RawEvent> batch, Traces traces, CancellationToken cancel)
    {
        Events += batch.Count;
        var roots = new Dictionary<RawEvent, Trace>(ReferenceEqualityComparer.Instance);
        var tellings = new List<Telling>();
        foreach (var e in batch)
        {
            Counted(e.Sequence);
            var values = traces.Numbers.Of(e.Metadata);
            if (e.Parent is null)
                roots.Add(e, new Trace(values));
            var cost = values.GetValueOrDefault(FieldCatalogue.Cost);
            tellings.Add(Telling.Of(e, cost, snapshot.TypeName(e.Type)));
            foreach (var tally in Tallies(e))
            {
                tally.Add(1, cost);
                tally.Roots += e.Parent is null ? 1 : 0;
            }
        }

        await traces.FollowAsync(roots.ToDictionary(root => root.Key.Id, root => root.Value), areConsecutive: true, cancel);
        await trees.RootsAsync(roots, cancel);
        foreach (var (root, trace) in roots)
            CountTrace(Tallies(root), root.Person, trace);
        await activity.CountAsync(tellings, cancel);
        await events.RunAsync(batch, cancel);
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
            (keysOf, keys) = (e.Quarter, Places.FineKeys(e.Quarter));
        return
        [
            timeline.Counted(keys[0], e.Type), timeline.Counted(keys[1], e.Type), timeline.Counted(keys[2], e.Type),
            people.Counted(Places.PeopleKey(e.Person, e.Quarter), e.Type),
        ];
    }

    async Task SettlePlacesAsync(int from, long to, CancellationToken cancel)
    {
        await stored.FinePlacesAsync(RollupId.Timeline, from, to, (key, type, cell) => timeline.Stored(key, type).Add(cell), cancel);
        await stored.DeltasAsync(from, to, fact =>
        {
            foreach (var key in Places.FineKeys(fact.Quarter))
            {
                var tally = timeline.Stored(key, fact.Type);
                tally.Add(fact.Cell);
                if (fact.Cell.Roots > 0)
                    tally.AddPerson(fact.Person);
            }
        }, cancel);
        timeline.Settle(snapshot, log);
        await activity.SettlePlacesAsync(from, to, cancel);
    }

    /// <summary>Compares people's and shares' cells before a quarter hour. They stand by person, so all pages are gone through.</summary>
    async Task SettlePeopleAsync(long to, CancellationToken cancel)
    {
        var from = peopleFrom;
        peopleFrom = to;
        await activity.SettleAsync(from, to, cancel);
        bool IsMeant(long key) => Places.QuarterOfPeopleKey(key) >= from && Places.QuarterOfPeopleKey(key) < to;
        await stored.PagesAsync(
            RollupId.People, long.MinValue, long.MaxValue, IsMeant, (key, type, cell) => people.Stored(key, type).Add(cell), cancel);
        await stored.DeltasAsync(
            from, to, fact => people.Stored(Places.PeopleKey(fact.Person, fact.Quarter), fact.Type).Add(fact.Cell), cancel);
        people.Settle(snapshot, log, key => Places.QuarterOfPeopleKey(key) < to);
    }
}
