using System.Collections.Frozen;
using NodaTime;
using NodaTime.TimeZones;

namespace Analytics.Time;

/// <summary>
/// A time zone and its calendar. Days and hours start on quarter hours of UTC, the grain of everything that is kept by
/// time; where a zone's rules are off it (before 1972, and switches at 00:01) they start at the quarter before.
/// </summary>
sealed record Zone(string Name, DateTimeZone Rules)
{
    static readonly ZoneLocalMappingResolver FirstOrNext =
        Resolvers.CreateMappingResolver(Resolvers.ReturnEarlier, Resolvers.ReturnStartOfIntervalAfter);

    static readonly long Quarter = Duration.FromMinutes(15).BclCompatibleTicks;
    static readonly long Hour = Duration.FromHours(1).BclCompatibleTicks;

    /// <summary>The first instant of a date: not always 00:00, for zones that switch at midnight. A date that was
    /// skipped altogether (Pacific/Apia, 2011-12-30) starts, and ends, where the next does.</summary>
    public DateTimeOffset StartOf(DateOnly date) => OnQuarter(FirstInstant(LocalDate.FromDateOnly(date))).ToDateTimeOffset();

    /// <summary>The date whose bucket holds an instant: what the clocks show, but for quarter hours in which that changes.</summary>
    public DateOnly DayOf(DateTimeOffset instant)
    {
        var date = DateOf(instant);
        if (instant < StartOf(date))
            return date.AddDays(-1);
        return instant < StartOf(date.AddDays(1)) ? date : date.AddDays(1);
    }

    public DateOnly DateOf(DateTimeOffset instant) => DateOnly.FromDateTime(LocalOf(instant));

    /// <summary>What the clocks of the zone show.</summary>
    public DateTime LocalOf(DateTimeOffset instant) => instant.UtcDateTime + OffsetAt(instant);

    public TimeSpan OffsetAt(DateTimeOffset instant) => Rules.GetUtcOffset(Instant.FromDateTimeOffset(instant)).ToTimeSpan();

    /// <summary>The instant at which the clocks show this; the first of two, and past a gap as far as it was in it.</summary>
    public DateTimeOffset InstantOf(DateTime local) => local.TimeOfDay == TimeSpan.Zero
        ? StartOf(DateOnly.FromDateTime(local))
        : LocalDateTime.FromDateTime(DateTime.SpecifyKind(local, DateTimeKind.Unspecified))
            .InZoneLeniently(Rules).ToInstant().ToDateTimeOffset();

    /// <summary>The first instant at which the clocks show this; where they skip it, the first after they did.</summary>
    public DateTimeOffset FirstInstantOf(DateTime local) =>
        Rules.ResolveLocal(LocalDateTime.FromDateTime(local), FirstOrNext).ToInstant().ToDateTimeOffset();

    /// <summary>
    /// Where hours start, ascending, from the one that holds <paramref name="from"/> to the first not before
    /// <paramref name="to"/>. An hour starts when the clocks show a full hour and when they are changed: a day has 23 or
    /// 25 hours then, and where they are changed by half an hour (Australia/Lord_Howe) one hour that lasts 30 minutes.
    /// </summary>
    internal IEnumerable<DateTimeOffset> Hours(DateTimeOffset from, DateTimeOffset to)
    {
        var last = Instant.FromDateTimeOffset(from) - Duration.FromHours(2);
        var end = Instant.FromDateTimeOffset(to) + Duration.FromHours(2);
        Offset? offset = null;
        foreach (var rules in Rules.GetZoneIntervals(last, end))
        {
            var start = rules.HasStart && rules.Start > last ? rules.Start : last;
            var changed = offset is not null && offset != rules.WallOffset;
            var hour = changed ? start : NextHour(start, rules.WallOffset, 0);
            for (; hour < Until(rules, end); hour = NextHour(hour, rules.WallOffset, 1))
            {
                if (OnQuarter(hour) is var boundary && boundary > last)
                    yield return (last = boundary).ToDateTimeOffset();
            }
            offset = rules.WallOffset;
        }
    }

    static Instant Until(ZoneInterval rules, Instant end) => rules.HasEnd && rules.End < end ? rules.End : end;

    /// <summary>The next full local hour at least so many ticks on.</summary>
    static Instant NextHour(Instant instant, Offset offset, long ticks)
    {
        var local = instant.ToUnixTimeTicks() + offset.Ticks + ticks;
        return Instant.FromUnixTimeTicks(local + Remainder(-local, Hour) - offset.Ticks);
    }

    Instant FirstInstant(LocalDate date)
    {
        var found = Rules.MapLocal(date.AtMidnight());
        if (found.Count == 0)
            return found.EarlyInterval.End;
        var first = found.First().ToInstant();
        if (found.Count == 1)
            return first;
        // Clocks set back from 00:01 to 23:01 show the new date for a minute only: it starts an hour later.
        var change = found.EarlyInterval.End;
        return found.LateInterval.IsoLocalStart.Date < date && OnQuarter(change) == OnQuarter(first) ? found.Last().ToInstant() : first;
    }

    static Instant OnQuarter(Instant instant)
    {
        var ticks = instant.ToUnixTimeTicks();
        return Instant.FromUnixTimeTicks(ticks - Remainder(ticks, Quarter));
    }

    static long Remainder(long ticks, long unit) => ((ticks % unit) + unit) % unit;
}

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
