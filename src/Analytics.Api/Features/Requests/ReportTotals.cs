using Analytics.Reading;
using Analytics.Storage.Cells;
using Analytics.Storage.Facts;
using Analytics.Storage.Requests;
using Analytics.Storage.Rollups;
using Analytics.Storage.Rollups.Reading;
using Analytics.Time;

namespace Analytics.Features.Requests;

/// <summary>What people's requests come to for a report: by day without percentiles, by endpoint how many, and all together.</summary>
sealed class ReportTotals(int days)
{
    public RequestTotals All { get; } = new();
    public RequestTotals[] Days { get; } = [.. Enumerable.Range(0, days).Select(_ => new RequestTotals())];
    public Dictionary<int, long> Endpoints { get; } = [];

    /// <summary>Adds everything in one read of the people's cells, through one of them.</summary>
    public async Task ReadAsync(RollupSnapshot snapshot, IReadOnlyList<Bucket> buckets, int[] people, CancellationToken cancel)
    {
        if (people is [])
            return;
        var parts = new OneCell<(int Day, int Endpoint)>((key, cell) => Add(key.Day, key.Endpoint, cell));
        await snapshot.ReadAsync(
            RequestRollups.PeopleRequests, new BucketCover(buckets, snapshot.Timeline, RequestRollups.PeopleRequests), people,
            RequestCells.Parts(percentiles: true), (day, _, status) => parts.For((day, Dimension.Endpoint.PartOf(status))), cancel);
        parts.End();
    }

    void Add(int day, int endpoint, Cell cell)
    {
        for (var sum = 0; sum < RequestFacts.Section.Sums.Count; sum++)
            Days[day].Cell[sum] += cell[sum];
        Endpoints[endpoint] = Endpoints.GetValueOrDefault(endpoint) + (long)cell[RequestFacts.Requests];
        All.Cell.Merge(cell);
        All.Cell.Field(RequestFacts.LatencyField)?.Values.Compact();
    }
}
