using Analytics.Reading;
using Analytics.Storage.Cells;
using Analytics.Storage.Facts;
using Analytics.Storage.Requests;
using Analytics.Storage.Rollups;
using Analytics.Storage.Rollups.Reading;
using Analytics.Time;

namespace Analytics.Features.Requests;

/// <summary>
/// Reads requests from rollups, in one snapshot: everybody's from minutes, those of some endpoints or people from their own cells.
/// It costs as much as there are slots, endpoints and people to tell apart, whatever the number of requests.
/// </summary>
sealed class RequestCells(RollupSnapshot snapshot)
{
    static readonly CellParts WithLatencies = new(Set: false, Values: true, 1UL << RequestFacts.LatencyField);

    /// <summary>What is read of cells: latencies' distributions only where percentiles are asked.</summary>
    public static CellParts Parts(bool percentiles, bool people = false) => percentiles
        ? WithLatencies with { Set = people }
        : CellParts.Sums with { Set = people };

    /// <summary>The rollups that hold the requests of any filter.</summary>
    public static readonly Rollup[] RollupsOfFilters =
    [
        RequestRollups.Requests, RequestRollups.PeopleRequests, RequestRollups.PeopleTotals, RequestRollups.EndpointRequests,
    ];

    /// <summary>
    /// Merges requests into the cells that <paramref name="route"/> names by bucket. The buckets follow each other; they may be minutes
    /// where there is no filter, and are quarter hours or more with one: <see cref="RawRequests"/> has those of minutes.
    /// </summary>
    public Task ReadAsync(
        IReadOnlyList<Bucket> buckets, RequestFilter filter, CellParts parts, Func<int, Cell?> route, CancellationToken cancel) =>
        filter is { IsEmpty: false, People: { } people, Endpoints: null }
            ? ReadAsync(RequestRollups.PeopleTotals, buckets, people, parts, (bucket, _, _) => route(bucket), cancel)
            : ReadAsync(buckets, filter, parts, (bucket, _) => route(bucket), cancel);

    /// <summary>Totals by status.</summary>
    public async Task<SortedDictionary<int, RequestTotals>> ByStatusAsync(
        Bucket? range, RequestFilter filter, CellParts parts, CancellationToken cancel)
    {
        var totals = new SortedDictionary<int, RequestTotals>();
        await ReadAsync(BucketsOf(range), filter, parts, (_, status) => CellOf(totals, status), cancel);
        return totals;
    }

    /// <summary>Totals by bucket; a bucket without requests has those of none.</summary>
    public async Task<RequestTotals[]> ByBucketAsync(
        IReadOnlyList<Bucket> buckets, RequestFilter filter, CellParts parts, CancellationToken cancel)
    {
        var totals = buckets.Select(_ => new RequestTotals()).ToArray();
        await ReadAsync(buckets, filter, parts, bucket => totals[bucket].Cell, cancel);
        return totals;
    }

    /// <summary>Totals by endpoint, by its number and bucket; of every endpoint with requests where the filter names none.</summary>
    public async Task<Dictionary<int, RequestTotals>[]> ByEndpointAsync(
        IReadOnlyList<Bucket> buckets, RequestFilter filter, CellParts parts, CancellationToken cancel)
    {
        var totals = buckets.Select(_ => new Dictionary<int, RequestTotals>()).ToArray();
        if (filter.IsEmpty)
            return totals;
        var endpoints = filter.Endpoints?.ToHashSet();
        Cell? Of(int bucket, int endpoint) => endpoints?.Contains(endpoint) == false ? null : CellOf(totals[bucket], endpoint);
        if (filter.People is { } people)
            await ReadAsync(RequestRollups.PeopleRequests, buckets, people, parts, (bucket, _, endpointStatus) =>
                Of(bucket, Dimension.Endpoint.PartOf(endpointStatus)), cancel);
        else if (filter.Endpoints is { } some && !parts.Set)
            await ReadAsync(RequestRollups.EndpointRequests, buckets, some, parts, (bucket, endpoint, _) => Of(bucket, endpoint), cancel);
        else
            await ReadAsync(RequestRollups.Endpoints, buckets, null, parts, (bucket, _, endpoint) => Of(bucket, endpoint), cancel);
        return totals;
    }

    /// <summary>The same of a whole range.</summary>
    public async Task<Dictionary<int, RequestTotals>> ByEndpointAsync(
        Bucket? range, RequestFilter filter, CellParts parts, CancellationToken cancel) =>
        range is { } whole ? (await ByEndpointAsync([whole], filter, parts, cancel))[0] : [];

    /// <summary>
    /// Totals of whoever made requests, by their person's number, 0 being nobody; without latencies' distributions. Null is everybody.
    /// </summary>
    public async Task<Dictionary<int, RequestTotals>> ByPersonAsync(Bucket? range, int[]? people, CancellationToken cancel)
    {
        var totals = new Dictionary<int, RequestTotals>();
        if (people is null)
            await ReadAsync(
                RequestRollups.Callers, BucketsOf(range), null, CellParts.Sums, (_, _, person) => CellOf(totals, person), cancel);
        else if (people is not [])
            await ReadAsync(
                RequestRollups.PeopleTotals, BucketsOf(range), people, CellParts.Sums, (_, person, _) => CellOf(totals, person), cancel);
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

    static Bucket[] BucketsOf(Bucket? range) => range is { } whole ? [whole] : [];

    /// <summary>The same by bucket and status.</summary>
    Task ReadAsync(
        IReadOnlyList<Bucket> buckets, RequestFilter filter, CellParts parts, Func<int, int, Cell?> route, CancellationToken cancel)
    {
        if (filter.IsEmpty)
            return Task.CompletedTask;
        var endpoints = filter.Endpoints?.ToHashSet();
        return filter.People is { } people
            ? ReadAsync(RequestRollups.PeopleRequests, buckets, people, parts, (bucket, _, endpointStatus) =>
                endpoints?.Contains(Dimension.Endpoint.PartOf(endpointStatus)) == false
                    ? null
                    : route(bucket, Dimension.Status.PartOf(endpointStatus)), cancel)
            : ReadAsync(
                filter.Endpoints is null ? RequestRollups.Requests : RequestRollups.EndpointRequests, buckets, filter.Endpoints, parts,
                (bucket, _, status) => route(bucket, status), cancel);
    }

    Task ReadAsync(
        Rollup rollup, IReadOnlyList<Bucket> buckets, int[]? leads, CellParts parts, Func<int, int, int, Cell?> route,
        CancellationToken cancel) => buckets.Count == 0
        ? Task.CompletedTask
        : snapshot.ReadAsync(rollup, new BucketCover(buckets, snapshot.Timeline, rollup), leads, parts, route, cancel);

    static Cell CellOf(IDictionary<int, RequestTotals> totals, int key)
    {
        if (!totals.TryGetValue(key, out var found))
            totals.Add(key, found = new RequestTotals());
        return found.Cell;
    }
}
