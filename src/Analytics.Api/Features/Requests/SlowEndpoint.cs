using Analytics.Http;
using Analytics.Reading;
using Analytics.Storage.Cells;
using Analytics.Storage.Requests;

namespace Analytics.Features.Requests;

/// <summary>An endpoint with the distributions of its latencies at every hour of a range: at which hours of the day is it slow?</summary>
sealed class SlowEndpoint(SlowHours hours, SlowCounts counts)
{
    static readonly Int128 Slow = ExactNumber.Milliseconds(RequestFacts.SlowAbove).Units;

    readonly Dictionary<int, RequestTotals> places = [];

    /// <summary>What is added up at a place.</summary>
    public Cell CellOf(int place)
    {
        if (!places.TryGetValue(place, out var totals))
            places.Add(place, totals = new RequestTotals());
        return totals.Cell;
    }

    /// <summary>The hours that are slow again and again; the endpoint's name is left out.</summary>
    public IEnumerable<SlowPattern> Patterns() => counts.Hours().Select(PatternOf).OfType<SlowPattern>();

    SlowPattern? PatternOf(int hour)
    {
        int[] days = [.. counts.PlacesOf(hour)];
        int[] slow = [.. days.Where(IsSlow)];
        int? weekday = slow.Select(hours.WeekdayOf).Distinct().ToList() is [var only] ? only : null;
        if (weekday is not null)
            days = Array.FindAll(days, place => hours.WeekdayOf(place) == weekday);
        if (!SlowCounts.IsOften(slow.Length, days.Length))
            return null;
        var (p95, otherwise) = (P95Of(days), P95Of(places.Keys.Except(days)));
        return p95.Units > Slow && p95.Units >= 2 * otherwise.Units
            ? new("", hour, weekday, days.Length, slow.Length, p95, otherwise)
            : null;
    }

    bool IsSlow(int place) => counts.IsSlow(place) ?? P95Of([place]).Units > Slow;

    ExactNumber P95Of(IEnumerable<int> of) => RequestCells.Sum(of.Select(place => places[place])).Percentile(95);
}
