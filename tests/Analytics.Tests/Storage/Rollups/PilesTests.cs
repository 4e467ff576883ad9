using Analytics.Storage.Cells;
using Analytics.Storage.Rollups.Runs;

namespace Analytics.Tests.Storage.Rollups;

public sealed class PilesTests
{
    [Fact]
    public void The_smallest_size_that_is_full_is_merged_first()
    {
        var runs = new[] { 2, 1, 1, 2, 1, 2, 2 }.Select((tier, at) => Of(at, tier, 100)).ToList();
        Assert.Equal([0, 3, 5, 6], Piles.Full(runs).Select(run => run.Number));
        runs.Add(Of(7, 1, 100));
        Assert.Equal([1, 2, 4, 7], Piles.Full(runs).Select(run => run.Number));
        Assert.Empty(Piles.Full([]));
    }

    [Theory]
    [InlineData(4, new[] { 1_000, 10, 20 }, 2)]
    [InlineData(4, new[] { 100, 10, 20 }, 3)]
    [InlineData(4, new[] { 1_000, 10 }, 0)]
    [InlineData(64, new[] { 600, 10 }, 2)]
    [InlineData(4, new[] { 10 }, 0)]
    [InlineData(0, new[] { 10, 10, 10 }, 0)]
    public void Small_ones_are_merged_with_what_is_not_much_larger_than_all_of_them(int times, int[] sizes, int merged)
    {
        var small = Piles.Small([.. sizes.Select((bytes, at) => Of(at, 1, bytes))], times);
        Assert.Equal(sizes.Order().Take(merged).Select(bytes => (long)bytes), small.Select(run => run.Bytes));
    }

    static Run Of(long number, int tier, long bytes) => new(number, (short)tier, number, number, bytes, Grains.None);
}
