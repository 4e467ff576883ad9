using System.Numerics;
using Analytics.Sketches;

namespace Analytics.Tests.Sketches;

public sealed class LogBinsTests
{
    [Fact]
    public void A_bins_value_is_within_the_promised_error_of_all_its_values()
    {
        var random = new Random(1);
        foreach (var value in Interesting().Concat(SomeValues.Shapes.SelectMany(shape => SomeValues.Many(random, shape, 5_000))))
        {
            var representative = LogBins.ValueOf(LogBins.Of(value));
            var error = BigInteger.Abs((BigInteger)representative - value);
            Assert.True(error * 10_000 <= BigInteger.Abs(value) * 81, $"{value} -> {representative}");
        }
    }

    [Fact]
    public void Bins_ascend_with_the_values()
    {
        var random = new Random(2);
        var values = SomeValues.Shapes.SelectMany(shape => SomeValues.Many(random, shape, 5_000)).Concat(Interesting()).Order().ToList();
        Assert.All(values.Zip(values.Skip(1)), pair => Assert.True(LogBins.Of(pair.First) <= LogBins.Of(pair.Second)));
    }

    [Fact]
    public void A_bins_value_lies_in_that_bin()
    {
        for (var bin = -LogBins.Of(Int128.MaxValue); bin <= LogBins.Of(Int128.MaxValue); bin++)
            Assert.Equal(bin, LogBins.Of(LogBins.ValueOf(bin)));
    }

    [Fact]
    public void Small_values_have_bins_of_their_own()
    {
        for (var value = -124; value <= 124; value++)
            Assert.Equal(value, LogBins.ValueOf(LogBins.Of(value)));
    }

    /// <summary>These numbers are stored: should they ever change, stored histograms mean something else.</summary>
    [Theory]
    [InlineData("0", 0), InlineData("1", 1), InlineData("125", 125), InlineData("2500000000", 1192)]
    [InlineData("-1000000000000", -1566), InlineData("170141183460469231731687303715884105727", 5341)]
    public void Bins_stay_what_they_are(string value, int bin) => Assert.Equal(bin, LogBins.Of(Int128.Parse(value)));

    static IEnumerable<Int128> Interesting()
    {
        for (var bit = 0; bit < 127; bit++)
        {
            for (var off = -3; off <= 3; off++)
            {
                if (((Int128)1 << bit) + off is var value && value != 0)
                {
                    yield return value;
                    yield return -value;
                }
            }
        }
        yield return Int128.MaxValue;
        yield return Int128.MinValue;
    }
}
