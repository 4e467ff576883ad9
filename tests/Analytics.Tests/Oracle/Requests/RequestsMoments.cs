using NodaTime;

namespace Analytics.Tests.Oracle.Requests;

/// <summary>Instants about now and before, most of them on days on which zones change their clocks.</summary>
static class RequestsMoments
{
    /// <summary>Long before now, with a change in Europe/Paris and one at midnight in Asia/Beirut.</summary>
    public static readonly LocalDate[] Switches = [new(2026, 3, 29), new(2026, 10, 25)];

    static readonly Duration Microsecond = Duration.FromTicks(10);

    public static Instant One(Random random, Instant now) => random.Next(20) switch
    {
        0 => now - Microsecond * random.NextInt64(1, 150_000_000),
        1 => now + Microsecond * random.NextInt64(1, 250_000_000),
        < 4 => now - Microsecond * random.NextInt64(1, 50L * 3_600_000_000),
        < 8 => now - Microsecond * random.NextInt64(1, 40L * 86_400_000_000),
        < 9 => now - Microsecond * random.NextInt64(1, 400L * 86_400_000_000),
        _ => OfDay(random, Switches[random.Next(Switches.Length)].PlusDays(random.Next(-4, 5))),
    };

    static Instant OfDay(Random random, LocalDate day)
    {
        var start = day.AtStartOfDayInZone(DateTimeZone.Utc).ToInstant();
        var minute = start + Duration.FromMinutes(random.Next(4) == 0 ? 15 * random.Next(96) : random.Next(1440));
        return random.Next(5) switch
        {
            0 => minute,
            1 => minute - Microsecond,
            _ => start + Microsecond * random.NextInt64(86_400_000_000),
        };
    }
}
