using NodaTime;

namespace Analytics.Tests.Oracle.Requests;

/// <summary>
/// An hour of the day at which an endpoint is slow again and again. <see cref="IsCertain"/> unless what percentiles may be off decides
/// whether it is told, or of which days.
/// </summary>
sealed record SlowPattern(
    string Endpoint, int Hour, int? Weekday, int Days, int SlowDays, Estimate P95, Estimate P95Otherwise, bool IsCertain)
{
    const long Slow = 1_000 * Estimate.OfMillisecond;
    const int Least = 3;

    /// <summary>Those of an endpoint, in a zone's days and hours.</summary>
    public static IEnumerable<SlowPattern> Of(string endpoint, IEnumerable<SeenRequest> all, string zone)
    {
        var requests = all.Where(request => request.Told.IsMeasured).ToList();
        var exact = requests.Count <= Estimate.ExactValues;
        return requests.Select(request => (Request: request, At: request.At.InZone(DateTimeZoneProviders.Tzdb[zone])))
            .GroupBy(one => (one.At.Hour, one.At.Date), one => one.Request)
            .GroupBy(part => part.Key.Hour)
            .Select(hour => OfHour(endpoint, hour.Key, [.. hour], requests, exact)).OfType<SlowPattern>();
    }

    static SlowPattern? OfHour(
        string endpoint, int hour, List<IGrouping<(int Hour, LocalDate Date), SeenRequest>> days, List<SeenRequest> all, bool exact)
    {
        var slowness = days.ToDictionary(day => day.Key.Date, day => P95Of(day, exact).IsOver(Slow));
        var isCertain = !slowness.ContainsValue(null);
        var slow = slowness.Where(day => day.Value == true).Select(day => day.Key).ToList();
        if (isCertain && slow.Count < Least)
            return null;
        int? weekday = slow.Select(day => (int)day.DayOfWeek).Distinct().ToList() is [var only] ? only : null;
        var counting = days.FindAll(day => weekday is null || (int)day.Key.Date.DayOfWeek == weekday);
        if (isCertain && slow.Count * 2 < counting.Count)
            return null;
        var inside = counting.SelectMany(day => day).ToHashSet();
        var (p95, otherwise) = (P95Of(inside, exact), P95Of(all.Where(request => !inside.Contains(request)), exact));
        var isTold = And(p95.IsOver(Slow), IsTwice(p95, otherwise));
        return isCertain && isTold == false ? null
            : new(endpoint, hour, weekday, counting.Count, slow.Count, p95, otherwise, isCertain && isTold == true);
    }

    static Estimate P95Of(IEnumerable<SeenRequest> requests, bool exact) => Estimate.Of(new Counted(requests).Latencies, 95, exact);

    static bool? IsTwice(Estimate one, Estimate other) => one.Low >= 2 * other.High ? true : one.High < 2 * other.Low ? false : null;

    static bool? And(bool? one, bool? other) => one == false || other == false ? false : one == true && other == true ? true : null;
}
