using System.Globalization;
using Analytics.Time;

namespace Analytics.Tests.Time;

public sealed class Rfc3339Tests
{
    [Theory]
    [InlineData("2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z"), InlineData("2026-01-02t03:04:05z", "2026-01-02T03:04:05Z")]
    [InlineData("2026-01-02T03:04:05.1Z", "2026-01-02T03:04:05.100000Z"), InlineData("2026-01-02T03:04:05.123456789Z", "2026-01-02T03:04:05.123456Z")]
    [InlineData("2026-01-02T03:04:05.0000009Z", "2026-01-02T03:04:05Z"), InlineData("2026-01-02T03:04:05+05:45", "2026-01-01T21:19:05Z")]
    [InlineData("2026-01-02T03:04:05-00:00", "2026-01-02T03:04:05Z"), InlineData("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z")]
    [InlineData("2017-01-01T01:59:60+02:00", "2017-01-01T00:00:00Z"), InlineData("2024-02-29T00:00:00-23:59", "2024-02-29T23:59:00Z")]
    [InlineData("1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999Z"), InlineData("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z")]
    [InlineData("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z")]
    public void A_timestamp_is_read_to_the_microsecond(string text, string expected)
    {
        Assert.True(Rfc3339.TryParse(text, out var microseconds));
        Assert.Equal(expected, Rfc3339.Format(microseconds));
    }

    [Theory]
    [InlineData(""), InlineData("2026-01-02"), InlineData("2026-01-02T03:04:05"), InlineData("2026-01-02 03:04:05Z"), InlineData("2026-01-02T03:04Z")]
    [InlineData("2026-01-02T03:04:05.Z"), InlineData("2026-01-02T03:04:05,5Z"), InlineData("2026-01-02T03:04:05+0200"), InlineData("2026-01-02T03:04:05+02")]
    [InlineData("2026-13-02T03:04:05Z"), InlineData("2026-02-29T03:04:05Z"), InlineData("2026-01-00T03:04:05Z"), InlineData("2026-01-02T24:00:00Z")]
    [InlineData("2026-01-02T03:60:05Z"), InlineData("2026-01-02T03:04:60Z"), InlineData("2026-01-02T03:04:05+24:00"), InlineData("2026-01-02T03:04:05+02:60")]
    [InlineData("2026-01-02T03:04:05Z "), InlineData(" 2026-01-02T03:04:05Z"), InlineData("2026-01-02T03:04:05ZZ"), InlineData("2026-1-02T03:04:05.00Z")]
    [InlineData("0000-01-01T00:00:00Z"), InlineData("0001-01-01T00:00:00+01:00"), InlineData("9999-12-31T23:59:59-01:00"), InlineData("9999-12-31T23:59:60Z"), InlineData("12026-01-02T03:04:05Z")]
    [InlineData("2026-01-02T03:04:05\u0660Z"), InlineData("20260102T030405Z...."), InlineData("-026-01-02T03:04:05Z"), InlineData("1767323045000000000000")]
    public void Anything_else_is_refused(string text) => Assert.False(Rfc3339.TryParse(text, out _));

    [Fact]
    public void It_agrees_with_the_framework()
    {
        var random = new Random(81);
        for (var round = 0; round < 20_000; round++)
        {
            var instant = new DateTimeOffset(random.NextInt64(DateTime.MaxValue.Ticks / 100, DateTime.MaxValue.Ticks / 2), TimeSpan.Zero)
                .ToOffset(TimeSpan.FromMinutes(random.Next(-800, 800)));
            var text = instant.ToString("yyyy-MM-ddTHH:mm:ss.fffffffzzz", CultureInfo.InvariantCulture);
            Assert.True(Rfc3339.TryParse(text, out var microseconds));
            Assert.Equal(instant.UtcTicks / 10, Rfc3339.ToInstant(microseconds).UtcTicks / 10);
            Assert.Equal(microseconds, Rfc3339.Microseconds(instant));
            Assert.True(Rfc3339.TryParse(Rfc3339.Format(instant), out var again));
            Assert.Equal(microseconds, again);
        }
    }

    [Theory, InlineData("2026-02-28", true), InlineData("2026-02-29", false), InlineData("2026-2-28", false), InlineData("2026/02/28", false)]
    [InlineData("2026-02-28 ", false), InlineData(null, false), InlineData("0000-01-01", false), InlineData("２026-02-28", false)]
    public void A_date_is_a_date(string? text, bool valid) => Assert.Equal(valid, Rfc3339.TryParseDate(text, out _));
}
