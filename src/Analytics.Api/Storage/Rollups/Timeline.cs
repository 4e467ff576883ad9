using NodaTime;

namespace Analytics.Storage.Rollups;

/// <summary>How finely a timeline cell cuts time.</summary>
enum Level : byte
{
    /// <summary>Serves every zone, :30 and :45 included.</summary>
    Quarter = 0,
    Hour = 1,
    Day = 2,
    Month = 3,

    /// <summary>Days and months of the workspace's own zone, when that is not UTC.</summary>
    LocalDay = 4,
    LocalMonth = 5,

    /// <summary>One cell a type, for all time.</summary>
    Ever = 6,
}

/// <summary>
/// Places in the timeline. Time is cut into quarter hours, numbered from 2000-01-01 UTC; coarser levels number their
/// hours from then too, their days and months from 1999-01-01, so that no zone's first day is negative.
/// </summary>
sealed class Timeline(DateTimeZone zone)
{
    public const long Year2000 = 946_684_800_000_000;
    public const long QuarterHour = 900_000_000;
    public const int QuartersPerDay = 96;
    const int DaysOf1999 = 365;
    const int IndexBits = 40;

    readonly Dictionary<int, int> localDays = [];

    public static Timeline Utc { get; } = new(DateTimeZone.Utc);

    /// <summary>The timeline with local days of an IANA zone (or alias); UTC for one that is unknown.</summary>
    public static Timeline Of(string zone) =>
        DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone) is { } known && known != DateTimeZone.Utc && known.Id is not "UTC" and not "Etc/UTC"
            ? new Timeline(known)
            : Utc;

    public DateTimeZone Zone { get; } = zone;

    /// <summary>The quarter hour of a time in microseconds since 1970.</summary>
    public static int QuarterOf(long timestamp) => (int)Math.Floor((timestamp - Year2000) / (double)QuarterHour);

    public static int QuarterOf(DateTimeOffset instant) => QuarterOf((instant.UtcTicks - DateTime.UnixEpoch.Ticks) / 10);

    public static Instant StartOf(int quarter) => Instant.FromUnixTimeSeconds(Year2000 / 1_000_000 + quarter * 900L);

    /// <summary>The levels below are made from their finer level, so each fact is folded once.</summary>
    public static Level? FinerOf(Level level) => level switch
    {
        Level.Quarter => null,
        Level.Hour => Level.Quarter,
        Level.Day => Level.Hour,
        Level.Month => Level.Day,
        Level.LocalDay => Level.Quarter,
        Level.LocalMonth => Level.LocalDay,
        _ => Level.Month,
    };

    public static long Key(Level level, int index) => ((long)level << IndexBits) | (uint)index;

    public static Level LevelOf(long key) => (Level)(key >> IndexBits);

    public static int IndexOf(long key) => (int)(key & 0xFFFF_FFFF);

    public bool HasLocalLevels => Zone != DateTimeZone.Utc;

    public IEnumerable<Level> Levels => HasLocalLevels
        ? [Level.Quarter, Level.Hour, Level.Day, Level.Month, Level.LocalDay, Level.LocalMonth, Level.Ever]
        : [Level.Quarter, Level.Hour, Level.Day, Level.Month, Level.Ever];

    /// <summary>Where a quarter hour falls on a level.</summary>
    public int IndexOf(Level level, int quarter) => level switch
    {
        Level.Quarter => quarter,
        Level.Hour => quarter >> 2,
        Level.Day => DayOf(quarter),
        Level.Month => MonthOf(DayOf(quarter)),
        Level.LocalDay => LocalDayOf(quarter),
        Level.LocalMonth => MonthOf(LocalDayOf(quarter)),
        _ => 0,
    };

    /// <summary>Where a place on <paramref name="level"/>'s finer level falls on it.</summary>
    public int IndexFromFiner(Level level, int finer) => level switch
    {
        Level.Hour => finer >> 2,
        Level.Day => finer / 24 + DaysOf1999,
        Level.Month or Level.LocalMonth => MonthOf(finer),
        Level.LocalDay => LocalDayOf(finer),
        _ => 0,
    };

    public static int DayOf(int quarter) => quarter / QuartersPerDay + DaysOf1999;

    public static int DayOf(LocalDate date) => Period.DaysBetween(new LocalDate(1999, 1, 1), date);

    public static int MonthOf(LocalDate date) => (date.Year - 1999) * 12 + date.Month - 1;

    static int MonthOf(int day) => MonthOf(new LocalDate(1999, 1, 1).PlusDays(day));

    int LocalDayOf(int quarter)
    {
        if (!localDays.TryGetValue(quarter, out var day))
        {
            if (localDays.Count > 100_000)
                localDays.Clear();
            localDays.Add(quarter, day = DayOf(StartOf(quarter).InZone(Zone).Date));
        }

        return day;
    }
}
