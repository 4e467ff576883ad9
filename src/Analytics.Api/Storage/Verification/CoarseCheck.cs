using Analytics.Storage.Cells;
using Analytics.Storage.Rollups;
using Analytics.Storage.Rollups.Runs;

namespace Analytics.Storage.Verification;

/// <summary>
/// The coarser grains of a rollup. Its finest cells were recounted from raw facts; here every coarser cell is what cells of a finer
/// grain add up to in those runs that say they have it. Both sides come from one snapshot, and facts that wait to be flushed count
/// in all grains alike, so runs alone are compared.
/// </summary>
sealed class CoarseCheck(StoreSnapshot snapshot, DifferenceLog log, Rollup rollup, long pagesAtOnce)
{
    const int LeadsAtOnce = 500;
    const int LastMonth = 12 * 402;

    const string PagesSql = "select coalesce(sum(pages), 0)::bigint from rollup_runs where workspace_id = $1 and rollup = $2";
    const string LastSql = "select coalesce(max(last_key), 0) from rollup_pages where workspace_id = $1 and rollup = $2";

    // Each is a whole number of slots of those before it.
    static readonly Grain[] FinestFirst =
        [Grain.Minute, Grain.QuarterHour, Grain.Hour, Grain.SixHours, Grain.Day, Grain.Month, Grain.All];

    readonly StoredCells stored = new(snapshot, log);
    readonly Ledger ledger = new(rollup);
    readonly Grain[] coarse = [.. rollup.Grains.WithoutFinest.Each()];

    /// <summary>All time of a dense rollup, and cells that there should not be.</summary>
    public async Task AllTimeAsync(CancellationToken cancel)
    {
        if (!rollup.IsDense)
            return;
        if (rollup.Grains.Has(Grain.All) && !snapshot.HasHorizon)
            await CompareAsync(Grain.All, long.MinValue, long.MaxValue, cancel);
        foreach (var grain in (~rollup.Grains).Each())
            await stored.SlotsAsync(rollup, rollup.From, grain, (0, SlotCalendar.EndOfSlots), AddStored, cancel);
        await stored.PagesAsync(rollup, rollup.From, (CellKey.PlaceOf(1, Grain.Minute, 0), long.MaxValue), null, AddStored, cancel);
        ledger.Settle(snapshot, log);
    }

    /// <summary>What else there is to be checked, a snapshot each: months of a dense rollup, leads of another one; [From, To).</summary>
    public async Task<List<(int From, int To)>> WindowsAsync(CancellationToken cancel) =>
        [.. rollup.IsDense ? await MonthsAsync(cancel) : await LeadsAsync(cancel)];

    public Task WindowAsync(int from, int to, CancellationToken cancel) =>
        rollup.IsDense ? CompareMonthsAsync(from, to, cancel) : CompareLeadsAsync(from, to, cancel);

    /// <summary>
    /// Those of a small rollup all at once. Before the first month with facts and after the last one hardly anything is.
    /// </summary>
    async Task<IEnumerable<(int From, int To)>> MonthsAsync(CancellationToken cancel)
    {
        var open = snapshot.HasHorizon ? snapshot.Calendar.SlotOf(Grain.Month, snapshot.Horizon - 1) + 1 : 0;
        if (await PagesAsync(cancel) <= pagesAtOnce)
            return [(open, LastMonth)];
        var months = new List<int>();
        foreach (var table in rollup.From.Select(section => section.Kind.Table).Distinct())
            foreach (var end in (string[])["min", "max"])
                await snapshot.EachAsync($"select {end}(timestamp) from {table} where workspace_id = $1", [], row =>
                    months.AddRange(row.IsDBNull(0) ? [] : [snapshot.Calendar.SlotOf(Grain.Month, row.Microseconds(0))]), cancel);
        var (first, last) = (months.DefaultIfEmpty().Min(), months.DefaultIfEmpty().Max());
        return Enumerable.Range(first, last - first + 1).Select(month => (month, month + 1))
            .Prepend((0, first)).Append((last + 1, LastMonth))
            .Where(window => window.Item1 >= open);
    }

    /// <summary>Whoever comes behind the last lead is nobody there is, and has no cells.</summary>
    async Task<IEnumerable<(int From, int To)>> LeadsAsync(CancellationToken cancel)
    {
        var last = (await snapshot.ReadAsync(LastSql, [rollup.Id], row => new CellKey(row.GetInt64(0), 0).Lead, cancel))[0];
        var step = coarse.Length > 0 ? LeadsAtOnce : int.MaxValue;
        return Enumerable.Range(0, 1 + (last / step)).Select(at => (at * step, at == last / step ? int.MaxValue : (at + 1) * step));
    }

    async Task CompareMonthsAsync(int from, int to, CancellationToken cancel)
    {
        var (first, end) = (SlotCalendar.StartOf(Grain.Month, from), SlotCalendar.StartOf(Grain.Month, to));
        // Hours are many: of so many days at once that, should all pages be of this time, they are not too many.
        var days = Math.Max(1, (end - first) / SlotCalendar.Day * pagesAtOnce / Math.Max(pagesAtOnce, await PagesAsync(cancel)));
        foreach (var grain in coarse.Where(grain => grain != Grain.All))
        {
            var step = IsOfHours(grain) ? days * SlotCalendar.Day : Math.Max(1, end - first);
            for (var at = first; at < end; at += step)
                await CompareAsync(grain, at, Math.Min(end, at + step), cancel);
        }
    }

    /// <summary>All cells of a lead stand together.</summary>
    async Task CompareLeadsAsync(int from, int to, CancellationToken cancel)
    {
        var end = to == int.MaxValue ? long.MaxValue : CellKey.PlaceOf(to, Grain.Minute, 0) - 1;
        var places = (CellKey.PlaceOf(from, Grain.Minute, 0), end);
        await stored.PagesAsync(rollup, rollup.From, places, key => coarse.Length > 0 || key.Grain != rollup.Finest, cell =>
        {
            if (cell.Key.Grain != rollup.Finest)
                AddStored(cell);
            else
                foreach (var grain in coarse)
                    AddCounted(cell, grain, SlotOf(cell, grain));
        }, cancel);
        ledger.Settle(snapshot, log);
    }

    async Task CompareAsync(Grain grain, long from, long to, CancellationToken cancel)
    {
        var (finer, slots) = (FinerThan(grain), Slots(grain, from, to));
        if (grain is Grain.Week or Grain.LocalWeek)
        {
            // The week that a month begins in is looked at with that month, from its Monday on; if none of it is sealed.
            slots.From += SlotCalendar.StartOf(grain, slots.From) < snapshot.Horizon ? 1 : 0;
            from = Math.Min(from, SlotCalendar.StartOf(grain, slots.From));
        }

        // A day more on either side than any zone is off.
        var margin = IsLocal(grain) && !IsLocal(finer) ? 2 * SlotCalendar.Day : 0;
        await stored.SlotsAsync(rollup, rollup.From, finer, Slots(finer, from - margin, to + margin), cell =>
        {
            if (SlotOf(cell, grain) is var slot && slot >= slots.From && slot < slots.To)
                AddCounted(cell, grain, slot);
        }, cancel);
        await stored.SlotsAsync(rollup, rollup.From, grain, slots, AddStored, cancel);
        ledger.Settle(snapshot, log);
    }

    async Task<long> PagesAsync(CancellationToken cancel) =>
        (await snapshot.ReadAsync(PagesSql, [rollup.Id], row => row.GetInt64(0), cancel))[0];

    void AddStored(StoredCell cell) => ledger.Add(cell.Key, cell.Section, cell.Cell, isCounted: false);

    void AddCounted(StoredCell cell, Grain grain, int slot)
    {
        if (cell.Grains.Has(grain))
            ledger.Add(new CellKey(cell.Key.Lead, grain, slot, cell.Key.Second), cell.Section, cell.Cell, isCounted: true);
    }

    int SlotOf(StoredCell cell, Grain grain) => snapshot.Calendar.SlotOf(grain, cell.Key.Grain, cell.Key.Slot);

    /// <summary>Hours cut the local days of zones such as +05:45, and weeks cut months.</summary>
    Grain FinerThan(Grain grain) => grain switch
    {
        Grain.LocalDay => rollup.Finest,
        Grain.LocalWeek or Grain.LocalMonth => rollup.Grains.Has(Grain.LocalDay) ? Grain.LocalDay : rollup.Finest,
        Grain.Week => FinestFirst.TakeWhile(finer => finer != Grain.Month).Last(finer => rollup.Grains.Has(finer)),
        _ => FinestFirst.TakeWhile(finer => finer != grain).Last(finer => rollup.Grains.Has(finer)),
    };

    /// <summary>The slots of a time that begins and ends with a day; local ones are numbered as those of UTC are.</summary>
    (int From, int To) Slots(Grain grain, long from, long to)
    {
        var numbered = grain switch
        {
            Grain.LocalDay => Grain.Day, Grain.LocalWeek => Grain.Week, Grain.LocalMonth => Grain.Month, _ => grain,
        };
        var end = grain == Grain.All ? SlotCalendar.EndOfSlots : snapshot.Calendar.SlotOf(numbered, to);
        return (snapshot.Calendar.SlotOf(numbered, from), end);
    }

    static bool IsLocal(Grain grain) => Grains.Local.Has(grain);

    static bool IsOfHours(Grain grain) => FinestFirst.TakeWhile(finer => finer != Grain.Day).Contains(grain);
}
