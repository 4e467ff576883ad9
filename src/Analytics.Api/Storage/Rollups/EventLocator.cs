using System.Runtime.CompilerServices;
using NodaTime;

namespace Analytics.Storage.Rollups;

/// <summary>A quarter hour, and how many events of the kind asked for it holds.</summary>
readonly record struct Slot(int Quarter, long Events);

/// <summary>
/// Rollups as an index of raw events: the quarter hours that hold events of some types or people. Coarse levels are looked at
/// first, and finer ones only where there is something.
/// </summary>
/// <param name="snapshot">The rollups.</param>
/// <param name="types">The event types; null for all.</param>
/// <param name="people">The people; null for everybody.</param>
/// <param name="rootsOnly">Whether only events without a parent matter.</param>
sealed class EventLocator(RollupSnapshot snapshot, HashSet<int>? types, int[]? people, bool rootsOnly)
{
    /// <summary>The quarter hours in [from, to] in order of time, or against it.</summary>
    public IAsyncEnumerable<Slot> ReadAsync(int from, int to, bool descending, CancellationToken cancel) => people is null
        ? OfTypesAsync(from, to, descending, cancel)
        : OfPeopleAsync(people, from, to, descending, cancel);

    async IAsyncEnumerable<Slot> OfTypesAsync(
        int from, int to, bool descending, [EnumeratorCancellation] CancellationToken cancel)
    {
        var timeline = snapshot.Timeline;
        var months = await PlacesAsync(
            Level.Month, timeline.IndexOf(Level.Month, from), timeline.IndexOf(Level.Month, to), descending, cancel);
        foreach (var month in months)
        {
            var start = Math.Max(FirstDayOf(month.Quarter), Timeline.DayOf(from));
            var end = Math.Min(FirstDayOf(month.Quarter + 1) - 1, Timeline.DayOf(to));
            foreach (var day in await PlacesAsync(Level.Day, start, end, descending, cancel))
            {
                var first = (day.Quarter - Timeline.DayOf(0)) * Timeline.QuartersPerDay;
                var last = first + Timeline.QuartersPerDay - 1;
                foreach (var slot in await PlacesAsync(Level.Quarter, Math.Max(first, from), Math.Min(last, to), descending, cancel))
                    yield return slot;
            }
        }
    }

    async IAsyncEnumerable<Slot> OfPeopleAsync(
        int[] who, int from, int to, bool descending, [EnumeratorCancellation] CancellationToken cancel)
    {
        var cells = new Dictionary<int, Cell>();
        await new PeopleCells(snapshot, who, CellParts.Counts).ReadAsync(
            from, to, (quarter, type) => Wants(type) ? CellOf(cells, quarter) : null, cancel);
        foreach (var slot in Ordered(cells, descending))
            yield return slot;
    }

    async Task<List<Slot>> PlacesAsync(Level level, int from, int to, bool descending, CancellationToken cancel)
    {
        var cells = new Dictionary<int, Cell>();
        await snapshot.TimelineAsync(
            level, from, to, CellParts.Counts, (place, type) => Wants(type) ? CellOf(cells, place) : null, cancel);
        return Ordered(cells, descending);
    }

    List<Slot> Ordered(Dictionary<int, Cell> cells, bool descending)
    {
        var slots = cells
            .Select(cell => new Slot(cell.Key, rootsOnly ? cell.Value.Roots : cell.Value.Events))
            .Where(slot => slot.Events > 0);
        return [.. descending ? slots.OrderByDescending(slot => slot.Quarter) : slots.OrderBy(slot => slot.Quarter)];
    }

    bool Wants(int type) => types is null || types.Contains(type);

    static Cell CellOf(Dictionary<int, Cell> cells, int place)
    {
        if (!cells.TryGetValue(place, out var cell))
            cells.Add(place, cell = new Cell());
        return cell;
    }

    static int FirstDayOf(int month) => Timeline.DayOf(new LocalDate(1999 + month / 12, month % 12 + 1, 1));
}
