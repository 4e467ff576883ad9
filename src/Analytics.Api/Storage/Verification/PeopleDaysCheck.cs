using Analytics.Storage.Rollups;

namespace Analytics.Storage.Verification;

/// <summary>
/// People's days. Their quarter hours were recounted from raw events; here each day is what those of them add up to that stand in
/// runs marked as having days. Some people at a time, both sides from one snapshot.
/// </summary>
sealed class PeopleDaysCheck(StoreSnapshot snapshot, DifferenceLog log)
{
    const int PeopleAtOnce = 500;

    readonly StoredCells stored = new(snapshot, log);
    readonly Ledger days = new(RollupCatalogue.PeopleDays.Name, Places.PersonDayWords);

    /// <summary>Checks some people from this one on, person 0 being nobody; gives where to go on, or null after the last.</summary>
    public async Task<int?> RunAsync(int from, CancellationToken cancel)
    {
        // Whoever comes behind the last one is nobody there is, and has no days.
        var next = from + PeopleAtOnce;
        var isLast = next > snapshot.Counters.People;
        var (low, high) = (Places.PeopleKey(from, 0), isLast ? long.MaxValue : Places.PeopleKey(next, 0) - 1);
        await stored.PagesAsync(RollupId.People, low, high, null, Count, cancel, inRunsWithDays: true);
        await stored.PagesAsync(RollupId.PeopleDays, low, high, null, (key, type, cell) => days.Stored(key, type).Add(cell), cancel);
        days.Settle(snapshot, log);
        return isLast ? null : next;
    }

    void Count(long key, int type, Cell cell)
    {
        var (person, quarter, timeline) = (Places.PersonOfKey(key), Places.QuarterOfPeopleKey(key), snapshot.Counters.Timeline);
        days.Counted(Places.PersonDayKey(person, Places.DateIn(NodaTime.DateTimeZone.Utc, quarter), isLocal: false), type).Add(cell);
        if (timeline.HasLocalLevels)
            days.Counted(Places.PersonDayKey(person, Places.DateIn(timeline.Zone, quarter), isLocal: true), type).Add(cell);
    }
}
