using Analytics.Storage;
using Analytics.Storage.Cells;
using Analytics.Storage.Facts;
using Analytics.Storage.Rollups;
using Analytics.Storage.Rollups.Reading;

namespace Analytics.Features.EventTypes;

/// <summary>How often a type occurred, and when first and last, in microseconds since 1970.</summary>
sealed record Occurrences(long Count, long First, long Last);

/// <summary>Whose events and which of them are counted.</summary>
/// <param name="People">Only these people's; null for everybody's.</param>
/// <param name="RootsOnly">Only events without a parent.</param>
sealed record OccurrenceFilter(int[]? People, bool RootsOnly)
{
    public long Count(Cell cell) => RootsOnly ? cell.Roots : cell.Events;
}

/// <summary>
/// Counts and times of event types, from rollups. Those keep exact times for all events of a type; for fewer of them the
/// rollups tell the first and the last quarter hour, and one look at each of those tells the time.
/// </summary>
sealed class EventTypeOccurrences(RollupSnapshot snapshot, int workspace, OccurrenceFilter filter)
{
    const int LastQuarter = (1 << 24) - 1;

    const string TimesSql = """
        select
            slot.type,
            min(seen.first),
            max(seen.last)
        from unnest($2, $3, $4) as slot (type, start, stop)
        cross join lateral (
            select min(timestamp) as first, max(timestamp) as last
            from events
            where workspace_id = $1
              and timestamp >= slot.start
              and timestamp < slot.stop
              and type = slot.type
              and ($5 is null or person = any($5))
              and (not $6 or parent is null)
        ) seen
        group by slot.type
        """;

    readonly Dictionary<int, Cell> totals = [];
    readonly Dictionary<int, (int First, int Last)> slots = [];

    /// <summary>The types that occurred at all under the filter.</summary>
    public async Task<Dictionary<int, Occurrences>> ReadAsync(CancellationToken cancel)
    {
        if (filter.People is { } people)
            await ReadPeopleAsync(people, cancel);
        else
            await ReadEverybodyAsync(cancel);

        var found = totals
            .Where(type => filter.Count(type.Value) > 0)
            .ToDictionary(type => type.Key, type => new Occurrences(filter.Count(type.Value), type.Value.FirstTime, type.Value.LastTime));
        if (slots.Count > 0)
            await ReadTimesAsync(found, cancel);
        return found;
    }

    async Task ReadEverybodyAsync(CancellationToken cancel)
    {
        await snapshot.ReadAsync(
            RollupCatalogue.Timeline, new SlotCover(snapshot.Timeline, Grain.All, 0, 0), null, CellParts.Sums,
            (_, _, type) => CellOf(type), cancel);
        var mixed = totals
            .Where(type => filter.RootsOnly && type.Value.Roots > 0 && type.Value.Roots != type.Value.Events)
            .Select(type => type.Key)
            .ToHashSet();
        if (mixed.Count == 0)
            return;

        var days = await SlotsAsync(mixed, Grain.Day, 0, Timeline.DayOf(LastQuarter), cancel);
        foreach (var day in days.Values.SelectMany(day => new[] { day.First, day.Last }).Distinct())
            await SlotsOfDayAsync(days, day, cancel);
    }

    async Task SlotsOfDayAsync(Dictionary<int, (int First, int Last)> days, int day, CancellationToken cancel)
    {
        var types = days.Where(type => type.Value.First == day || type.Value.Last == day).Select(type => type.Key).ToHashSet();
        var start = (day - Timeline.DayOf(0)) * Timeline.QuartersPerDay;
        foreach (var (type, quarters) in await SlotsAsync(types, Grain.QuarterHour, start, start + Timeline.QuartersPerDay - 1, cancel))
        {
            Widen(slots, type, quarters.First);
            Widen(slots, type, quarters.Last);
        }
    }

    /// <summary>The first and last slot of a grain at which each of the types occurred.</summary>
    async Task<Dictionary<int, (int First, int Last)>> SlotsAsync(
        HashSet<int> types, Grain grain, int from, int to, CancellationToken cancel)
    {
        var cells = new Dictionary<(int Slot, int Type), Cell>();
        await snapshot.ReadAsync(
            RollupCatalogue.Timeline, new SlotCover(snapshot.Timeline, grain, from, to), null, CellParts.Sums,
            (slot, _, type) => types.Contains(type) ? CellOf(cells, (slot, type)) : null, cancel);
        var found = new Dictionary<int, (int First, int Last)>();
        foreach (var ((slot, type), cell) in cells)
            if (filter.Count(cell) > 0)
                Widen(found, type, slot);
        return found;
    }

    async Task ReadPeopleAsync(int[] people, CancellationToken cancel)
    {
        var quarters = new Dictionary<(int Quarter, int Type), Cell>();
        await snapshot.ReadAsync(
            RollupCatalogue.People, new SlotCover(snapshot.Timeline, Grain.QuarterHour, 0, LastQuarter), people, CellParts.Sums,
            (quarter, _, type) => CellOf(quarters, (quarter, type)), cancel);
        foreach (var ((quarter, type), cell) in quarters)
            if (filter.Count(cell) > 0)
            {
                CellOf(type).Merge(cell);
                Widen(slots, type, quarter);
            }
    }

    async Task ReadTimesAsync(Dictionary<int, Occurrences> found, CancellationToken cancel)
    {
        var looks = slots
            .SelectMany(slot => new[] { slot.Value.First, slot.Value.Last }.Distinct()
                .Select(quarter => (Type: slot.Key, Quarter: quarter)))
            .ToList();
        // What retention has dropped is known to the quarter hour only.
        foreach (var (type, (first, last)) in slots)
            if (found.TryGetValue(type, out var known))
                found[type] = known with { First = Microseconds(first), Last = Microseconds(last) };
        var types = looks.Select(look => look.Type).ToArray();
        var starts = looks.Select(look => Timeline.StartOf(look.Quarter).ToDateTimeUtc()).ToArray();
        var stops = looks.Select(look => Timeline.StartOf(look.Quarter + 1).ToDateTimeUtc()).ToArray();
        await snapshot.Connection.EachAsync(
            TimesSql, [workspace, types, starts, stops, SqlValue.Of(filter.People), filter.RootsOnly], row =>
            {
                if (!row.IsDBNull(1) && found.TryGetValue(row.GetInt32(0), out var known))
                    found[row.GetInt32(0)] = known with { First = row.Microseconds(1), Last = row.Microseconds(2) };
            }, cancel);
    }

    Cell CellOf(int type) => CellOf(totals, type);

    static Cell CellOf<TKey>(Dictionary<TKey, Cell> cells, TKey key) where TKey : notnull
    {
        if (!cells.TryGetValue(key, out var cell))
            cells.Add(key, cell = new Cell());
        return cell;
    }

    static void Widen(Dictionary<int, (int First, int Last)> ranges, int type, int slot) =>
        ranges[type] = ranges.TryGetValue(type, out var known)
            ? (Math.Min(known.First, slot), Math.Max(known.Last, slot))
            : (slot, slot);

    static long Microseconds(int quarter) => Timeline.StartOf(quarter).ToUnixTimeTicks() / 10;
}
