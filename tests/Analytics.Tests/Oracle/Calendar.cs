using System.Collections.Concurrent;
using NodaTime;

namespace Analytics.Tests.Oracle;

/// <summary>A calendar bucket as far as a range holds it.</summary>
sealed record CalendarBucket(Instant Start, Instant From, Instant To, Instant End)
{
    public bool IsPartial(Instant now) => From > Start || To < End || End > now;
}

/// <summary>Calendars by walking the clocks of a zone, a quarter of an hour at a time, and looking where their label changes.</summary>
static class Calendar
{
    static readonly Instant First = Instant.FromUtc(2023, 12, 20, 0, 0);
    static readonly Instant Last = Instant.FromUtc(2029, 1, 10, 0, 0);
    static readonly ConcurrentDictionary<(string Zone, string Interval), List<Instant>> Walks = new();

    public static List<CalendarBucket> Buckets(string zone, string interval, LocalDate first, LocalDate last) =>
        Buckets(zone, interval, StartOf(zone, first), StartOf(zone, last.PlusDays(1)));

    public static List<CalendarBucket> Buckets(string zone, string interval, Instant from, Instant to)
    {
        var starts = Starts(zone, interval);
        var buckets = new List<CalendarBucket>();
        for (var at = 0; at < starts.Count - 1; at++)
            if (starts[at] < to && starts[at + 1] > from)
                buckets.Add(new(starts[at], Instant.Max(starts[at], from), Instant.Min(starts[at + 1], to), starts[at + 1]));
        return buckets;
    }

    public static Instant StartOf(string zone, LocalDate date) => Starts(zone, "day").First(start => start.InZone(Zone(zone)).Date >= date);

    static List<Instant> Starts(string zone, string interval) =>
        Walks.GetOrAdd((zone, interval), _ => Walk(Zone(zone), interval));

    static DateTimeZone Zone(string zone) => DateTimeZoneProviders.Tzdb[zone];

    static List<Instant> Walk(DateTimeZone zone, string interval)
    {
        var starts = new List<Instant>();
        object? last = null;
        for (var quarter = First; quarter < Last; quarter += Duration.FromMinutes(15))
        {
            var label = Label(quarter.InZone(zone), interval);
            if (last is not null && !label.Equals(last))
                starts.Add(quarter);
            last = label;
        }
        return starts;
    }

    static object Label(ZonedDateTime local, string interval) => interval switch
    {
        "hour" => (local.Date, local.Hour, local.Offset),
        "day" => local.Date,
        "week" => local.Date.PlusDays(1 - (int)local.DayOfWeek),
        "month" => (local.Year, local.Month),
        "year" => local.Year,
        _ => throw new ArgumentOutOfRangeException(nameof(interval)),
    };
}
