using System.Runtime.InteropServices;
using Analytics.Sketches;
using Analytics.Storage.Cells;
using Analytics.Storage.Requests;
using Analytics.Storage.Rollups;
using Analytics.Storage.Rollups.Reading;

namespace Analytics.Features.Requests;

/// <summary>An endpoint's UTC hour with enough requests to say something about it.</summary>
/// <param name="P95">Of its latencies, in units of 1e-12 ms.</param>
/// <param name="ServerErrorRate">In units of 1e-12 percent.</param>
readonly record struct EndpointHour(Int128 P95, Int128 ServerErrorRate)
{
    /// <summary>How many requests are enough.</summary>
    public const int Enough = 50;

    public static EndpointHour Of(RequestTotals totals) => new(
        totals.Percentile(95).Units,
        DecimalUnits.DivideRounded((Int128)totals.ServerErrors * 100 * DecimalUnits.One, totals.Count));
}

/// <summary>Endpoints' hours with enough requests, read from cells when they are asked for and kept from then on.</summary>
/// <param name="snapshot">What is read.</param>
/// <param name="endpoints">A few endpoints, which are looked up one by one; null for all.</param>
sealed class EndpointHours(RollupSnapshot snapshot, int[]? endpoints)
{
    // So many hours' distributions are in memory at once.
    const int AtOnce = 24;

    /// <summary>The rollups a snapshot must have for it.</summary>
    public static readonly Rollup[] Rollups = [RequestRollups.Endpoints, RequestRollups.EndpointRequests];

    static readonly CellParts Parts = RequestCells.Parts(percentiles: true);

    readonly Dictionary<int, Dictionary<int, EndpointHour>> known = [];

    /// <summary>Reads those of some hours that are not known yet. Hours are numbered from 2000, as slots are.</summary>
    public async Task EnsureAsync(int from, int to, CancellationToken cancel)
    {
        while (from < to)
        {
            var end = from;
            while (end < to && end - from < AtOnce && !known.ContainsKey(end))
                end++;
            if (end > from)
                await ReadAsync(from, end, cancel);
            from = Math.Max(end, from + 1);
        }
    }

    /// <summary>The endpoints of an hour, by their number.</summary>
    public IReadOnlyDictionary<int, EndpointHour> At(int hour) => known[hour];

    /// <summary>Those of some hours in which an endpoint has enough requests; all are known.</summary>
    public IEnumerable<EndpointHour> Of(int endpoint, IEnumerable<int> hours)
    {
        foreach (var hour in hours)
            if (known[hour].TryGetValue(endpoint, out var found))
                yield return found;
    }

    public void ForgetBefore(int hour)
    {
        foreach (var old in known.Keys.Where(old => old < hour).ToList())
            known.Remove(old);
    }

    // Most hours of most endpoints have too few requests: these are counted before any distribution is read.
    async Task ReadAsync(int from, int to, CancellationToken cancel)
    {
        var counts = new Dictionary<(int Hour, int Endpoint), long>();
        var parts = new OneCell<(int Hour, int Endpoint)>((at, cell) =>
            CollectionsMarshal.GetValueRefOrAddDefault(counts, at, out _) += (long)cell[RequestFacts.Requests]);
        await ReadAsync(from, to, CellParts.Sums, (hour, endpoint) => parts.For((hour, endpoint)), cancel);
        parts.End();
        for (var hour = from; hour < to; hour++)
            known.Add(hour, []);
        var totals = counts.Where(count => count.Value >= EndpointHour.Enough).ToDictionary(count => count.Key, _ => new RequestTotals());
        if (totals.Count == 0)
            return;
        await ReadAsync(
            from, to, Parts, (hour, endpoint) => totals.TryGetValue((hour, endpoint), out var total) ? total.Cell : null, cancel);
        foreach (var ((hour, endpoint), total) in totals)
            known[hour].Add(endpoint, EndpointHour.Of(total));
    }

    Task ReadAsync(int from, int to, CellParts parts, Func<int, int, Cell?> route, CancellationToken cancel)
    {
        var cover = new SlotCover(snapshot.Timeline, Grain.Hour, from, to - 1);
        return endpoints is null
            ? snapshot.ReadAsync(RequestRollups.Endpoints, cover, null, parts, (hour, _, endpoint) => route(hour, endpoint), cancel)
            : snapshot.ReadAsync(
                RequestRollups.EndpointRequests, cover, endpoints, parts, (hour, endpoint, _) => route(hour, endpoint), cancel);
    }
}
