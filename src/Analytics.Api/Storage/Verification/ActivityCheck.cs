using Analytics.Storage.Rollups;

namespace Analytics.Storage.Verification;

/// <summary>
/// Recounts a range's activity from its raw events and what is known of the shares and payments they name: quarter hours, hours
/// and days; people; shares, share 0 holding what events count elsewhere than they say themselves.
/// </summary>
sealed class ActivityCheck(StoreSnapshot snapshot, DifferenceLog log)
{
    readonly StoredCells stored = new(snapshot, log);
    readonly BookingCheck bookings = new(snapshot, log);
    readonly Expiries expiries = new(snapshot);
    readonly Ledger places = Ledger.OfPlaces(RollupCatalogue.Activity);
    readonly Ledger people = new(RollupCatalogue.PeopleActivity.Name, Places.PeopleWords, Ledger.Untyped);
    readonly Ledger shares = new(RollupCatalogue.ShareActivity.Name, Places.ShareWords, person => $"person {person}");
    int? keysOf;
    long[] keys = [];

    /// <summary>How many cells are held that <see cref="SettleAsync"/> lets go of.</summary>
    public int Count => people.Count + shares.Count;

    public async Task CountAsync(IReadOnlyList<Telling> events, CancellationToken cancel)
    {
        var known = await StoredSales.LoadAsync(snapshot, events, cancel);
        await bookings.RunAsync(events, known, cancel);
        foreach (var e in events)
        {
            var (share, person) = known.PlaceOf(e);
            Book(e, share, person);
            foreach (var counted in known.MeasuresOf(e))
                Add(counted.Share, counted.Person, e.Event.Quarter, counted.Measure, counted.Amount);
        }
    }

    void Book(Telling e, int share, int person)
    {
        var (quarter, own, events) = (e.Event.Quarter, e.Event.Person, e.IsServices ? 0 : 1);
        foreach (var key in KeysOf(quarter))
        {
            var place = places.Counted(key, 0);
            place.Add(events, e.Cost);
            if (events > 0)
                place.AddPerson(person);
        }

        people.Counted(Places.PeopleKey(person, quarter), 0).Add(events, e.Cost);
        if (share == 0 && person == own)
            return;
        shares.Counted(Places.PeopleKey(share, quarter), person).Add(events, e.Cost);
        shares.Counted(Places.PeopleKey(0, quarter), own).Add(-events, -e.Cost);
    }

    void Add(int share, int person, int quarter, Measure measure, Int128 amount)
    {
        foreach (var key in KeysOf(quarter))
            places.Counted(key, 0).Add(measure, amount);
        people.Counted(Places.PeopleKey(person, quarter), 0).Add(measure, amount);
        shares.Counted(Places.PeopleKey(share, quarter), person).Add(measure, amount);
    }

    long[] KeysOf(int quarter)
    {
        if (quarter != keysOf)
            (keysOf, keys) = (quarter, Places.FineKeys(quarter));
        return keys;
    }

    /// <summary>Where a range without further events may end; null at the end of time.</summary>
    public Task<int?> EndAsync(DateTime after, CancellationToken cancel) => expiries.EndAsync(after, cancel);

    /// <summary>Compares people's and shares' cells of a time all events of which were counted; they stand by person and share.</summary>
    public async Task SettleAsync(long from, long to, CancellationToken cancel)
    {
        await expiries.EachAsync(from, to, Add, cancel);
        bool IsMeant(long key) => Places.QuarterOfPeopleKey(key) >= from && Places.QuarterOfPeopleKey(key) < to;
        await stored.PagesAsync(
            RollupId.PeopleActivity, long.MinValue, long.MaxValue, IsMeant, (key, type, cell) => people.Stored(key, type).Add(cell),
            cancel);
        await stored.PagesAsync(
            RollupId.ShareActivity, long.MinValue, long.MaxValue, IsMeant, (key, type, cell) => shares.Stored(key, type).Add(cell), cancel);
        await FactsAsync(from, to, (person, quarter, cell) => people.Stored(Places.PeopleKey(person, quarter), 0).Add(cell), cancel);
        await stored.ActivityAsync(
            from, to, fact => shares.Stored(Places.PeopleKey(fact.Person, fact.Quarter), fact.Type).Add(fact.Cell), cancel);
        people.Settle(snapshot, log, key => Places.QuarterOfPeopleKey(key) < to);
        shares.Settle(snapshot, log, key => Places.QuarterOfPeopleKey(key) < to);
    }

    /// <summary>Compares the places of a range, whose people's cells are settled.</summary>
    public async Task SettlePlacesAsync(int from, long to, CancellationToken cancel)
    {
        await stored.FinePlacesAsync(RollupId.Activity, from, to, (key, type, cell) => places.Stored(key, type).Add(cell), cancel);
        await FactsAsync(from, to, (person, quarter, cell) =>
        {
            foreach (var key in Places.FineKeys(quarter))
            {
                var place = places.Stored(key, 0);
                place.Add(cell);
                if (cell.Events > 0)
                    place.AddPerson(person);
            }
        }, cancel);
        await DoubtsAsync(from, to, cancel);
        places.Settle(snapshot, log);
    }

    /// <summary>What waits to be folded, of both kinds: by event type, and by share.</summary>
    async Task FactsAsync(long from, long to, Action<int, int, Cell> each, CancellationToken cancel)
    {
        await stored.DeltasAsync(from, to, fact =>
        {
            // Of what there is by event type only these two are asked without.
            var isServices = Telling.IsService(snapshot.TypeName(fact.Type));
            each(fact.Person, fact.Quarter, new Cell { Events = isServices ? 0 : fact.Cell.Events, OwnCost = fact.Cell.OwnCost });
        }, cancel);
        await stored.ActivityAsync(from, to, fact => each(fact.Type, fact.Quarter, fact.Cell), cancel);
    }

    /// <summary>
    /// Sets of people never forget anybody: who may have lost their last event is still named there, and only then.
    /// </summary>
    Task DoubtsAsync(int from, long to, CancellationToken cancel) => snapshot.EachAsync(
        "select person, quarter from activity_doubts where workspace_id = $1 and quarter >= $2 and quarter < $3", [from, to], row =>
        {
            foreach (var key in Places.FineKeys(row.GetInt32(1)))
                places.Counted(key, 0).AddPerson(row.GetInt32(0));
        }, cancel);
}
