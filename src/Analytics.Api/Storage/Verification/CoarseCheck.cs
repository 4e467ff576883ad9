using Analytics.Storage.Rollups;

namespace Analytics.Storage.Verification;

/// <summary>
/// The coarse levels. Quarter hours, hours and days were recounted from raw events; here months are what their stored days
/// add up to, local days and months what their stored quarter hours do, all time what the stored months do and, for its
/// times, what the raw events say. Both sides come from one snapshot, and facts not folded yet count on every level alike,
/// so runs alone are compared.
/// </summary>
sealed class CoarseCheck(StoreSnapshot snapshot, DifferenceLog log, Rollup rollup)
{
    const string TimesSql = """
        select type, min(timestamp), max(timestamp)
        from events
        where workspace_id = $1
        group by type
        """;

    readonly StoredCells stored = new(snapshot, log);
    readonly Ledger places = Ledger.OfPlaces(rollup);

    /// <summary>Months [from, to) against their days, local days and months against their quarter hours.</summary>
    public async Task MonthsAsync(int from, int to, CancellationToken cancel)
    {
        var days = (Places.DayOf(Places.StartOfMonth(from)), Places.DayOf(Places.StartOfMonth(to)));
        await CountAsync(Level.Day, days.Item1, days.Item2, day => [Timeline.Key(Level.Month, Places.MonthOf(Places.DateOf(day)))], cancel);
        await StoredAsync(Level.Month, from, to, cancel);
        await LocalAsync(from, to, cancel);
        places.Settle(snapshot, log);
    }

    async Task LocalAsync(int from, int to, CancellationToken cancel)
    {
        var (first, end) = (Places.StartOfMonth(from), Places.StartOfMonth(to));
        if (snapshot.Counters.Timeline.HasLocalLevels)
        {
            // A day more on either side than any zone is off.
            var quarters = (Start(first.PlusDays(-2)), Start(end.PlusDays(2)));
            await CountAsync(Level.Quarter, Math.Max(0, quarters.Item1), quarters.Item2, LocalKeys, cancel);
        }

        await StoredAsync(Level.LocalDay, Places.DayOf(first), Places.DayOf(end), cancel);
        await StoredAsync(Level.LocalMonth, from, to, cancel);

        IEnumerable<long> LocalKeys(int quarter)
        {
            var date = Places.DateIn(snapshot.Counters.Timeline.Zone, quarter);
            return date < first || date >= end
                ? []
                : [Timeline.Key(Level.LocalDay, Places.DayOf(date)), Timeline.Key(Level.LocalMonth, Places.MonthOf(date))];
        }
    }

    /// <summary>All time against the months, and its first and last times against the raw events.</summary>
    public async Task EverAsync(CancellationToken cancel)
    {
        var key = Timeline.Key(Level.Ever, 0);
        await CountAsync(Level.Month, 0, int.MaxValue, _ => [key], cancel);
        await StoredAsync(Level.Ever, 0, int.MaxValue, cancel);
        if (rollup.Id == RollupId.Timeline)
            await TimesAsync(key, cancel);
        // Levels there are not.
        await stored.PagesAsync(
            rollup.Id, Timeline.Key(Level.Ever + 1, 0), long.MaxValue, null, (place, type, cell) => places.Stored(place, type).Add(cell),
            cancel);
        places.Settle(snapshot, log);
    }

    async Task TimesAsync(long key, CancellationToken cancel)
    {
        await snapshot.EachAsync(TimesSql, [], row => places.Counted(key, row.GetInt32(0)).AddTimes(Time(row, 1), Time(row, 2)), cancel);
        // Times travel beside the facts that wait, and only here do they matter.
        await stored.DeltasAsync(long.MinValue, long.MaxValue, fact =>
        {
            if (fact.First is { } first)
                places.Stored(key, fact.Type).AddTimes(first, fact.Last);
        }, cancel);
    }

    Task CountAsync(Level finer, int from, int to, Func<int, IEnumerable<long>> coarser, CancellationToken cancel) => stored.PagesAsync(
        rollup.Id, Timeline.Key(finer, from), Timeline.Key(finer, to) - 1, null, (key, type, cell) =>
        {
            foreach (var place in coarser(Timeline.IndexOf(key)))
                places.Counted(place, type).Add(cell);
        }, cancel);

    Task StoredAsync(Level level, int from, int to, CancellationToken cancel) => stored.PagesAsync(
        rollup.Id, Timeline.Key(level, from), Timeline.Key(level, to) - 1, null,
        (key, type, cell) => places.Stored(key, type).Add(cell), cancel);

    static int Start(NodaTime.LocalDate date) => Places.QuarterOf(date.AtMidnight().InUtc().ToInstant());

    static long Time(Npgsql.NpgsqlDataReader row, int column) => (row.GetDateTime(column).Ticks - DateTime.UnixEpoch.Ticks) / 10;
}
