using System.Globalization;
using Analytics.Storage.Rollups;
using NodaTime;

namespace Analytics.Storage.Verification;

/// <summary>The calendar of the recount, by NodaTime alone: which place of the timeline a moment falls on, and a place in words.</summary>
static class Places
{
    /// <summary>People's and shares' keys hold their number above and the quarter hour in these lower bits.</summary>
    public const int QuarterBits = 24;
    const int QuartersPerDay = 96;
    static readonly LocalDate FirstDay = new(1999, 1, 1);

    public static int QuarterOf(long microseconds) =>
        (int)((microseconds - Timeline.Year2000 - Remainder(microseconds - Timeline.Year2000)) / Timeline.QuarterHour);

    public static Instant StartOf(int quarter) => Instant.FromUtc(2000, 1, 1, 0, 0) + Duration.FromMinutes(15L * quarter);

    public static int QuarterOf(Instant instant) => QuarterOf(instant.ToUnixTimeTicks() / 10);

    public static long MicrosecondsOf(LocalDate date) => date.AtMidnight().InUtc().ToInstant().ToUnixTimeTicks() / 10;

    /// <summary>The time a quarter hour starts at; those before 2000 and after all others are the beginning and the end of time.</summary>
    public static DateTime TimeOf(long quarter) => quarter switch
    {
        < 0 => DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Utc),
        > int.MaxValue => DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc),
        _ => StartOf((int)quarter).ToDateTimeUtc(),
    };

    /// <summary>The first quarter hour of the next day.</summary>
    public static int EndOfDay(int quarter) => (Math.DivRem(quarter, QuartersPerDay).Quotient + 1) * QuartersPerDay;

    /// <summary>A quarter hour with its hour and day: the places that are recounted from raw events.</summary>
    public static long[] FineKeys(int quarter)
    {
        var day = DayOf(DateIn(DateTimeZone.Utc, quarter));
        return [Timeline.Key(Level.Quarter, quarter), Timeline.Key(Level.Hour, quarter / 4), Timeline.Key(Level.Day, day)];
    }

    public static int DayOf(LocalDate date) => Period.DaysBetween(FirstDay, date);

    public static LocalDate DateOf(int day) => FirstDay.PlusDays(day);

    public static int MonthOf(LocalDate date) => (12 * (date.Year - 1999)) + date.Month - 1;

    public static LocalDate StartOfMonth(int month) => FirstDay.PlusMonths(month);

    public static LocalDate DateIn(DateTimeZone zone, int quarter) => StartOf(quarter).InZone(zone).Date;

    public static long PeopleKey(int person, int quarter) => ((long)person << QuarterBits) + quarter;

    /// <summary>A person's day is told from a local one by the highest bit under the person's number.</summary>
    public static long PersonDayKey(int person, LocalDate date, bool isLocal) =>
        PeopleKey(person, DayOf(date)) + (isLocal ? 1L << (QuarterBits - 1) : 0);

    public static int PersonOfKey(long key) => (int)(key >> QuarterBits);

    public static int QuarterOfPeopleKey(long key) => (int)(key % (1 << QuarterBits));

    public static string PeopleWords(long key) => $"person {key >> QuarterBits}, {QuarterWords(QuarterOfPeopleKey(key))}";

    public static string PersonDayWords(long key)
    {
        var (isLocal, day) = Math.DivRem(QuarterOfPeopleKey(key), 1 << (QuarterBits - 1));
        return $"person {PersonOfKey(key)}, {(isLocal == 1 ? "local day" : "day")} {Text(DateOf(day), "yyyy-MM-dd")}";
    }

    public static string ShareWords(long key) => $"share {key >> QuarterBits}, {QuarterWords(QuarterOfPeopleKey(key))}";

    public static string Words(long key) => (Timeline.LevelOf(key), Timeline.IndexOf(key)) switch
    {
        (Level.Quarter, var quarter) => QuarterWords(quarter),
        (Level.Hour, var hour) => $"hour {Text(StartOf(0) + Duration.FromHours(hour))}",
        (Level.Day, var day) => $"day {Text(DateOf(day), "yyyy-MM-dd")}",
        (Level.Month, var month) => $"month {Text(StartOfMonth(month), "yyyy-MM")}",
        (Level.LocalDay, var day) => $"local day {Text(DateOf(day), "yyyy-MM-dd")}",
        (Level.LocalMonth, var month) => $"local month {Text(StartOfMonth(month), "yyyy-MM")}",
        (Level.Ever, 0) => "all time",
        (var level, var index) => $"place {index} of level {(int)level}, which there is not",
    };

    static string QuarterWords(int quarter) => $"quarter hour {Text(StartOf(quarter))}";

    static string Text(Instant instant) => instant.ToString("uuuu-MM-dd'T'HH:mm'Z'", CultureInfo.InvariantCulture);

    static string Text(LocalDate date, string pattern) => date.ToString(pattern, CultureInfo.InvariantCulture);

    static long Remainder(long microseconds) =>
        ((microseconds % Timeline.QuarterHour) + Timeline.QuarterHour) % Timeline.QuarterHour;
}
