using Analytics.Storage.Cells;
using Analytics.Storage.Rollups;
using Analytics.Storage.Rollups.Reading;
using NodaTime;

namespace Analytics.Features.Log;

/// <summary>
/// The minutes that hold the few records of some classes, from the newest back: a rollup as an index. Months are looked at first, then the
/// hours of one that holds some, then the minutes of as many hours as are needed.
/// </summary>
/// <param name="snapshot">The rollup's.</param>
/// <param name="rollup">One without a lead, from minutes to months.</param>
/// <param name="isWanted">Which numbers of its second dimension are looked for.</param>
/// <param name="from">The first minute that matters.</param>
/// <param name="last">The last one.</param>
sealed class RareMinutes(RollupSnapshot snapshot, Rollup rollup, Predicate<int> isWanted, int from, int last)
{
    /// <summary>Of so many records at least one has to be wanted, else going through all of them is dearer.</summary>
    const int RareBelow = 200;

    readonly Queue<(int Hour, long Count)> hours = [];
    Queue<int>? months;

    /// <summary>The minutes that hold what is wanted; null when that is not rare.</summary>
    public static async Task<RareMinutes?> OfAsync(
        RollupSnapshot snapshot, Rollup rollup, Predicate<int> isWanted, DateTime from, DateTime before, CancellationToken cancel)
    {
        var minutes = new RareMinutes(snapshot, rollup, isWanted, MinuteOf(from), MinuteOf(before));
        var (others, found) = (new Cell(), new Dictionary<int, Cell>());
        await snapshot.ReadAsync(
            rollup, minutes.Cover(Grain.Month), null, CellParts.Sums,
            (month, _, second) => isWanted(second) ? CellOf(found, month) : others, cancel);
        var some = Newest(found);
        var wanted = some.Sum(month => month.Count);
        minutes.months = new(some.Select(month => month.Slot));
        return wanted * RareBelow < wanted + (long)others[0] ? minutes : null;
    }

    /// <summary>The same from a later start: a time that has been looked at.</summary>
    public RareMinutes From(DateTime before) => new(snapshot, rollup, isWanted, from, MinuteOf(before));

    /// <summary>The next minutes back that hold so many, or fewer where an end of the range cuts an hour; none when that is all.</summary>
    public async Task<List<(DateTime Start, DateTime End)>> NextAsync(int wanted, CancellationToken cancel)
    {
        // All that the hour of the range's end holds may come after that end.
        while (await NextHoursAsync(wanted, cancel) is { Count: > 0 } taken)
        {
            List<(DateTime, DateTime)> minutes =
            [
                .. from minute in await ReadAsync(new HoursCover(snapshot.Timeline, taken), cancel)
                   where minute.Slot >= @from && minute.Slot <= last
                   select (Start(minute.Slot), Start(minute.Slot + 1)),
            ];
            if (minutes.Count > 0)
                return minutes;
        }

        return [];
    }

    /// <summary>The next hours back that hold so many, or all that are left.</summary>
    async Task<HashSet<int>> NextHoursAsync(int wanted, CancellationToken cancel)
    {
        months ??= new((await ReadAsync(Cover(Grain.Month), cancel)).Select(month => month.Slot));
        var (taken, expected) = (new HashSet<int>(), 0L);
        while (expected < wanted && (hours.Count > 0 || months.Count > 0))
        {
            if (hours.Count == 0)
                await HoursOfAsync(months.Dequeue(), cancel);
            for (; hours.Count > 0 && expected < wanted; expected += hours.Dequeue().Count)
                taken.Add(hours.Peek().Hour);
        }

        return taken;
    }

    async Task HoursOfAsync(int month, CancellationToken cancel)
    {
        var (start, end) = (FirstHourOf(month), FirstHourOf(month + 1) - 1);
        var cover = new SlotCover(snapshot.Timeline, Grain.Hour, Math.Max(start, from / 60), Math.Min(end, last / 60));
        foreach (var hour in await ReadAsync(cover, cancel))
            hours.Enqueue((hour.Slot, hour.Count));
    }

    SlotCover Cover(Grain grain) => new(
        snapshot.Timeline, grain, snapshot.Timeline.SlotOf(grain, Grain.Minute, from), snapshot.Timeline.SlotOf(grain, Grain.Minute, last));

    /// <summary>Slots with records and how many, the newest first.</summary>
    async Task<List<(int Slot, long Count)>> ReadAsync(Cover cover, CancellationToken cancel)
    {
        var cells = new Dictionary<int, Cell>();
        await snapshot.ReadAsync(
            rollup, cover, null, CellParts.Sums, (slot, _, second) => isWanted(second) ? CellOf(cells, slot) : null, cancel);
        return Newest(cells);
    }

    static Cell CellOf(Dictionary<int, Cell> cells, int slot) => cells.TryGetValue(slot, out var cell) ? cell : cells[slot] = new Cell();

    static List<(int Slot, long Count)> Newest(Dictionary<int, Cell> cells) =>
    [
        .. from cell in cells
           let count = (long)cell.Value[0]
           where count > 0
           orderby cell.Key descending
           select (cell.Key, count),
    ];

    static int MinuteOf(DateTime time) =>
        Timeline.SlotOf(Grain.Minute, Math.Max(Timeline.Year2000, (time - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond));

    static DateTime Start(int minute) => DateTime.UnixEpoch.AddTicks(Timeline.StartOf(Grain.Minute, minute) * TimeSpan.TicksPerMicrosecond);

    static int FirstHourOf(int month) => (Timeline.DayOf(new LocalDate(1999 + month / 12, month % 12 + 1, 1)) - Timeline.DayOf(0)) * 24;

    /// <summary>The minutes of some hours.</summary>
    sealed class HoursCover(Timeline timeline, HashSet<int> hours) : Cover(timeline)
    {
        public override IEnumerable<(Grain Grain, int From, int To)> Ranges(Grains stored)
        {
            (int First, int Last)? open = null;
            foreach (var hour in hours.Order())
            {
                if (open is { } before && before.Last + 1 < hour)
                    yield return (Grain.Minute, before.First * 60, before.Last * 60 + 59);
                open = open is { } still && still.Last + 1 >= hour ? (still.First, hour) : (hour, hour);
            }

            if (open is { } rest)
                yield return (Grain.Minute, rest.First * 60, rest.Last * 60 + 59);
        }

        public override Func<int, int> Buckets(Grains stored, Grain grain) => InHours;

        public override int BucketOf(Grain finest, int slot) => InHours(slot);

        int InHours(int minute) => hours.Contains(minute / 60) ? minute : -1;
    }
}
