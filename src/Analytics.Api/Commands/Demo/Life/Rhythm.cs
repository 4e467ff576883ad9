using Analytics.Time;

namespace Analytics.Commands.Demo.Life;

/// <summary>
/// When the demo's product is busy, where its clocks are. All of it follows from the day and from the day on which the workspace was
/// opened: whoever asks again, however much later, is told the same.
/// </summary>
sealed class Rhythm(DateOnly opened)
{
    public const string Timezone = "Europe/Berlin";

    const double GrowthOfThirtyDays = 1.12;
    const double MostGrowth = 2;
    const int DaysSinceLaunch = 24; // on the day of opening: the peak is in the last 30 days
    const int DaysBetweenLaunches = 56;

    static readonly Zone Zone = Zones.TryFind(Timezone, out var zone) ? zone : throw new InvalidOperationException($"No zone {Timezone}.");

    // Of an hour, as part of the busiest.
    static readonly double[] Hours =
    [
        0.03, 0.02, 0.02, 0.02, 0.02, 0.04, 0.08, 0.2, 0.45, 0.75, 1, 0.9, 0.55, 0.65, 1, 0.9, 0.7, 0.5, 0.3, 0.2, 0.16, 0.13, 0.09, 0.05,
    ];

    // A launch and the days after it.
    static readonly double[] Launch = [1.5, 1.9, 1.7, 1.4, 1.2, 1.1];

    public DateOnly Opened => opened;

    /// <summary>The day on which its clocks show an instant.</summary>
    public static DateOnly DayOf(DateTimeOffset instant) => Zone.DateOf(instant);

    /// <summary>When its clocks show an hour of a day.</summary>
    public static DateTimeOffset At(DateOnly day, double hour) => Zone.InstantOf(day.ToDateTime(TimeOnly.MinValue).AddHours((int)hour))
        .AddHours(hour - (int)hour);

    /// <summary>How busy an hour is, as part of the busiest.</summary>
    public static double Rush(int hour) => Hours[hour];

    /// <summary>Some hour of a day, more likely a busy one.</summary>
    public static double SomeHour(Random random)
    {
        var left = random.NextDouble() * Hours.Sum();
        var hour = 0;
        while (left > Hours[hour] && hour < 23)
            left -= Hours[hour++];
        return hour + random.NextDouble();
    }

    /// <summary>How busy a day is: the product grows, weekends are quiet, a launch brings many.</summary>
    public double Business(DateOnly day)
    {
        var sinceOpened = day.DayNumber - opened.DayNumber;
        var growth = Math.Min(MostGrowth, Math.Pow(GrowthOfThirtyDays, sinceOpened / 30.0));
        var week = day.DayOfWeek switch { DayOfWeek.Saturday => 0.3, DayOfWeek.Sunday => 0.24, DayOfWeek.Friday => 0.86, _ => 1 };
        return growth * week * (SinceLaunch(day) is var days && days < Launch.Length ? Launch[days] : 1);
    }

    public bool IsLaunch(DateOnly day) => SinceLaunch(day) == 0;

    /// <summary>
    /// Which of so many endpoints a day's release slows down, Tuesdays from 14:00 to 16:00: the first of them in the week before the
    /// workspace was opened. Each has weeks without until its turn comes again, or its baseline would be as slow.
    /// </summary>
    public int? Slowed(DateOnly day, int hour, int endpoints) => IsReleaseDay(day) && hour is (14 or 15)
        ? Cycle(-1 - (int)Math.Floor((day.DayNumber - opened.DayNumber) / 7.0), endpoints)
        : null;

    public static bool IsReleaseDay(DateOnly day) => day.DayOfWeek == DayOfWeek.Tuesday;

    /// <summary>The number within a cycle, which goes on before 0 too.</summary>
    public static int Cycle(int number, int length) => ((number % length) + length) % length;

    int SinceLaunch(DateOnly day) => Cycle(day.DayNumber - opened.DayNumber + DaysSinceLaunch, DaysBetweenLaunches);
}
