using System.Globalization;

namespace Analytics.Time;

/// <summary>A range told by its length, such as <c>24h</c>, <c>30d</c>, <c>4w</c> or <c>12m</c>, and the interval of its trend.</summary>
sealed record Period(TimeRange Range, Interval Trend)
{
    const int MaxYears = 3;
    const int MaxHours = 31 * 24;

    /// <summary>
    /// Hours roll up to now, the running minute included, with hourly trends; days and weeks are calendar days that end
    /// today, with daily ones; months are calendar months that end with this one, with monthly ones. At most three years, of
    /// hours 31 days.
    /// </summary>
    public static bool TryParse(string? text, Zone zone, DateTimeOffset now, out Period? period)
    {
        period = null;
        if (text is not { Length: >= 2 and <= 6 }
            || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            || length == 0)
        {
            return false;
        }
        period = (text[^1], length) switch
        {
            ('h', <= MaxHours) => new(LastHours(length, zone, now), Interval.Hour),
            ('d', <= MaxYears * 366) => new(TimeRange.LastDays(length, zone, now), Interval.Day),
            ('w', <= MaxYears * 366 / 7) => new(TimeRange.LastDays(7 * length, zone, now), Interval.Day),
            ('m', <= MaxYears * 12) => new(LastMonths(length, zone, now), Interval.Month),
            _ => null,
        };
        return period is not null;
    }

    static TimeRange LastHours(int hours, Zone zone, DateTimeOffset now)
    {
        var minute = TimeSpan.TicksPerMinute;
        var end = new DateTimeOffset(((now.UtcTicks / minute) + 1) * minute, TimeSpan.Zero);
        return new(end.AddHours(-hours), end, zone);
    }

    static TimeRange LastMonths(int months, Zone zone, DateTimeOffset now)
    {
        var today = zone.DateOf(now);
        var next = new DateOnly(today.Year, today.Month, 1).AddMonths(1);
        return new(zone.StartOf(next.AddMonths(-months)), zone.StartOf(next), zone);
    }
}
