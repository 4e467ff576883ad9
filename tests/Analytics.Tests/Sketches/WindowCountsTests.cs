using System.Runtime.InteropServices;
using Analytics.Sketches;

namespace Analytics.Tests.Sketches;

public sealed class WindowCountsTests
{
    [Fact]
    public void Each_window_counts_everybody_in_its_sets_once()
    {
        var random = new Random(83);
        for (var round = 0; round < 40; round++)
        {
            var window = random.Next(1, 40);
            var sets = Enumerable.Range(0, random.Next(0, 120)).Select(_ => random.Next(5) == 0 ? default : SomePeople.Next(random)).ToList();

            var counts = new WindowCounts(window).Of([.. sets.Select(some => some.Set)]);

            Assert.Equal(Expected(window, [.. sets.Select(some => some.Members)]), counts);
        }
    }

    [Theory, InlineData(1, 1), InlineData(90, 30), InlineData(119, 30), InlineData(120, 30), InlineData(255, 30), InlineData(29, 30), InlineData(0, 1)]
    public void Dense_and_sparse_blocks_count_alike(int days, int window)
    {
        var random = new Random(days);
        var (few, many) = (Draw(1, 3_000), Draw(65_536 * 2, 20_000));
        var members = Enumerable.Range(0, days).Select(day => few[day].Concat(many[day]).ToHashSet()).ToList();

        var counts = new WindowCounts(window).Of([.. members.Select(SomePeople.Of)]);

        Assert.Equal(Expected(window, [.. members]), counts);

        List<HashSet<int>> Draw(int from, int count) =>
            [.. Enumerable.Range(0, days).Select(_ => Enumerable.Range(0, random.Next(count / 10)).Select(_ => from + random.Next(count)).ToHashSet())];
    }

    [Fact]
    public void Its_memory_is_used_again_without_a_trace()
    {
        var counts = new WindowCounts(2);
        var many = SomePeople.Of(Enumerable.Range(1, 60_000));
        Assert.Equal([60_000, 60_000], counts.Of([many, null, many]));

        Assert.Equal([2, 1], counts.Of([SomePeople.Of([1]), SomePeople.Of([2]), null]));
        Assert.Equal([60_000, 60_001], counts.Of([null, many, SomePeople.Of([70_000])]));
        Assert.Equal([0, 0], counts.Of([null, new PersonSet(), null]));
    }

    // In how many sets of the window everybody is.
    static int[] Expected(int window, List<HashSet<int>?> sets)
    {
        var (expected, times) = (new List<int>(), new Dictionary<int, int>());
        for (var at = 0; at < sets.Count; at++)
        {
            foreach (var person in sets[at] ?? [])
                CollectionsMarshal.GetValueRefOrAddDefault(times, person, out _)++;
            foreach (var person in at >= window ? sets[at - window] ?? [] : [])
                if (--CollectionsMarshal.GetValueRefOrNullRef(times, person) == 0)
                    times.Remove(person);
            if (at >= window - 1)
                expected.Add(times.Count);
        }

        return [.. expected];
    }
}
