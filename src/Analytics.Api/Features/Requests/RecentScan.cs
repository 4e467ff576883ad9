using Analytics.Reading;
using Analytics.Storage;

namespace Analytics.Features.Requests;

/// <summary>What recent requests are chosen by, in the store's numbers; null where there is no choice.</summary>
sealed record RecentFilter(int[]? People, int[]? Endpoints, int[]? ApiKeys, short[]? Statuses)
{
    public bool IsOpen => this is { People: null, Endpoints: null, ApiKeys: null, Statuses: null };

    /// <summary>Whether nothing passes it.</summary>
    public bool IsEmpty => People is [] || Endpoints is [] || ApiKeys is [];
}

/// <summary>
/// Looks for requests from the newest back, in steps along the primary key: no plan has to sort, and after every step it is known how far
/// it got, so that it may end when its time is over.
/// </summary>
sealed class RecentScan(BoundedRead read, int workspace, RecentFilter filter, TimeProvider clock)
{
    const int FirstStep = 4_000;
    const int LargestStep = 50_000;
    static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(900);
    static readonly TimeSpan LongStep = TimeSpan.FromMilliseconds(100);

    const string StepSql = """
        with looked_at as materialized (
            select
                timestamp,
                id,
                ($6 is null or person = any($6))
                    and ($7 is null or endpoint = any($7))
                    and ($8 is null or api_key = any($8))
                    and ($9 is null or status = any($9)) as fits
            from requests
            where workspace_id = $1
              and timestamp >= $2
              and timestamp <= $3
              and (timestamp, id) < ($3, $4)
            order by timestamp desc, id desc
            limit $5
        )
        (select timestamp, id, null::bigint
        from looked_at
        where fits
        order by timestamp desc, id desc
        limit $10)
        union all
        (select timestamp, id, (select count(*) from looked_at)
        from looked_at
        order by timestamp, id
        limit 1)
        """;

    readonly List<FactPlace> found = [];

    /// <summary>What was found, the newest first.</summary>
    public IReadOnlyList<FactPlace> Found => found;

    /// <summary>Up to where everything was looked at, this place included; null when that is all.</summary>
    public FactPlace? End { get; private set; }

    /// <summary>Goes from a place, which is not looked at, back to a time, until so many are found or its time is over.</summary>
    public async Task RunAsync(DateTime from, FactPlace before, int wanted)
    {
        var (since, size) = (clock.GetTimestamp(), filter.IsOpen ? wanted : Math.Max(wanted, FirstStep));
        End = filter.IsEmpty ? null : before;
        while (End is { } place && found.Count < wanted && clock.GetElapsedTime(since) < Longest)
        {
            var started = clock.GetTimestamp();
            await StepAsync(from, place, size, wanted - found.Count);
            size = clock.GetElapsedTime(started) > LongStep ? Math.Max(size / 2, 1) : Math.Min(size * 2, LargestStep);
        }
    }

    async Task StepAsync(DateTime from, FactPlace before, int size, int wanted)
    {
        SqlValue[] values =
        [
            workspace, from, before.Timestamp, before.Id, size, SqlValue.Of(filter.People), SqlValue.Of(filter.Endpoints),
            SqlValue.Of(filter.ApiKeys), SqlValue.Of(filter.Statuses), wanted,
        ];
        End = null;
        await read.Connection.EachAsync(StepSql, values, row =>
        {
            var place = new FactPlace(row.GetDateTime(0), row.GetGuid(1));
            if (row.IsDBNull(2))
                found.Add(place);
            else if (row.GetInt64(2) == size)
                End = place;
        }, read.Cancel);
    }
}
