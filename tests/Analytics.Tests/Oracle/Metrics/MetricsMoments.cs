using NodaTime;

namespace Analytics.Tests.Oracle.Metrics;

/// <summary>Instants before now, most of them where calendars are hard.</summary>
static class MetricsMoments
{
    /// <summary>Days on which a zone changes its clocks, and ends of months and years.</summary>
    public static readonly LocalDate[] Days =
    [
        new(2025, 10, 26), new(2025, 10, 26), new(2025, 11, 2), new(2025, 12, 31), new(2026, 3, 1), new(2026, 3, 8),
        new(2026, 3, 29), new(2026, 3, 29), new(2026, 3, 31), new(2026, 6, 30), new(2026, 10, 25), new(2026, 11, 1),
    ];

    static readonly Duration Microsecond = Duration.FromTicks(10);

    public static Instant One(Random random, Instant now)
    {
        while (true)
        {
            var moment = random.Next(10) switch
            {
                0 => now - Microsecond * random.NextInt64(20_000_000),
                1 => now - Duration.FromMinutes(random.Next(5_000)),
                < 8 => OfDay(random, Days[random.Next(Days.Length)].PlusDays(random.Next(-1, 2))),
                _ => now - Microsecond * random.NextInt64(420L * 86_400_000_000),
            };
            if (moment < now)
                return moment;
        }
    }

    /// <summary>Something that has to do with an instant: as a rule after it, at times before, at once, or a moment beside.</summary>
    public static Instant Near(Random random, Instant at, Instant now)
    {
        var near = at + random.Next(12) switch
        {
            0 => Duration.Zero,
            1 => Microsecond,
            2 => -Microsecond,
            3 => Duration.FromMinutes(15 * random.Next(-12, 12)),
            4 => -Duration.FromHours(random.Next(1000)),
            < 9 => Duration.FromSeconds(random.Next(200_000)),
            _ => Microsecond * random.NextInt64(40L * 86_400_000_000),
        };
        return near < now ? near : at;
    }

    static Instant OfDay(Random random, LocalDate day)
    {
        var start = day.AtStartOfDayInZone(DateTimeZone.Utc).ToInstant();
        var quarter = start + Duration.FromMinutes(15 * random.Next(96));
        return random.Next(3) switch
        {
            0 => quarter,
            1 => quarter - Microsecond,
            _ => start + Microsecond * random.NextInt64(86_400_000_000),
        };
    }
}
