using Analytics.Reading;
using Analytics.Storage;
using Analytics.Storage.Requests;
using Analytics.Time;
using Npgsql;

namespace Analytics.Features.Requests;

/// <summary>Counts requests themselves: in buckets finer than the cells of endpoints and people, and up to this moment.</summary>
sealed class RawRequests(NpgsqlConnection connection, int workspace)
{
    const string Sql = """
        select timestamp, status, latency, request_size, response_size
        from requests
        where workspace_id = $1
          and timestamp >= $2
          and timestamp < $3
          and ($4 is null or person = any($4))
          and ($5 is null or endpoint = any($5))
        """;

    // By the primary key alone, where nobody's are left out.
    const string CountSql = "select count(*) from requests where workspace_id = $1 and timestamp >= $2 and timestamp < $3";

    const string CountOfPeopleSql = CountSql + " and person = any($4)";

    /// <summary>How many there were in [from, to), of everybody or of some people.</summary>
    public Task<long> CountAsync(DateTimeOffset from, DateTimeOffset to, int[]? people, CancellationToken cancel) => people is null
        ? connection.ScalarAsync<long>(CountSql, [workspace, from.UtcDateTime, to.UtcDateTime], cancel)
        : connection.ScalarAsync<long>(CountOfPeopleSql, [workspace, from.UtcDateTime, to.UtcDateTime, people], cancel);

    /// <summary>Totals by bucket; the buckets follow each other.</summary>
    public async Task<RequestTotals[]> ByBucketAsync(IReadOnlyList<Bucket> buckets, RequestFilter filter, CancellationToken cancel)
    {
        var totals = buckets.Select(_ => new RequestTotals()).ToArray();
        if (buckets.Count == 0 || filter.IsEmpty)
            return totals;
        long[] starts = [.. buckets.Select(bucket => Rfc3339.Microseconds(bucket.From))];
        SqlValue[] values =
        [
            workspace, buckets[0].From.UtcDateTime, buckets[^1].To.UtcDateTime, SqlValue.Of(filter.People), SqlValue.Of(filter.Endpoints),
        ];
        await connection.EachAsync(Sql, values, row =>
        {
            var at = Array.BinarySearch(starts, row.Microseconds(0));
            Add(totals[at >= 0 ? at : ~at - 1], row.GetInt16(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4));
        }, cancel);
        return totals;
    }

    static void Add(RequestTotals totals, int status, long microseconds, long requestSize, long responseSize)
    {
        var (cell, latency) = (totals.Cell, (Int128)microseconds * RequestFacts.Microsecond);
        cell[RequestFacts.Requests]++;
        if (RequestFacts.IsInformational(status))
        {
            cell[RequestFacts.Informational]++;
            return;
        }

        cell[RequestFacts.ServerErrors] += status >= 500 ? 1 : 0;
        cell[RequestFacts.ClientErrors] += status is >= 400 and < 500 ? 1 : 0;
        cell[RequestFacts.Latency] += latency;
        cell[RequestFacts.RequestBytes] += requestSize;
        cell[RequestFacts.ResponseBytes] += responseSize;
        if (latency == 0)
            return;
        var latencies = cell.Totals(RequestFacts.LatencyField).Values;
        latencies.Add(latency);
        latencies.Compact();
    }
}
