using Analytics.Time;

namespace Analytics.Tests.Time;

/// <summary>Zones with everything that makes calendars hard, and a walk through their clocks to check against.</summary>
static class SomeZones
{
    public static readonly string[] Names =
    [
        "UTC", "Europe/Paris", "America/New_York", "America/St_Johns", "Asia/Kolkata", "Asia/Kathmandu", "Asia/Beirut",
        "Australia/Lord_Howe", "Pacific/Apia", "America/Sao_Paulo", "America/Havana", "Asia/Pyongyang", "America/Caracas",
        "Africa/Casablanca", "Asia/Gaza", "Antarctica/Troll",
    ];

    public static Zone Find(string name) => Zones.TryFind(name, out var zone) ? zone : throw new ArgumentException("There is no such zone.", nameof(name));

    public static DateTimeOffset Utc(string text) =>
        Rfc3339.TryParse(text, out var microseconds) ? Rfc3339.ToInstant(microseconds) : throw new ArgumentException("It is no instant.", nameof(text));

    /// <summary>Every instant from 1995 to 2031 at which the zone's clocks were changed.</summary>
    public static IEnumerable<DateTimeOffset> Changes(Zone zone) => zone.Rules
        .GetZoneIntervals(NodaTime.Instant.FromUtc(1995, 1, 1, 0, 0), NodaTime.Instant.FromUtc(2031, 1, 1, 0, 0))
        .Skip(1).Select(rules => rules.Start.ToDateTimeOffset());

    /// <summary>
    /// Walks minute by minute, gives each quarter hour the label that most of its minutes have, and answers where the
    /// label changes. Knows nothing of transitions.
    /// </summary>
    public static List<DateTimeOffset> Walk<TLabel>(Zone zone, DateTimeOffset from, DateTimeOffset to, Func<DateTime, TimeSpan, TLabel> label)
        where TLabel : notnull
    {
        var changes = new List<DateTimeOffset>();
        TLabel? last = default;
        for (var quarter = from; quarter < to; quarter += TimeSpan.FromMinutes(15))
        {
            var most = Enumerable.Range(0, 15).Select(minute => quarter.AddMinutes(minute)).Select(instant =>
            {
                var offset = zone.Rules.GetUtcOffset(NodaTime.Instant.FromDateTimeOffset(instant)).ToTimeSpan();
                return label(instant.UtcDateTime + offset, offset);
            }).CountBy(found => found).MaxBy(found => found.Value).Key;
            if (quarter > from && !most.Equals(last))
                changes.Add(quarter);
            last = most;
        }
        return changes;
    }
}
