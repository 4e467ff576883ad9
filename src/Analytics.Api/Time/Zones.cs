using System.Collections.Frozen;
using NodaTime;

namespace Analytics.Time;

/// <summary>Time zones by IANA name, legacy aliases included, from rules that are the same on every machine.</summary>
static class Zones
{
    // Names only: the provider itself would also take "UTC+03:00", which is no zone.
    static readonly FrozenSet<string> Names = DateTimeZoneProviders.Tzdb.Ids.ToFrozenSet(StringComparer.Ordinal);

    public static Zone Utc { get; } = new("UTC", DateTimeZone.Utc);

    /// <summary>The zone; UTC, and a problem told, when there is none of that name.</summary>
    public static Zone Find(string name, ICollection<TimeProblem> problems, string parameter = "timezone")
    {
        if (!TryFind(name, out var zone))
            problems.Add(new(parameter, "unknown_timezone", $"'{name}' is no IANA time zone."));
        return zone;
    }

    /// <summary>Finds a zone, which keeps the name it was asked for: <c>Europe/Kiev</c> stays <c>Europe/Kiev</c>.</summary>
    public static bool TryFind(string? name, out Zone zone)
    {
        zone = Utc;
        if (name is null || !Names.Contains(name))
            return false;
        if (name != Utc.Name)
            zone = new Zone(name, DateTimeZoneProviders.Tzdb[name]);
        return true;
    }
}
