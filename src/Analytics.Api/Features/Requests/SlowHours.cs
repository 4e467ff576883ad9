using Analytics.Time;

namespace Analytics.Features.Requests;

/// <summary>The hours of a range as hours of days: the clocks of the zone may show one twice, which counts once.</summary>
sealed class SlowHours
{
    public const int PerDay = 24;
    readonly int[] places;
    readonly DayOfWeek first;

    public SlowHours(IReadOnlyList<Bucket> hours, Zone zone)
    {
        // By their ends: hours of long ago begin a little early, at a quarter hour of UTC.
        DateTime[] shown = [.. hours.Select(hour => zone.LocalOf(hour.End.AddTicks(-1)))];
        places = [.. shown.Select(local => ((local.Date - shown[0].Date).Days * PerDay) + local.Hour)];
        first = shown[0].DayOfWeek;
    }

    /// <summary>How many places there are: the range's days, 24 each.</summary>
    public int Count => (places[^1] / PerDay + 1) * PerDay;

    /// <summary>The place of an hour of the range: its day times 24, and the hour of the day.</summary>
    public int PlaceOf(int hour) => places[hour];

    /// <summary>1, Monday, to 7.</summary>
    public int WeekdayOf(int place) => (((int)first + 6 + (place / PerDay)) % 7) + 1;
}

/// <summary>
/// How many requests an endpoint had at which hours, and how many of them took more than a second: which says what no distribution has to
/// be read for.
/// </summary>
sealed class SlowCounts(SlowHours hours)
{
    const int LeastDays = 3;
    readonly Dictionary<int, (long All, long Slow)> places = [];

    public void Add(int place, long all, long slow)
    {
        var before = places.GetValueOrDefault(place);
        places[place] = (before.All + all, before.Slow + slow);
    }

    /// <summary>The places of an hour of the day that have requests.</summary>
    public IEnumerable<int> PlacesOf(int hour) => places
        .Where(place => place.Key % SlowHours.PerDay == hour && place.Value.All > 0).Select(place => place.Key).Order();

    /// <summary>Hours of the day that may be slow again and again.</summary>
    public IEnumerable<int> Hours()
    {
        var byHour = places.Where(place => place.Value.All > 0).ToLookup(place => place.Key % SlowHours.PerDay);
        return byHour
            .Where(hour => MayBeOften(hour) || hour.GroupBy(place => hours.WeekdayOf(place.Key)).Any(MayBeOften))
            .Select(hour => hour.Key);

        bool MayBeOften(IEnumerable<KeyValuePair<int, (long All, long Slow)>> days) =>
            IsOften(days.Count(place => IsPossible(place.Value)), days.Count());
    }

    /// <summary>Whether the p95 at a place is over a second; null when its distribution has to say.</summary>
    public bool? IsSlow(int place)
    {
        var (all, slow) = places[place];
        return !IsPossible((all, slow)) ? false : slow >= all - (95 * (all - 1) / 100) ? true : null;
    }

    /// <summary>Whether so many slow days of so many are told.</summary>
    public static bool IsOften(int slow, int days) => slow >= LeastDays && slow * 2 >= days;

    // The upper of the two values that a percentile lies between has to be slow.
    static bool IsPossible((long All, long Slow) place) =>
        place.Slow > 0 && place.Slow >= place.All - (((95 * (place.All - 1)) + 99) / 100);
}
