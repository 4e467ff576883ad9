using Analytics.Storage.Cells;
using Analytics.Storage.Facts;
using Analytics.Storage.Requests;
using Analytics.Storage.Rollups;
using Analytics.Storage.Rollups.Reading;
using Analytics.Time;

namespace Analytics.Features.Requests;

/// <summary>Which requests a question is about.</summary>
/// <param name="People">Whose; null for everybody's.</param>
/// <param name="Endpoint">To which endpoint, by its number: -1 for one that nobody called. Null for all.</param>
sealed record RequestFilter(int[]? People, int? Endpoint)
{
    public static readonly RequestFilter None = new(null, null);

    /// <summary>Whether nothing passes it.</summary>
    public bool IsEmpty => People is [] || Endpoint < 0;
}

/// <summary>
/// Reads requests from rollups, in one snapshot: everybody's from minutes, those of an endpoint or of some people from their own cells.
/// It costs as much as there are slots, endpoints and people to tell apart, whatever the number of requests.
/// </summary>
sealed class RequestCells(RollupSnapshot snapshot)
{
    static readonly CellParts WithLatencies = new(Set: false, Values: true, 1UL << RequestFacts.LatencyField);

    /// <summary>The rollups a snapshot must have for it.</summary>
    public static readonly Rollup[] Rollups =
    [
        RollupCatalogue.Requests, RollupCatalogue.PeopleRequests, RollupCatalogue.EndpointRequests, RollupCatalogue.Endpoints,
        RollupCatalogue.Callers,
    ];

    /// <summary>What is read of cells: latencies' distributions only where percentiles are asked.</summary>
    public static CellParts Parts(bool percentiles, bool people = false) => WithLatencies with { Values = percentiles, Set = people };

    /// <summary>
    /// Totals by bucket and status. The buckets follow each other; they may be minutes where there is no filter, and are quarter hours or
    /// more with one: <see cref="RawRequests"/> has those of minutes.
    /// </summary>
    public async Task<SortedDictionary<int, RequestTotals>[]> ByStatusAsync(
        IReadOnlyList<Bucket> buckets, RequestFilter filter, CellParts parts, CancellationToken cancel)
    {
        var totals = buckets.Select(_ => new SortedDictionary<int, RequestTotals>()).ToArray();
        if (buckets.Count == 0 || filter.IsEmpty)
            return totals;
        if (filter.People is { } people)
            await ReadAsync(RollupCatalogue.PeopleRequests, buckets, people, parts, (bucket, _, endpointStatus) =>
                filter.Endpoint is { } endpoint && Dimension.Endpoint.PartOf(endpointStatus) != endpoint
                    ? null
                    : CellOf(totals[bucket], Dimension.Status.PartOf(endpointStatus)), cancel);
        else if (filter.Endpoint is { } endpoint)
            await ReadAsync(
                RollupCatalogue.EndpointRequests, buckets, [endpoint], parts, (bucket, _, status) => CellOf(totals[bucket], status), cancel);
        else
            await ReadAsync(RollupCatalogue.Requests, buckets, null, parts, (bucket, _, status) => CellOf(totals[bucket], status), cancel);
        return totals;
    }

    /// <summary>Totals by bucket; a bucket without requests has those of none.</summary>
    public async Task<RequestTotals[]> ByBucketAsync(
        IReadOnlyList<Bucket> buckets, RequestFilter filter, CellParts parts, CancellationToken cancel) =>
        [.. (await ByStatusAsync(buckets, filter, parts, cancel)).Select(statuses => Sum(statuses.Values))];

    /// <summary>
    /// Totals of every endpoint with requests, by its number and bucket. With <paramref name="people"/> everybody's cells are those people's.
    /// </summary>
    public async Task<Dictionary<int, RequestTotals>[]> ByEndpointAsync(
        IReadOnlyList<Bucket> buckets, int[]? people, CellParts parts, CancellationToken cancel, Predicate<int>? isWanted = null)
    {
        var totals = buckets.Select(_ => new Dictionary<int, RequestTotals>()).ToArray();
        if (buckets.Count == 0 || people is [])
            return totals;
        Cell? Of(int bucket, int endpoint) => isWanted?.Invoke(endpoint) == false ? null : CellOf(totals[bucket], endpoint);
        if (people is null)
            await ReadAsync(RollupCatalogue.Endpoints, buckets, null, parts, (bucket, _, endpoint) => Of(bucket, endpoint), cancel);
        else
            await ReadAsync(
                RollupCatalogue.PeopleRequests, buckets, people, parts,
                (bucket, _, endpointStatus) => Of(bucket, Dimension.Endpoint.PartOf(endpointStatus)), cancel);
        return totals;
    }

    /// <summary>Totals of everybody who made requests, by their person's number, 0 being nobody; without latencies' distributions.</summary>
    public async Task<Dictionary<int, RequestTotals>> ByPersonAsync(Bucket range, CancellationToken cancel)
    {
        var totals = new Dictionary<int, RequestTotals>();
        await ReadAsync(RollupCatalogue.Callers, [range], null, CellParts.Sums, (_, _, person) => CellOf(totals, person), cancel);
        return totals;
    }

    /// <summary>What several totals come to together.</summary>
    public static RequestTotals Sum(IEnumerable<RequestTotals> parts)
    {
        var sum = new RequestTotals();
        foreach (var part in parts)
            sum.Cell.Merge(part.Cell);
        return sum;
    }

    Task ReadAsync(
        Rollup rollup, IReadOnlyList<Bucket> buckets, int[]? leads, CellParts parts, Func<int, int, int, Cell?> route,
        CancellationToken cancel) =>
        snapshot.ReadAsync(rollup, new BucketCover(buckets, snapshot.Timeline, rollup), leads, parts, route, cancel);

    static Cell CellOf(IDictionary<int, RequestTotals> totals, int key)
    {
        if (!totals.TryGetValue(key, out var found))
            totals.Add(key, found = new RequestTotals());
        return found.Cell;
    }
}
