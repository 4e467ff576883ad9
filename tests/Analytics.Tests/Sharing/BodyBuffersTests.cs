using Analytics.Sharing;

namespace Analytics.Tests.Sharing;

/// <summary>The arrays that bodies are read into.</summary>
public sealed class BodyBuffersTests
{
    const int Megabyte = 1 << 20;

    [Theory]
    [InlineData(1, BodyBuffers.Block)]
    [InlineData(BodyBuffers.Block + 1, 2 * BodyBuffers.Block)]
    [InlineData(Megabyte / 2, Megabyte / 2)]
    [InlineData((Megabyte / 2) + 1, Megabyte)]
    [InlineData(Megabyte + 1, 2 * Megabyte)]
    [InlineData((10 * Megabyte) + 1, 11 * Megabyte)]
    public void An_array_is_a_block_a_power_of_two_or_whole_megabytes(int needed, int length) =>
        Assert.Equal(length, new BodyBuffers(0).Rent(needed).Length);

    [Fact]
    public void What_came_back_is_given_again_for_its_own_length_only()
    {
        var buffers = new BodyBuffers(8 * Megabyte);
        var array = buffers.Rent(3 * Megabyte);
        buffers.Return(array);
        Assert.NotSame(array, buffers.Rent(2 * Megabyte));
        Assert.Same(array, buffers.Rent((2 * Megabyte) + 1));
        Assert.NotSame(array, buffers.Rent(3 * Megabyte));
    }

    [Fact]
    public void No_more_is_kept_than_it_may_keep_and_what_came_last_stays()
    {
        var buffers = new BodyBuffers(4 * Megabyte);
        var arrays = Enumerable.Range(0, 10).Select(_ => buffers.Rent(Megabyte)).ToList();
        arrays.ForEach(buffers.Return);
        var again = Enumerable.Range(0, 10).Select(_ => buffers.Rent(Megabyte)).Where(arrays.Contains).ToList();
        Assert.InRange(again.Count, 1, 4);
        Assert.Same(arrays[^1], again[0]);
    }

    [Fact]
    public void What_is_larger_than_all_it_may_keep_is_not_kept()
    {
        var buffers = new BodyBuffers(4 * Megabyte);
        var array = buffers.Rent(5 * Megabyte);
        buffers.Return(array);
        Assert.NotSame(array, buffers.Rent(5 * Megabyte));
    }
}
