using Analytics.Http;
using Analytics.Reading;
using Analytics.Storage;
using Analytics.Storage.Cells;
using Analytics.Storage.Facts;
using Analytics.Storage.People;
using Analytics.Storage.Schema;
using Analytics.Time;
using Npgsql;

namespace Analytics.Features.Requests;

/// <summary>
/// The slowest requests of a day. The slow ones of a quarter hour stand together, the slowest first: the first of each are enough, however
/// many there are, and a day is made of whole quarter hours in every zone.
/// </summary>
sealed class SlowRequestsQuery(NpgsqlDataSource store, TimeProvider clock)
{
    // A few of each quarter hour say how slow the last one is at least, so that of most quarter hours no more are read. With those that are
    // as slow as the last: endpoints and customers decide among them, and these have no order here.
    const string Sql = $"""
        with quarters as materialized (
            select start
            from unnest($2) as quarter (start)
        ), least as materialized (
            select coalesce((
                select min(latency)
                from (
                    select latency
                    from quarters quarter
                    cross join lateral (
                        select latency
                        {SlowOfQuarter}
                        order by latency desc
                        limit 8
                    ) as few
                    order by latency desc
                    limit $4
                ) slowest
                having count(*) = $4), 0) as latency
        )
        select slow.latency, slow.endpoint, slow.person, slow.status, slow.timestamp
        from quarters quarter
        cross join lateral (
            select latency, endpoint, person, status, timestamp
            {SlowOfQuarter}
              and latency >= (select latency from least)
            order by latency desc
            fetch first $4 rows with ties
        ) slow
        order by slow.latency desc
        fetch first $4 rows with ties
        """;

    // The day's bounds say in which partitions.
    const string SlowOfQuarter = """
        from requests
        where workspace_id = $1
          and date_bin('15 minutes', timestamp, '2000-01-01Z'::timestamptz) = quarter.start
          and timestamp >= $5
          and timestamp < $6
          and latency > 1000000
          and status >= 200
          and ($3 is null or person = any($3))
        """;

    readonly record struct Row(long Latency, int Endpoint, int Person, short Status, DateTime Timestamp)
    {
        public static Row Of(NpgsqlDataReader row) =>
            new(row.GetInt64(0), row.GetInt32(1), row.GetInt32(2), row.GetInt16(3), row.GetDateTime(4));
    }

    public async Task<SlowRequests> AnswerAsync(Workspace workspace, Customer? boundTo, SlowRequest request, CancellationToken cancel)
    {
        var day = request.Day(workspace, clock.GetStoreNow());
        await using var read = await BoundedRead.OpenAsync(store, cancel);
        var visible = await PeopleLookup.VisibleAsync(read.Connection, workspace.Key, boundTo, read.Cancel);
        SqlValue[] values =
        [
            workspace.Key, Quarters(day).ToArray(), SqlValue.Of(visible), request.Limit, day.From.UtcDateTime, day.To.UtcDateTime,
        ];
        var rows = await read.Connection.QueryAsync(Sql, values, Row.Of, read.Cancel);
        return new([.. (await NamedAsync(rows, new RequestTexts(read.Connection, workspace), read.Cancel)).Take(request.Limit)]);
    }

    static async Task<IEnumerable<SlowOne>> NamedAsync(List<Row> rows, RequestTexts texts, CancellationToken cancel)
    {
        var endpoints = await texts.OfAsync(RequestText.Endpoint, rows.Select(row => row.Endpoint), cancel);
        var customers = await texts.CustomersAsync(rows.Select(row => row.Person), cancel);
        return rows
            .OrderByDescending(row => row.Latency)
            .ThenBy(row => endpoints[row.Endpoint], StringComparer.Ordinal).ThenBy(row => customers[row.Person], StringComparer.Ordinal)
            .ThenBy(row => row.Timestamp)
            .Select(row => new SlowOne(
                endpoints[row.Endpoint], ExactNumber.Milliseconds(row.Latency), customers[row.Person], row.Status,
                new DateTimeOffset(row.Timestamp)));
    }

    static IEnumerable<DateTime> Quarters(TimeRange day)
    {
        for (var start = day.From; start < day.To; start += TimeSpan.FromMicroseconds(Timeline.QuarterHour))
            yield return start.UtcDateTime;
    }
}
