using Analytics.Storage.Cells;
using NodaTime;

namespace Analytics.Storage.Verification;

/// <summary>
/// The calendar of the recount, by NodaTime and in arithmetic of its own: which slot of a grain a time falls into, when slots start,
/// and slots in words. Times are microseconds since 1970; the lowest and the highest are the beginning and the end of time.
/// </summary>
sealed class SlotCalendar(DateTimeZone zone)
{
    /// <summary>No grain has so many slots.</summary>
    public const int EndOfSlots = 1 << 28;
    public const long Day = 86_400_000_000;
    public const long Year2000 = 946_684_800_000_000;

    /// <summary>What is said to be later than this does not happen.</summary>
    public static readonly long EndOfTime = Microseconds(new LocalDate(2400, 1, 1));

    static readonly LocalDate FirstDay = new(1999, 1, 1);
    static readonly LocalDate FirstMonday = FirstDay.Previous(IsoDayOfWeek.Monday);
    static readonly SlotCalendar Utc = new(DateTimeZone.Utc);
    static readonly Dictionary<Grain, long> Lengths =
        new() { [Grain.Minute] = Day / 1_440, [Grain.QuarterHour] = Day / 96, [Grain.Hour] = Day / 24, [Grain.SixHours] = Day / 4 };

    /// <summary>The calendar whose local days are those of an IANA zone.</summary>
    public static SlotCalendar Of(string name) => new(DateTimeZoneProviders.Tzdb.GetZoneOrNull(name) ?? DateTimeZone.Utc);

    /// <summary>Whether local days differ from those of UTC, and so are kept apart.</summary>
    public bool HasLocalGrains => zone != DateTimeZone.Utc && zone.Id is not ("UTC" or "Etc/UTC");

    public int SlotOf(Grain grain, long time)
    {
        if (time is long.MinValue or long.MaxValue)
            return time < 0 ? 0 : EndOfSlots;
        return grain switch
        {
            Grain.Minute or Grain.QuarterHour or Grain.Hour or Grain.SixHours => Quotient(time - Year2000, Lengths[grain]),
            Grain.Day => DayOf(DateIn(DateTimeZone.Utc, time)),
            Grain.Week => WeekOf(DateIn(DateTimeZone.Utc, time)),
            Grain.Month => MonthOf(DateIn(DateTimeZone.Utc, time)),
            Grain.LocalDay => DayOf(DateIn(zone, time)),
            Grain.LocalWeek => WeekOf(DateIn(zone, time)),
            Grain.LocalMonth => MonthOf(DateIn(zone, time)),
            _ => 0,
        };
    }

    /// <summary>The slot that one of a finer grain is a part of.</summary>
    public int SlotOf(Grain grain, Grain finer, int slot) => (grain, finer) switch
    {
        _ when grain == finer => slot,
        (Grain.LocalMonth, Grain.LocalDay) => MonthOf(DateOf(slot)),
        (Grain.LocalWeek, Grain.LocalDay) => WeekOf(DateOf(slot)),
        _ => SlotOf(grain, StartOf(finer, slot)),
    };

    /// <summary>When a slot starts; one of a local day, week or month as if the zone were UTC.</summary>
    public static long StartOf(Grain grain, int slot) => grain switch
    {
        Grain.Minute or Grain.QuarterHour or Grain.Hour or Grain.SixHours => Year2000 + (slot * Lengths[grain]),
        Grain.Day or Grain.LocalDay => Microseconds(DateOf(slot)),
        Grain.Week or Grain.LocalWeek => Microseconds(FirstMonday.PlusWeeks(slot)),
        Grain.Month or Grain.LocalMonth => Microseconds(FirstDay.PlusMonths(slot)),
        _ => long.MinValue,
    };

    static long Microseconds(LocalDate date) => date.AtMidnight().InUtc().ToInstant().ToUnixTimeTicks() / 10;

    /// <summary>When the day after the one of this time starts.</summary>
    public static long EndOfDay(long time) => Microseconds(DateIn(DateTimeZone.Utc, time).PlusDays(1));

    public static string Words(Grain grain, int slot) => grain switch
    {
        _ when slot > Utc.SlotOf(grain, EndOfTime) => $"slot {slot} of grain {grain}, which there is not",
        Grain.Minute => $"minute {Start(grain, slot):yyyy-MM-dd'T'HH':'mm'Z'}",
        Grain.QuarterHour => $"quarter hour {Start(grain, slot):yyyy-MM-dd'T'HH':'mm'Z'}",
        Grain.Hour => $"hour {Start(grain, slot):yyyy-MM-dd'T'HH':'mm'Z'}",
        Grain.SixHours => $"six hours of {Start(grain, slot):yyyy-MM-dd'T'HH':'mm'Z'}",
        Grain.Day => $"day {Start(grain, slot):yyyy-MM-dd}",
        Grain.Week => $"week of {Start(grain, slot):yyyy-MM-dd}",
        Grain.LocalWeek => $"local week of {Start(grain, slot):yyyy-MM-dd}",
        Grain.LocalDay => $"local day {Start(grain, slot):yyyy-MM-dd}",
        Grain.Month => $"month {Start(grain, slot):yyyy-MM}",
        Grain.LocalMonth => $"local month {Start(grain, slot):yyyy-MM}",
        _ => "all time",
    };

    static int Quotient(long time, long length) => (int)((time - (((time % length) + length) % length)) / length);

    static int DayOf(LocalDate date) => Period.DaysBetween(FirstDay, date);

    static int WeekOf(LocalDate date) => Period.DaysBetween(FirstMonday, date.PlusDays(1).Previous(IsoDayOfWeek.Monday)) / 7;

    static LocalDate DateOf(int day) => FirstDay.PlusDays(day);

    static int MonthOf(LocalDate date) => (12 * (date.Year - 1999)) + date.Month - 1;

    static LocalDate DateIn(DateTimeZone zone, long time) => Instant.FromUnixTimeTicks(time * 10).InZone(zone).Date;

    static DateTime Start(Grain grain, int slot) => Sql.TimeOf(StartOf(grain, slot));
}
