using NodaTime;

namespace Analytics.Tests.Oracle;

/// <summary>Instants and dates of 2026, most of them where calendars are hard.</summary>
static class RandomMoments
{
    public static readonly string[] Zones =
        ["UTC", "Europe/Paris", "Asia/Kathmandu", "America/St_Johns", "Asia/Beirut", "Australia/Lord_Howe"];

    /// <summary>The days on which one of the zones changes its clocks.</summary>
    static readonly LocalDate[] Switches =
    [
        new(2026, 3, 8), new(2026, 3, 29), new(2026, 4, 5), new(2026, 10, 4), new(2026, 10, 25), new(2026, 11, 1),
    ];

    /// <summary>Up to 2026-11-20: near a switch, on an edge of a bucket or a microsecond beside it, or anywhere.</summary>
    public static DateTimeOffset One(Random random)
    {
        var day = random.Next(3) == 0 ? new LocalDate(2026, 1, 1).PlusDays(random.Next(324)) : Switches[random.Next(Switches.Length)].PlusDays(random.Next(-2, 3));
        var start = day.AtStartOfDayInZone(DateTimeZone.Utc).ToDateTimeOffset();
        return random.Next(3) switch
        {
            0 => start.AddMinutes(15 * random.Next(96)),
            1 => start.AddMinutes(15 * random.Next(96)).AddMicroseconds(-1),
            _ => start.AddMicroseconds(random.NextInt64(86_400_000_000)),
        };
    }

    /// <summary>A range that suits an interval.</summary>
    public static (LocalDate First, LocalDate Last) Range(Random random, string interval)
    {
        var longest = interval switch { "hour" => 4, "day" => 40, "week" => 120, "month" => 300, _ => 400 };
        var days = random.Next(longest) + (interval == "hour" ? 0 : longest / 3);
        var near = Switches[random.Next(Switches.Length)].PlusDays(-random.Next(days + 1));
        var first = random.Next(2) == 0 || interval == "hour" ? near : new LocalDate(2025, 12, 20).PlusDays(random.Next(300));
        return (first, first.PlusDays(days));
    }
}
