using System.Numerics;
using Analytics.Sketches;

namespace Analytics.Tests.Sketches;

public sealed class PercentilesTests
{
    public static TheoryData<string> Shapes => [.. SomeValues.Shapes];

    [Theory, InlineData(10, "19.5"), InlineData(50, "37.5"), InlineData(90, "55.5"), InlineData(95, "57.75"), InlineData(99, "59.55")]
    [InlineData(0, "15"), InlineData(100, "60")]
    public void Four_roots_give_the_contracts_figures(int percent, string expected)
    {
        var bag = SomeValues.Bag(new[] { 60, 15, 45, 30 }.Select(cents => cents * DecimalUnits.One));
        Assert.Equal(expected, DecimalUnits.Format(Percentiles.Of(bag, 0, percent)));
    }

    [Fact]
    public void Nothing_gives_nothing()
    {
        Assert.Equal(0, Percentiles.Of(new ValueBag(), 0, 50));
        Assert.Equal(0, Percentiles.Of(new ValueBag(), 3, 50));
    }

    [Fact]
    public void Halves_are_rounded_away_from_zero()
    {
        Assert.Equal(2, Percentiles.Of(SomeValues.Bag([1, 2]), 0, 50));
        Assert.Equal(-2, Percentiles.Of(SomeValues.Bag([-1, -2]), 0, 50));
        Assert.Equal(-1, Percentiles.Of(SomeValues.Bag([-1]), 1, 50));
    }

    [Theory, MemberData(nameof(Shapes))]
    public void An_exact_bag_answers_exactly(string shape)
    {
        var random = new Random(31);
        for (var round = 0; round < 100; round++)
        {
            var (bag, sorted, zeros) = Some(random, shape, random.Next(0, 101));
            bag.Compact();
            Assert.False(bag.IsBinned);
            foreach (var (p, outOf) in Asked(random))
                Assert.Equal(SomeValues.PercentileOf(sorted, p, outOf).Answer, Percentiles.Of(bag, zeros, p, outOf));
        }
    }

    [Theory, MemberData(nameof(Shapes))]
    public void Bins_answer_within_one_percent(string shape)
    {
        var random = new Random(32);
        for (var round = 0; round < 60; round++)
        {
            var (bag, sorted, zeros) = Some(random, shape, random.Next(101, 1500));
            bag.Compact();
            Assert.True(bag.IsBinned);
            foreach (var (p, outOf) in Asked(random))
            {
                var (answer, larger) = SomeValues.PercentileOf(sorted, p, outOf);
                var error = BigInteger.Abs((BigInteger)Percentiles.Of(bag, zeros, p, outOf) - answer);
                Assert.True(error * 100 <= larger, $"{shape} p{p}/{outOf}: off by {error} of {answer}");
            }
        }
    }

    [Theory, MemberData(nameof(Shapes))]
    public void Several_percentiles_in_one_walk_are_those_asked_one_by_one(string shape)
    {
        var random = new Random(33);
        for (var round = 0; round < 60; round++)
        {
            var (bag, _, zeros) = Some(random, shape, random.Next(0, 300));
            bag.Compact();
            int[] asked = [.. Enumerable.Range(0, random.Next(1, 8)).Select(_ => random.Next(101)).Order()];
            var answers = new Int128[asked.Length];
            Percentiles.Of(bag, zeros, asked, answers);
            Assert.Equal(asked.Select(p => Percentiles.Of(bag, zeros, p)), answers);
        }
    }

    static (ValueBag Bag, List<Int128> Sorted, int Zeros) Some(Random random, string shape, int count)
    {
        var values = SomeValues.Many(random, shape, count);
        var zeros = random.Next(3) == 0 ? random.Next(count + 1) : 0;
        if (count == 0)
            zeros++;
        List<Int128> sorted = [.. values.Concat(Enumerable.Repeat((Int128)0, zeros)).Order()];
        return (SomeValues.Bag(values), sorted, zeros);
    }

    static IEnumerable<(int P, int OutOf)> Asked(Random random) =>
        [(0, 100), (10, 100), (50, 100), (90, 100), (95, 100), (99, 100), (999, 1000), (1, 1), (random.Next(1001), 1000), (1, 3)];
}
