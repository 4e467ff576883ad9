using Analytics.Http;
using Analytics.Reading;
using Analytics.Storage;
using Analytics.Storage.Schema;

namespace Analytics.Features.Events;

/// <summary>Reads rows of events: one by id, or a page in the order of time or of another field.</summary>
static class StoredEvents
{
    static readonly string FindSql = $"""
        select
        {StoredEvent.Columns}
        from events e
        {StoredEvent.Joins("$1")}
        where e.workspace_id = $1
          and e.timestamp = $2
          and e.id = $3
        """;

    static readonly DateTime First = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    static readonly TimeSpan FirstWindow = TimeSpan.FromDays(1);
    const int WindowGrowth = 8;

    public static async Task<StoredEvent?> FindAsync(BoundedRead read, Workspace workspace, Guid id)
    {
        if (Storage.EventId.TimeOf(id) is not { } timestamp)
            return null;
        return await read.Connection.FirstAsync(FindSql, [workspace.Key, timestamp, id], StoredEvent.Read, read.Cancel);
    }

    /// <summary>
    /// One row more than the page holds, in the order of (timestamp, id). Looks at windows of time that grow: a partition
    /// without a match would otherwise be read to its end before the first row is known. When the first window is not
    /// enough and the rollups know where to look, they are asked.
    /// </summary>
    public static async Task<List<StoredEvent>> ByTimeAsync(
        BoundedRead read, Workspace workspace, EventFilter filter, DateTime from, DateTime to, PageRequest page)
    {
        var rows = new List<StoredEvent>();
        if (page.After is { } after)
            (from, to) = page.Descending
                ? (from, after.Instant(0).UtcDateTime is var last && last < to ? last.AddMicroseconds(1) : to)
                : (Later(from, after.Instant(0).UtcDateTime), to);

        for (var window = FirstWindow; from < to && rows.Count <= page.Limit; window *= WindowGrowth)
        {
            if (window > FirstWindow && filter.HasSlots)
                return [.. rows, .. await EventsBySlot.ReadAsync(
                    read, workspace, filter, from, to, page, page.Limit + 1 - rows.Count)];
            var isLast = filter.HasParents || window >= to - from;
            var (start, end) = page.Descending
                ? (isLast ? from : to - window, to)
                : (from, isLast ? to : from + window);
            rows.AddRange(await WindowAsync(read, filter, start, end, page, page.Limit + 1 - rows.Count));
            (from, to) = page.Descending ? (from, start) : (end, to);
        }

        return rows;
    }

    /// <summary>The order of the primary key.</summary>
    public static string Order(PageRequest page) => page.Descending ? "e.timestamp desc, e.id desc" : "e.timestamp, e.id";

    /// <summary>The condition that a row comes after the page before.</summary>
    public static string After(PageRequest page, SqlValues values) => page.After is { } after
        ? $"""
            and (e.timestamp, e.id) {(page.Descending ? '<' : '>')}
                ({values.Add(after.Instant(0).UtcDateTime)}, {values.Add(after.Guid(1))})
            """
        : "";

    /// <summary>The times an event can have within a request's interval.</summary>
    public static (DateTime From, DateTime To) Bounds(EventsRequest request, DateTime now) =>
        (Later(request.From ?? First, First), Earlier(request.To ?? DateTime.MaxValue, now.AddDays(1)));

    static Task<List<StoredEvent>> WindowAsync(
        BoundedRead read, EventFilter filter, DateTime start, DateTime end, PageRequest page, int limit)
    {
        var values = new SqlValues();
        var order = Order(page);
        var sql = $"""
            select
            {StoredEvent.Columns}
            from (
                select e.*
                from {filter.Source(values)}
                where {filter.Conditions(values)}
                  and e.timestamp >= {values.Add(start)}
                  and e.timestamp < {values.Add(end)}
                  {After(page, values)}
                order by {order}
                limit {values.Add(limit)}
            ) e
            {StoredEvent.Joins(filter.WorkspaceIn(values))}
            order by {order}
            """;
        return ReadAsync(read, sql, values);
    }

    internal static Task<List<StoredEvent>> ReadAsync(BoundedRead read, string sql, SqlValues values) =>
        read.Connection.QueryAsync(sql, values, StoredEvent.Read, read.Cancel);

    internal static DateTime Earlier(DateTime a, DateTime b) => a < b ? a : b;

    internal static DateTime Later(DateTime a, DateTime b) => a > b ? a : b;
}
