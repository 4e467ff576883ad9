using Analytics.Storage;
using Analytics.Storage.Requests;
using Analytics.Time;
using Npgsql;

namespace Analytics.Features.Requests;

/// <summary>Adds up raw requests that pass a filter: for buckets finer than the cells of endpoints and people.</summary>
sealed class RawRequests(NpgsqlConnection connection, int workspace)
{
    const string Sql = """
        select timestamp, status, latency, request_size, response_size
        from requests
        where workspace_id = $1
          and timestamp >= $2
          and timestamp < $3
          and ($4 is null or person = any($4))
          and ($5 is null or endpoint = $5)
        """;

    /// <summary>Totals by bucket; the buckets follow each other.</summary>
    public async Task<RequestTotals[]> ByBucketAsync(IReadOnlyList<Bucket> buckets, RequestFilter filter, CancellationToken cancel)
    {
        var totals = buckets.Select(_ => new RequestTotals()).ToArray();
        if (buckets.Count == 0 || filter.IsEmpty)
            return totals;
        long[] starts = [.. buckets.Select(bucket => Rfc3339.Microseconds(bucket.From))];
        SqlValue[] values =
        [
            workspace, buckets[0].From.UtcDateTime, buckets[^1].To.UtcDateTime, SqlValue.Of(filter.People), SqlValue.Of(filter.Endpoint),
        ];
        await connection.EachAsync(Sql, values, row =>
        {
            var at = Array.BinarySearch(starts, row.Microseconds(0));
            Add(totals[at >= 0 ? at : ~at - 1], row.GetInt16(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4));
        }, cancel);
        foreach (var total in totals)
            total.Cell.Field(RequestFacts.LatencyField)?.Values.Compact();
        return totals;
    }

    static void Add(RequestTotals totals, int status, long microseconds, long requestSize, long responseSize)
    {
        var (cell, latency) = (totals.Cell, (Int128)microseconds * RequestFacts.Microsecond);
        cell[RequestFacts.Requests]++;
        cell[RequestFacts.ServerErrors] += status >= 500 ? 1 : 0;
        cell[RequestFacts.ClientErrors] += status is >= 400 and < 500 ? 1 : 0;
        cell[RequestFacts.Latency] += latency;
        cell[RequestFacts.RequestBytes] += requestSize;
        cell[RequestFacts.ResponseBytes] += responseSize;
        if (latency != 0)
            cell.Totals(RequestFacts.LatencyField).Values.Add(latency);
    }
}
