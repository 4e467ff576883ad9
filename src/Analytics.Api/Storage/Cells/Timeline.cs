using Analytics.Time;
using NodaTime;
using Period = NodaTime.Period;

namespace Analytics.Storage.Cells;

/// <summary>
/// The slots of every grain. Minutes, quarter hours and hours are numbered from 2000-01-01 UTC; days and months from 1999-01-01, so
/// that no zone's first day is negative. One instance remembers the local days it has worked out: it is for one reader at a time.
/// </summary>
sealed class Timeline(DateTimeZone zone)
{
    public const long Year2000 = 946_684_800_000_000;
    public const long Minute = 60_000_000;
    public const long QuarterHour = 15 * Minute;
    public const long Day = QuartersPerDay * QuarterHour;
    public const int QuartersPerDay = 96;
    const int MinutesPerDay = 1_440;
    const int DaysOf1999 = 365;

    // 1999 began on a Friday: the first week is the one that began on the Monday before.
    const int DaysBefore1999 = 4;
    const int MaxLocalDays = 100_000;

    readonly Dictionary<int, int> localDays = [];

    public static Timeline Utc => new(DateTimeZone.Utc);

    /// <summary>The timeline with local days of an IANA zone (or alias); UTC for one that is unknown.</summary>
    public static Timeline Of(string zone) =>
        DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone) is { } known && known != DateTimeZone.Utc && known.Id is not "UTC" and not "Etc/UTC"
            ? new Timeline(known)
            : Utc;

    public DateTimeZone Zone { get; } = zone;

    /// <summary>Whether local days differ from those of UTC, and so are kept apart.</summary>
    public bool HasLocalGrains => Zone != DateTimeZone.Utc;

    /// <summary>Those of some grains that this zone needs.</summary>
    public Grains Needed(Grains grains) => HasLocalGrains ? grains : grains & ~Grains.Local;

    /// <summary>The quarter hour of a time in microseconds since 1970.</summary>
    public static int QuarterOf(long timestamp) => (int)Floor(timestamp - Year2000, QuarterHour);

    public static int QuarterOf(DateTimeOffset instant) => QuarterOf(Rfc3339.Microseconds(instant));

    public static Instant StartOf(int quarter) => Instant.FromUnixTimeSeconds(Year2000 / 1_000_000 + quarter * 900L);

    /// <summary>The slot of a section's grain (minute, quarter hour or day) that a time in microseconds since 1970 falls into.</summary>
    public static int SlotOf(Grain finest, long timestamp) => (int)Floor(timestamp - Year2000, LengthOf(finest)) + FirstOf(finest);

    /// <summary>When a slot of a section's grain starts, in microseconds since 1970.</summary>
    public static long StartOf(Grain finest, int slot) => Year2000 + (slot - FirstOf(finest)) * LengthOf(finest);

    /// <summary>The slot that a slot of a finer grain falls into.</summary>
    public int SlotOf(Grain grain, Grain finer, int slot) => grain == finer ? slot : grain switch
    {
        Grain.QuarterHour => (int)Floor(slot, 15),
        Grain.Hour => (int)Floor(slot, finer == Grain.Minute ? 60 : 4),
        Grain.SixHours => (int)Floor(slot, finer switch { Grain.Minute => 360, Grain.QuarterHour => 24, _ => 6 }),
        Grain.Day => finer switch
        {
            Grain.Minute => (int)Floor(slot, MinutesPerDay) + DaysOf1999,
            Grain.QuarterHour => DayOf(slot),
            _ => (int)Floor(slot, 24) + DaysOf1999,
        },
        Grain.Week => WeekOf(SlotOf(Grain.Day, finer, slot)),
        Grain.Month => MonthOf(SlotOf(Grain.Day, finer, slot)),
        Grain.LocalDay => LocalDayOf(SlotOf(Grain.QuarterHour, finer, slot)),
        Grain.LocalWeek => WeekOf(SlotOf(Grain.LocalDay, finer, slot)),
        Grain.LocalMonth => MonthOf(SlotOf(Grain.LocalDay, finer, slot)),
        _ => 0,
    };

    public static int DayOf(int quarter) => (int)Floor(quarter, QuartersPerDay) + DaysOf1999;

    public static int DayOf(LocalDate date) => Period.DaysBetween(new LocalDate(1999, 1, 1), date);

    public static int MonthOf(LocalDate date) => (date.Year - 1999) * 12 + date.Month - 1;

    static int WeekOf(int day) => (int)Floor(day + DaysBefore1999, 7);

    static int MonthOf(int day) => MonthOf(new LocalDate(1999, 1, 1).PlusDays(day));

    int LocalDayOf(int quarter)
    {
        if (!localDays.TryGetValue(quarter, out var day))
        {
            if (localDays.Count > MaxLocalDays)
                localDays.Clear();
            localDays.Add(quarter, day = DayOf(StartOf(quarter).InZone(Zone).Date));
        }

        return day;
    }

    static long LengthOf(Grain finest) => finest switch
    {
        Grain.Minute => Minute,
        Grain.QuarterHour => QuarterHour,
        _ => Day,
    };

    /// <summary>The slot that 2000-01-01 UTC begins.</summary>
    static int FirstOf(Grain finest) => finest == Grain.Day ? DaysOf1999 : 0;

    static long Floor(long value, long unit) => (value / unit) - (value % unit < 0 ? 1 : 0);
}
