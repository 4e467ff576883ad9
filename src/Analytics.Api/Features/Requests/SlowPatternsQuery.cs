using Analytics.Reading;
using Analytics.Storage;
using Analytics.Storage.Cells;
using Analytics.Storage.Facts;
using Analytics.Storage.Requests;
using Analytics.Storage.Rollups;
using Analytics.Storage.Rollups.Reading;
using Analytics.Storage.Schema;
using Analytics.Time;
using Npgsql;

namespace Analytics.Features.Requests;

/// <summary>
/// Which hours of the day are slow again and again? How many requests were slow in which hour says which endpoints can have any; only of
/// these the distributions are read.
/// </summary>
sealed class SlowPatternsQuery(NpgsqlDataSource store, TimeProvider clock)
{
    const int UsualDays = 14;
    const int MaxDays = 31;
    const int MaxPatterns = 100;

    // So many endpoints' distributions are in memory at once.
    const int EndpointsAtOnce = 25;

    static readonly Rollup[] Rollups = [RequestRollups.Endpoints, RequestRollups.EndpointRequests];

    public async Task<SlowPatterns> AnswerAsync(Workspace workspace, SlowPatternsRequest request, CancellationToken cancel)
    {
        var range = RangeOf(request, new RequestTimes(request.Timezone, workspace, clock.GetStoreNow()));
        var hours = Buckets.Of(range, Interval.Hour);
        if (hours.Count == 0)
            return new([]);
        await using var snapshot = await RollupSnapshot.OpenAsync(store, workspace.Key, Rollups, cancel);
        var calendar = new SlowHours(hours, range.Zone);
        var found = new List<(int Endpoint, SlowPattern Pattern)>();
        foreach (var endpoints in (await CandidatesAsync(snapshot, hours, calendar, cancel)).Chunk(EndpointsAtOnce))
            found.AddRange(await PatternsAsync(snapshot, hours, calendar, endpoints.ToDictionary(), cancel));
        var texts = new RequestTexts(snapshot.Connection, workspace);
        var names = await texts.OfAsync(RequestText.Endpoint, found.Select(one => one.Endpoint), cancel);
        return new([.. found
            .Select(one => one.Pattern with { Endpoint = names[one.Endpoint] })
            .OrderByDescending(one => one.SlowDays).ThenBy(one => one.Endpoint, StringComparer.Ordinal).ThenBy(one => one.Hour)
            .Take(MaxPatterns)]);
    }

    // Today and the days before it, unless the range is named.
    static TimeRange RangeOf(SlowPatternsRequest request, RequestTimes times)
    {
        var range = request is { From: null, To: null }
            ? TimeRange.LastDays(UsualDays, times.Zone, times.Now) with { To = times.Now }
            : times.OfDays(MaxDays, request.From, request.To, otherwise: TimeSpan.FromDays(UsualDays));
        times.Check();
        return range!;
    }

    /// <summary>The endpoints that may have slow hours, and how many requests they had when.</summary>
    static async Task<IEnumerable<KeyValuePair<int, SlowCounts>>> CandidatesAsync(
        RollupSnapshot snapshot, IReadOnlyList<Bucket> hours, SlowHours calendar, CancellationToken cancel)
    {
        var counts = new Dictionary<int, SlowCounts>();
        var parts = new OneCell<(int Hour, int Endpoint)>((at, cell) =>
        {
            if (!counts.TryGetValue(at.Endpoint, out var of))
                counts.Add(at.Endpoint, of = new SlowCounts(calendar));
            var measured = cell[RequestFacts.Requests] - cell[RequestFacts.Informational];
            of.Add(calendar.PlaceOf(at.Hour), (long)measured, (long)cell[RequestFacts.Slow]);
        });
        await snapshot.ReadAsync(
            RequestRollups.Endpoints, new BucketCover(hours, snapshot.Timeline, RequestRollups.Endpoints), null, CellParts.Sums,
            (hour, _, endpoint) => parts.For((hour, endpoint)), cancel);
        parts.End();
        return counts.Where(endpoint => endpoint.Value.Hours().Any());
    }

    static async Task<IEnumerable<(int, SlowPattern)>> PatternsAsync(
        RollupSnapshot snapshot, IReadOnlyList<Bucket> hours, SlowHours calendar, Dictionary<int, SlowCounts> candidates,
        CancellationToken cancel)
    {
        var endpoints = candidates.ToDictionary(one => one.Key, one => new SlowEndpoint(calendar, one.Value));
        await snapshot.ReadAsync(
            RequestRollups.EndpointRequests, new BucketCover(hours, snapshot.Timeline, RequestRollups.EndpointRequests), endpoints.Keys,
            RequestCells.Parts(percentiles: true), (hour, endpoint, _) => endpoints[endpoint].CellOf(calendar.PlaceOf(hour)), cancel);
        return endpoints.SelectMany(endpoint => endpoint.Value.Patterns().Select(pattern => (endpoint.Key, pattern)));
    }
}
