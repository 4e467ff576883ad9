using Analytics.Storage.Cells;
using Analytics.Storage.Facts;
using Analytics.Storage.Rollups;
using Analytics.Storage.Rollups.Runs;

namespace Analytics.Tests.Storage.Rollups;

/// <summary>Facts of deltas are sorted in arrays that the next flush uses again.</summary>
public sealed class ProjectedCellsTests
{
    // More than any other test flushes at once: nobody else uses arrays of that size meanwhile.
    const int Facts = 140_000;

    static readonly Section Visits = new(90, "visits", Grain.QuarterHour, [new("visitor"), new("page")], ["visits"]);

    static readonly Rollup Visitors = new(90, "visitors", [Visits], Visits.Key[0], Visits.Key[1], Grains.QuarterHour) { Values = true };

    [Fact]
    public void A_flush_uses_the_arrays_of_the_one_before_whatever_thread_that_ended_on()
    {
        byte[][] deltas = [Delta()];
        ProjectedCells? first = null;
        OnAThread(() => first = new(deltas, Visitors, Visits, Timeline.Utc));
        OnAThread(() => Assert.Equal(Facts, CountOf(first!)));

        var allocated = 0L;
        OnAThread(() =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Equal(Facts, CountOf(new(deltas, Visitors, Visits, Timeline.Utc)));
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        });

        Assert.InRange(allocated, 0, 1 << 20);
    }

    static byte[] Delta()
    {
        var facts = new CommitFacts(Visits);
        for (var visitor = 1; visitor <= Facts; visitor++)
            facts.Add(Visits.KeyOf(Timeline.Year2000, visitor, 1), 0, 1);
        return facts.Pack(new(), out _);
    }

    static int CountOf(ProjectedCells cells)
    {
        var count = 0;
        while (cells.ReadAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult())
            count++;
        return count;
    }

    static void OnAThread(Action work)
    {
        Exception? failure = null;
        var thread = new Thread(() => failure = Record.Exception(work));
        thread.Start();
        thread.Join();
        Assert.Null(failure);
    }
}
