using System.Globalization;
using System.Numerics;
using System.Text;
using Analytics.Sketches;

namespace Analytics.Tests.Sketches;

public sealed class DecimalUnitsTests
{
    [Theory]
    [InlineData("18", "18"), InlineData("-1.5", "-1.5"), InlineData("0.0025", "0.0025"), InlineData("25e-4", "0.0025")]
    [InlineData("2.5E-3", "0.0025"), InlineData("1.50", "1.5"), InlineData("-0", "0"), InlineData("0e999999999999999", "0")]
    [InlineData("1E+3", "1000"), InlineData("0.000000000001", "0.000000000001"), InlineData("1e15", "1000000000000000")]
    [InlineData("-1000000000000000.000", "-1000000000000000"), InlineData("1.0000000000000000000000000000000000000000", "1")]
    [InlineData("999999999999999.999999999999", "999999999999999.999999999999")]
    [InlineData("10000000000000000000000000000000000000000e-40", "1"), InlineData("0.00000000000000000000000000000000000000001e41", "1")]
    public void A_number_is_read_exactly(string text, string expected)
    {
        Assert.True(DecimalUnits.TryParse(Encoding.UTF8.GetBytes(text), out var units));
        Assert.Equal(expected, DecimalUnits.Format(units));
    }

    [Theory]
    [InlineData(""), InlineData("-"), InlineData("+1"), InlineData(".5"), InlineData("1."), InlineData("01"), InlineData("-01")]
    [InlineData("1e"), InlineData("1e+"), InlineData("e5"), InlineData(" 1"), InlineData("1 "), InlineData("0x1"), InlineData("NaN")]
    [InlineData("1,5"), InlineData("1_000"), InlineData("1.2.3"), InlineData("1e5.0"), InlineData("--1"), InlineData("١")]
    [InlineData("1000000000000000.000000000001"), InlineData("1e16"), InlineData("1e999"), InlineData("1e-13"), InlineData("true")]
    [InlineData("0.0000000000001"), InlineData("1.1234567890123"), InlineData("1e99999999999999999999999"), InlineData("Infinity")]
    [InlineData("1e-99999999999999999999999"), InlineData("12345678901234567890123456789012345678901234567890")]
    public void What_cannot_be_summed_exactly_is_refused(string text) =>
        Assert.False(DecimalUnits.TryParse(Encoding.UTF8.GetBytes(text), out _));

    [Fact]
    public void Any_number_is_read_as_a_fraction_would_be()
    {
        var random = new Random(41);
        for (var round = 0; round < 50_000; round++)
        {
            var text = Number(random);
            var expected = ByFraction(text);
            Assert.Equal(expected is not null, DecimalUnits.TryParse(Encoding.UTF8.GetBytes(text), out var units));
            if (expected is not null)
                Assert.True(expected.Value == units, text);
        }
    }

    [Fact]
    public void What_is_written_is_read_back_and_agrees_with_decimal()
    {
        var random = new Random(42);
        for (var round = 0; round < 20_000; round++)
        {
            var units = (Int128)random.NextInt64() * random.NextInt64(100_000_000) / (Int128)Math.Pow(10, random.Next(27));
            units = random.Next(2) == 0 ? units : -units;
            var text = DecimalUnits.Format(units);
            Assert.True(DecimalUnits.TryParse(Encoding.UTF8.GetBytes(text), out var back));
            Assert.Equal(units, back);
            var expected = ((decimal)units / 1_000_000_000_000m).ToString("0.############", CultureInfo.InvariantCulture);
            Assert.Equal(expected, text);
        }
    }

    [Theory]
    [InlineData("999999999.999999999999", true), InlineData("-999999999.999999999999", true), InlineData("1e9", false)]
    [InlineData("-1000000000", false), InlineData("1e-12", true), InlineData("1e-13", false), InlineData("0", true)]
    public void An_amount_is_below_a_billion(string text, bool valid) =>
        Assert.Equal(valid, DecimalUnits.TryParseAmount(Encoding.UTF8.GetBytes(text), out _));

    [Fact]
    public void The_ends_of_the_range_are_written_too()
    {
        Assert.Equal("170141183460469231731687303.715884105727", DecimalUnits.Format(Int128.MaxValue));
        Assert.Equal("-170141183460469231731687303.715884105728", DecimalUnits.Format(Int128.MinValue));
    }

    [Theory]
    [InlineData(10, 4, 3), InlineData(-10, 4, -3), InlineData(10, 3, 3), InlineData(11, 3, 4), InlineData(-11, 3, -4), InlineData(7, 0, 0)]
    [InlineData(1, 2, 1), InlineData(-1, 2, -1), InlineData(0, 5, 0)]
    public void A_quotient_is_rounded_half_away_from_zero(long sum, long count, long expected) =>
        Assert.Equal(expected, DecimalUnits.Divide(sum, count));

    [Fact]
    public void A_ratio_never_overflows_on_the_way()
    {
        var random = new Random(43);
        for (var round = 0; round < 20_000; round++)
        {
            var whole = SomeValues.Next(random, SomeValues.Shapes[random.Next(SomeValues.Shapes.Length)]);
            var part = whole / random.Next(1, 50) + random.Next(-3, 4);
            if (whole == 0)
                continue;
            var numerator = (BigInteger)part * 1_000_000_000_000 * (whole < 0 ? -1 : 1);
            var (quotient, rest) = BigInteger.DivRem(BigInteger.Abs(numerator), BigInteger.Abs(whole));
            if (rest * 2 >= BigInteger.Abs(whole))
                quotient++;
            Assert.Equal(quotient * numerator.Sign, DecimalUnits.Ratio(part, whole));
        }
        Assert.Equal(0, DecimalUnits.Ratio(5, 0));
    }

    static string Number(Random random)
    {
        var text = new StringBuilder(random.Next(3) == 0 ? "-" : "");
        text.Append(random.Next(3) == 0 ? "0" : $"{random.Next(1, 10)}{Digits(random, random.Next(18))}");
        if (random.Next(2) == 0)
            text.Append('.').Append(Digits(random, random.Next(1, 20)));
        if (random.Next(3) == 0)
            text.Append("eE"[random.Next(2)]).Append(new[] { "", "+", "-" }[random.Next(3)]).Append(random.Next(20));
        return text.ToString();
    }

    static string Digits(Random random, int count) =>
        string.Concat(Enumerable.Range(0, count).Select(_ => random.Next(2) == 0 ? 0 : random.Next(10)));

    static BigInteger? ByFraction(string text)
    {
        var parts = text.ToLowerInvariant().Split('e');
        var exponent = parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0;
        var point = parts[0].IndexOf('.', StringComparison.Ordinal);
        var decimals = point < 0 ? 0 : parts[0].Length - point - 1;
        var digits = BigInteger.Parse(parts[0].Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
        var numerator = digits * BigInteger.Pow(10, 12 + Math.Max(exponent, 0));
        var denominator = BigInteger.Pow(10, decimals + Math.Max(-exponent, 0));
        var (units, rest) = BigInteger.DivRem(numerator, denominator);
        return rest.IsZero && BigInteger.Abs(units) <= BigInteger.Pow(10, 27) ? units : null;
    }
}
