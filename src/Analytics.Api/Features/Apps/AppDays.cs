using Analytics.Http;
using Analytics.Sketches;
using Analytics.Storage.Apps;
using Analytics.Storage.Cells;
using Analytics.Storage.Rollups;
using Analytics.Storage.Rollups.Reading;
using Analytics.Time;

namespace Analytics.Features.Apps;

/// <summary>What an app's rollups say of all time, and of today and the 29 days before it.</summary>
sealed class AppDays(RollupSnapshot snapshot, int app, DateTimeOffset now, CancellationToken cancel)
{
    public const int Count = 30;

    readonly int today = Timeline.SlotOf(Grain.Day, Rfc3339.Microseconds(now));

    /// <summary>A day by how many days it is ago.</summary>
    public DateOnly DateOf(int ago) => DateOnly.FromDateTime(now.UtcDateTime).AddDays(-ago);

    public async Task<Cell> EverAsync(Rollup rollup, CellParts parts)
    {
        var ever = new Cell();
        await snapshot.ReadAsync(rollup, new SlotCover(snapshot.Timeline, Grain.All, 0, 0), [app], parts, (_, _, _) => ever, cancel);
        return ever;
    }

    /// <summary>The days, newest first.</summary>
    public async Task<Cell[]> LastAsync(Rollup rollup)
    {
        Cell[] days = [.. Enumerable.Range(0, Count).Select(_ => new Cell())];
        await snapshot.ReadAsync(
            rollup, new SlotCover(snapshot.Timeline, Grain.Day, today - Count + 1, today), [app], CellParts.Sums,
            (slot, _, _) => days[today - slot], cancel);
        return days;
    }

    public static Cell Sum(IEnumerable<Cell> days)
    {
        var sum = new Cell();
        foreach (var day in days)
            sum.Merge(day);
        return sum;
    }

    /// <summary>Whole milliseconds, half away from zero.</summary>
    public static long AverageOf(Cell cell) =>
        (long)(DecimalUnits.Divide(cell[InvocationFacts.Duration], (long)cell[InvocationFacts.Invocations] * 1_000));

    /// <summary>A duration, which is kept in microseconds.</summary>
    public static ExactNumber Milliseconds(Int128 microseconds) => new(microseconds * (DecimalUnits.One / 1_000));
}
