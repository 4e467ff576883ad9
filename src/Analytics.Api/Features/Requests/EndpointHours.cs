using System.Runtime.InteropServices;
using Analytics.Reading;
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
    // So many distributions are in memory at once, some kB each.
    const int AtOnce = 5_000;

    /// <summary>The rollups a snapshot must have for it.</summary>
    public static readonly Rollup[] Rollups = [RequestRollups.Endpoints, RequestRollups.EndpointRequests];

    static readonly CellParts Parts = RequestCells.Parts(percentiles: true);

    readonly Dictionary<int, Dictionary<int, EndpointHour>> known = [];

    /// <summary>Reads those of some hours that are not known yet. Hours are numbered from 2000, as slots are.</summary>
    public async Task EnsureAsync(IEnumerable<int> hours, CancellationToken cancel)
    {
        int[] missing = [.. hours.Where(hour => !known.ContainsKey(hour)).Distinct().Order()];
        if (missing.Length == 0)
            return;
        foreach (var hour in missing)
            known.Add(hour, []);
        // Most endpoints have too few requests in most hours: these are counted before any distribution is read.
        var busy = (await CountsAsync(missing, cancel)).Where(count => count.Value >= EndpointHour.Enough)
            .Select(count => count.Key).OrderBy(key => key.Hour).ToList();
        foreach (var some in busy.Chunk(AtOnce))
            await ReadAsync(some, cancel);
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

    async Task<Dictionary<(int Hour, int Endpoint), long>> CountsAsync(int[] hours, CancellationToken cancel)
    {
        var counts = new Dictionary<(int Hour, int Endpoint), long>();
        var parts = new OneCell<(int Hour, int Endpoint)>((at, cell) =>
            CollectionsMarshal.GetValueRefOrAddDefault(counts, at, out _) += (long)cell[RequestFacts.Requests]);
        await ReadAsync(hours, CellParts.Sums, (hour, endpoint) => parts.For((hour, endpoint)), cancel);
        parts.End();
        return counts;
    }

    async Task ReadAsync((int Hour, int Endpoint)[] wanted, CancellationToken cancel)
    {
        var totals = wanted.ToDictionary(key => key, _ => new RequestTotals());
        await ReadAsync(
            [.. wanted.Select(key => key.Hour).Distinct()], Parts,
            (hour, endpoint) => totals.TryGetValue((hour, endpoint), out var total) ? total.Cell : null, cancel);
        foreach (var ((hour, endpoint), total) in totals)
            known[hour].Add(endpoint, EndpointHour.Of(total));
    }

    Task ReadAsync(int[] hours, CellParts parts, Func<int, int, Cell?> route, CancellationToken cancel)
    {
        var cover = new HourCover(snapshot.Timeline, hours);
        return endpoints is null
            ? snapshot.ReadAsync(RequestRollups.Endpoints, cover, null, parts, (hour, _, endpoint) => route(hour, endpoint), cancel)
            : snapshot.ReadAsync(
                RequestRollups.EndpointRequests, cover, endpoints, parts, (hour, endpoint, _) => route(hour, endpoint), cancel);
    }

    /// <summary>Some hours, in order, each a bucket of its own number.</summary>
    sealed class HourCover(Timeline timeline, int[] hours) : Cover(timeline)
    {
        readonly HashSet<int> wanted = [.. hours];

        public override IEnumerable<(Grain Grain, int From, int To)> Ranges(Grains stored) =>
            from run in hours.Where(hour => hour >= 0).Index().GroupBy(hour => hour.Item - hour.Index, hour => hour.Item)
            select (Grain.Hour, run.First(), run.Last());

        public override Func<int, int> Buckets(Grains stored, Grain grain) => BucketOf;

        public override int BucketOf(Grain finest, int slot) => BucketOf(Timeline.SlotOf(Grain.Hour, finest, slot));

        int BucketOf(int hour) => wanted.Contains(hour) ? hour : -1;
    }
}
