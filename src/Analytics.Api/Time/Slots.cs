namespace Analytics.Time;

/// <summary>
/// The numbers facts are kept by: quarter hours, hours and days of UTC counted from 2000-01-01, earlier ones below 0; and
/// microseconds since 1970-01-01, the grain of timestamps.
/// </summary>
static class Slots
{
    public const int PerHour = 4;
    public const int PerDay = 96;

    const long MicrosecondsPerSlot = 900_000_000;
    static readonly long Origin = ToMicroseconds(TimeRange.Earliest);

    public static int Of(long microseconds) => (int)Floor(microseconds - Origin, MicrosecondsPerSlot);

    public static int Of(DateTimeOffset instant) => Of(ToMicroseconds(instant));

    public static int HourOf(long microseconds) => (int)Floor(microseconds - Origin, PerHour * MicrosecondsPerSlot);

    public static int DayOf(long microseconds) => (int)Floor(microseconds - Origin, PerDay * MicrosecondsPerSlot);

    public static int HourOfSlot(int slot) => (int)Floor(slot, PerHour);

    public static int DayOfSlot(int slot) => (int)Floor(slot, PerDay);

    /// <summary>The first instant of a slot.</summary>
    public static DateTimeOffset StartOf(int slot) => FromMicroseconds(StartMicroseconds(slot));

    public static long StartMicroseconds(int slot) => Origin + (slot * MicrosecondsPerSlot);

    public static DateTimeOffset StartOfHour(int hour) => TimeRange.Earliest.AddHours(hour);

    public static DateTimeOffset StartOfDay(int day) => TimeRange.Earliest.AddDays(day);

    /// <summary>Whether the instant is where a slot starts, so that whole slots answer for what is before and after.</summary>
    public static bool IsStart(DateTimeOffset instant) => instant.UtcTicks % (TimeSpan.TicksPerMinute * 15) == 0;

    /// <summary>Microseconds since 1970-01-01 UTC; what is finer is cut off.</summary>
    public static long ToMicroseconds(DateTimeOffset instant) =>
        Floor(instant.UtcTicks - DateTimeOffset.UnixEpoch.Ticks, TimeSpan.TicksPerMicrosecond);

    public static DateTimeOffset FromMicroseconds(long microseconds) =>
        new(DateTimeOffset.UnixEpoch.Ticks + (microseconds * TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);

    internal static long Microseconds(DateOnly date) => ToMicroseconds(new(date, TimeOnly.MinValue, TimeSpan.Zero));

    static long Floor(long value, long unit) => (value / unit) - (value % unit < 0 ? 1 : 0);
}
