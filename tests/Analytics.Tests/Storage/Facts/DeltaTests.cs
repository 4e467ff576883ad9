using Analytics.Sketches;
using Analytics.Storage.Cells;
using Analytics.Storage.Facts;
using Analytics.Tests.Storage.Cells;

namespace Analytics.Tests.Storage.Facts;

/// <summary>A delta holds what a commit adds to a section: a cell a key, in the keys' order, with first and last times beside.</summary>
public sealed class DeltaTests
{
    static readonly Section Visits = new(
        90, "visits", Grain.Minute, [new("visitor"), new("page")], ["visits", "bounces", "seconds", "errors", "retries"]);

    [Theory, InlineData(1), InlineData(2)]
    public void Facts_come_back_sorted_and_added_up_by_key(int dimensions)
    {
        var section = new Section(90, "visits", Grain.Minute, [.. Visits.Key.Take(dimensions)], [.. Visits.Sums]);
        var random = new Random(dimensions);
        var expected = new SortedDictionary<FactKey, Cell>();
        var facts = new CommitFacts(section);
        for (var fact = 1; fact <= 500; fact++)
        {
            var timestamp = Timeline.Year2000 + random.NextInt64(1_000 * Timeline.Minute);
            var key = section.KeyOf(timestamp, random.Next(5), dimensions > 1 ? random.Next(3) : 0);
            expected.TryAdd(key, new Cell());
            var cell = expected[key];
            facts.Add(key, timestamp, 1, fact % 2, fact);
            (cell[0], cell[1], cell[2]) = (cell[0] + 1, cell[1] + (fact % 2), cell[2] + fact);
            cell.Seen(timestamp, timestamp);
            facts.Add(key, 4, -fact);
            cell[4] -= fact;
            facts.AddValue(key, 2, fact, 1);
            cell.Totals(2).Sum += fact;
            cell.Totals(2).Values.Add(fact);
        }

        var delta = facts.Pack(new ByteWriter(), out var count);
        Assert.Equal(expected.Count, count);
        var read = new DeltaReader(delta);
        foreach (var (key, cell) in expected)
        {
            Assert.True(read.Read());
            Assert.Equal(key, read.Key);
            var found = new Cell();
            CellFormat.Merge(read.Cell.Span, found, CellParts.Everything);
            Assert.False(found.HasTimes);
            found.Seen(read.FirstTime, read.LastTime);
            Assert.Equal(CellFormatTests.Describe(cell), CellFormatTests.Describe(found));
        }

        Assert.False(read.Read());
    }

    [Fact]
    public void A_commit_that_adds_nothing_leaves_no_delta()
    {
        var facts = new CommitFacts(Visits);
        facts.Add(Visits.KeyOf(Timeline.Year2000, 1), 4, 7);
        facts.Add(Visits.KeyOf(Timeline.Year2000, 1), 4, -7);
        Assert.Empty(facts.Pack(new ByteWriter(), out var count));
        Assert.Equal(0, count);
    }
}
