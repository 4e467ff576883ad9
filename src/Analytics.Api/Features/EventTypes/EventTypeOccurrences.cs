using System.Runtime.InteropServices;
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

    public long Count(TypeTotals total) => RootsOnly ? total.Roots : total.Events;
}

/// <summary>What is added up of a type.</summary>
sealed class TypeTotals
{
    public long Events { get; private set; }
    public long Roots { get; private set; }
    public long First { get; private set; } = long.MaxValue;
    public long Last { get; private set; } = long.MinValue;

    public void Add(Cell part)
    {
        Events += part.Events;
        Roots += part.Roots;
        First = Math.Min(First, part.FirstTime);
        Last = Math.Max(Last, part.LastTime);
    }
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

    readonly Dictionary<int, TypeTotals> totals = [];
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
            .ToDictionary(type => type.Key, type => new Occurrences(filter.Count(type.Value), type.Value.First, type.Value.Last));
        if (slots.Count > 0)
            await ReadTimesAsync(found, cancel);
        return found;
    }

    async Task ReadEverybodyAsync(CancellationToken cancel)
    {
        var each = new OneCell<int>(Add);
        await snapshot.ReadAsync(
            EventRollups.Timeline, new SlotCover(snapshot.Timeline, Grain.All, 0, 0), null, CellParts.Sums,
            (_, _, type) => each.For(type), cancel);
        each.End();
        var mixed = totals
            .Where(type => filter.RootsOnly && type.Value.Roots > 0 && type.Value.Roots != type.Value.Events)
            .Select(type => type.Key)
            .ToHashSet();
        if (mixed.Count == 0)
            return;

        // Coarse slots first: of finer ones only those are counted that may be the first or the last.
        var months = await SlotsAsync(Grain.Month, 0, MonthOf(LastQuarter), (_, type) => mixed.Contains(type), cancel);
        var days = await SlotsAsync(
            Grain.Day, 0, Timeline.DayOf(LastQuarter),
            (day, type) => months.TryGetValue(type, out var known) && MonthOf(FirstQuarterOf(day)) is var month
                && (month == known.First || month == known.Last), cancel);
        foreach (var day in days.Values.SelectMany(day => new[] { day.First, day.Last }).Distinct())
            await SlotsOfDayAsync(days, day, cancel);
    }

    async Task SlotsOfDayAsync(Dictionary<int, (int First, int Last)> days, int day, CancellationToken cancel)
    {
        var types = days.Where(type => type.Value.First == day || type.Value.Last == day).Select(type => type.Key).ToHashSet();
        var start = FirstQuarterOf(day);
        var quarters = await SlotsAsync(
            Grain.QuarterHour, start, start + Timeline.QuartersPerDay - 1, (_, type) => types.Contains(type), cancel);
        foreach (var (type, (first, last)) in quarters)
        {
            Widen(slots, type, first);
            Widen(slots, type, last);
        }
    }

    /// <summary>The first and last slot of a grain, of those that may matter, at which each type occurred.</summary>
    async Task<Dictionary<int, (int First, int Last)>> SlotsAsync(
        Grain grain, int from, int to, Func<int, int, bool> matters, CancellationToken cancel)
    {
        var counts = new Dictionary<(int Slot, int Type), long>();
        var each = new OneCell<(int Slot, int Type)>((key, part) => Count(counts, key, part));
        await snapshot.ReadAsync(
            EventRollups.Timeline, new SlotCover(snapshot.Timeline, grain, from, to), null, CellParts.Sums,
            (slot, _, type) => matters(slot, type) ? each.For((slot, type)) : null, cancel);
        each.End();
        return Widest(counts);
    }

    async Task ReadPeopleAsync(int[] people, CancellationToken cancel)
    {
        var counts = new Dictionary<(int Quarter, int Type), long>();
        var each = new OneCell<(int Quarter, int Type)>((key, part) =>
        {
            Add(key.Type, part);
            Count(counts, key, part);
        });
        await snapshot.ReadAsync(
            EventRollups.People, new SlotCover(snapshot.Timeline, Grain.QuarterHour, 0, LastQuarter), people, CellParts.Sums,
            (quarter, _, type) => each.For((quarter, type)), cancel);
        each.End();
        foreach (var (type, (first, last)) in Widest(counts))
        {
            Widen(slots, type, first);
            Widen(slots, type, last);
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

    void Add(int type, Cell part)
    {
        ref var total = ref CollectionsMarshal.GetValueRefOrAddDefault(totals, type, out _);
        (total ??= new TypeTotals()).Add(part);
    }

    void Count(Dictionary<(int, int), long> counts, (int, int) key, Cell part)
    {
        if (filter.Count(part) is not 0 and var count)
            CollectionsMarshal.GetValueRefOrAddDefault(counts, key, out _) += count;
    }

    // What was counted in one part of a slot may be taken back in another.
    static Dictionary<int, (int First, int Last)> Widest(Dictionary<(int Slot, int Type), long> counts)
    {
        var found = new Dictionary<int, (int First, int Last)>();
        foreach (var ((slot, type), count) in counts)
            if (count > 0)
                Widen(found, type, slot);
        return found;
    }

    static int FirstQuarterOf(int day) => (day - Timeline.DayOf(0)) * Timeline.QuartersPerDay;

    int MonthOf(int quarter) => snapshot.Timeline.SlotOf(Grain.Month, Grain.QuarterHour, quarter);

    static void Widen(Dictionary<int, (int First, int Last)> ranges, int type, int slot) =>
        ranges[type] = ranges.TryGetValue(type, out var known)
            ? (Math.Min(known.First, slot), Math.Max(known.Last, slot))
            : (slot, slot);

    static long Microseconds(int quarter) => Timeline.StartOf(quarter).ToUnixTimeTicks() / 10;
}
