using System.Runtime.CompilerServices;
using Analytics.Storage.Cells;
using Analytics.Storage.Facts;
using Analytics.Storage.Rollups;
using Analytics.Storage.Rollups.Reading;
using NodaTime;

namespace Analytics.Features.Events;

/// <summary>A quarter hour, and how many events of the kind asked for it holds.</summary>
readonly record struct EventSlot(int Slot, long Events);

/// <summary>
/// Rollups as an index of raw events: the quarter hours that hold events of some types or people. Coarse grains are looked at
/// first, and finer ones only where there is something, more and more at once.
/// </summary>
/// <param name="snapshot">The rollups.</param>
/// <param name="types">The event types; null for all.</param>
/// <param name="people">The people; null for everybody.</param>
/// <param name="rootsOnly">Whether only events without a parent matter.</param>
sealed class EventLocator(RollupSnapshot snapshot, HashSet<int>? types, int[]? people, bool rootsOnly)
{
    const int MostTogether = 128;

    /// <summary>The quarter hours in [from, to] in order of time, or against it.</summary>
    public IAsyncEnumerable<EventSlot> ReadAsync(int from, int to, bool descending, CancellationToken cancel) => people is null
        ? OfTypesAsync(from, to, descending, cancel)
        : OfPeopleAsync(people, from, to, descending, cancel);

    async IAsyncEnumerable<EventSlot> OfTypesAsync(
        int from, int to, bool descending, [EnumeratorCancellation] CancellationToken cancel)
    {
        var timeline = snapshot.Timeline;
        var months = await SlotsAsync(
            Grain.Month,
            [(timeline.SlotOf(Grain.Month, Grain.QuarterHour, from), timeline.SlotOf(Grain.Month, Grain.QuarterHour, to))],
            descending, cancel);
        foreach (var someMonths in Together(months))
        {
            var days = await SlotsAsync(
                Grain.Day,
                [.. someMonths.Select(month => (
                    Math.Max(FirstDayOf(month), Timeline.DayOf(from)), Math.Min(FirstDayOf(month + 1) - 1, Timeline.DayOf(to))))],
                descending, cancel);
            foreach (var someDays in Together(days))
                foreach (var slot in await SlotsAsync(
                    Grain.QuarterHour,
                    [.. someDays.Select(day => (Math.Max(FirstQuarterOf(day), from), Math.Min(FirstQuarterOf(day + 1) - 1, to)))],
                    descending, cancel))
                    yield return slot;
        }
    }

    // One, two, four and so on: whoever is content with the first has read little, and years of a few events a day take few statements.
    static IEnumerable<List<int>> Together(List<EventSlot> slots)
    {
        for (int at = 0, size = 1; at < slots.Count; at += size, size = Math.Min(2 * size, MostTogether))
            yield return [.. slots.Skip(at).Take(size).Select(slot => slot.Slot).Order()];
    }

    async IAsyncEnumerable<EventSlot> OfPeopleAsync(
        int[] who, int from, int to, bool descending, [EnumeratorCancellation] CancellationToken cancel)
    {
        var cells = new Dictionary<int, Cell>();
        await snapshot.ReadAsync(
            EventRollups.People, new SlotCover(snapshot.Timeline, Grain.QuarterHour, from, to), who, CellParts.Sums,
            (quarter, _, type) => Wants(type) ? CellOf(cells, quarter) : null, cancel);
        foreach (var slot in Ordered(cells, descending))
            yield return slot;
    }

    async Task<List<EventSlot>> SlotsAsync(
        Grain grain, IReadOnlyList<(int From, int To)> ranges, bool descending, CancellationToken cancel)
    {
        var cells = new Dictionary<int, Cell>();
        await snapshot.ReadAsync(
            EventRollups.Timeline, new SlotCover(snapshot.Timeline, grain, ranges), null, CellParts.Sums,
            (slot, _, type) => Wants(type) ? CellOf(cells, slot) : null, cancel);
        return Ordered(cells, descending);
    }

    List<EventSlot> Ordered(Dictionary<int, Cell> cells, bool descending)
    {
        var slots = cells
            .Select(cell => new EventSlot(cell.Key, rootsOnly ? cell.Value.Roots : cell.Value.Events))
            .Where(slot => slot.Events > 0);
        return [.. descending ? slots.OrderByDescending(slot => slot.Slot) : slots.OrderBy(slot => slot.Slot)];
    }

    bool Wants(int type) => types is null || types.Contains(type);

    static Cell CellOf(Dictionary<int, Cell> cells, int slot)
    {
        if (!cells.TryGetValue(slot, out var cell))
            cells.Add(slot, cell = new Cell());
        return cell;
    }

    static int FirstQuarterOf(int day) => (day - Timeline.DayOf(0)) * Timeline.QuartersPerDay;

    static int FirstDayOf(int month) => Timeline.DayOf(new LocalDate(1999 + month / 12, month % 12 + 1, 1));
}
