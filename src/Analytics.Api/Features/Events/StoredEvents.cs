using Analytics.Http;
using Analytics.Storage;
using Analytics.Storage.Model;

namespace Analytics.Features.Events;

/// <summary>Reads rows of events: one by id, or a page in the order of time or of another field.</summary>
public static class StoredEvents
{
    const string FindSql = $"""
        select
        {StoredEvent.Columns}
        from events e
        {StoredEvent.Joins}
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
        var parameters = new SqlParameters();
        parameters.Add(workspace.Key);
        parameters.Add(timestamp);
        parameters.Add(id);
        return (await ReadAsync(read, FindSql, parameters)) is [var found] ? found : null;
    }

    /// <summary>
    /// One row more than the page holds, in the order of (timestamp, id). Looks at windows of time that grow: a partition
    /// without a match would otherwise be read to its end before the first row is known.
    /// </summary>
    public static async Task<List<StoredEvent>> ByTimeAsync(
        BoundedRead read, EventFilter filter, DateTime from, DateTime to, PageRequest page)
    {
        var rows = new List<StoredEvent>();
        if (page.After is { } after)
            (from, to) = page.Descending
                ? (from, Earlier(to, after.Instant(0).UtcDateTime.AddMicroseconds(1)))
                : (Later(from, after.Instant(0).UtcDateTime), to);

        for (var window = FirstWindow; from < to && rows.Count <= page.Limit; window *= WindowGrowth)
        {
            var isLast = window >= to - from;
            var (start, end) = page.Descending
                ? (isLast ? from : to - window, to)
                : (from, isLast ? to : from + window);
            rows.AddRange(await WindowAsync(read, filter, start, end, page, page.Limit + 1 - rows.Count));
            (from, to) = page.Descending ? (from, start) : (end, to);
        }

        return rows;
    }

    /// <summary>The times an event can have within a request's interval.</summary>
    public static (DateTime From, DateTime To) Bounds(EventsRequest request, DateTime now) =>
        (Later(request.From ?? First, First), Earlier(request.To ?? DateTime.MaxValue, now.AddDays(1)));

    static Task<List<StoredEvent>> WindowAsync(
        BoundedRead read, EventFilter filter, DateTime start, DateTime end, PageRequest page, int limit)
    {
        var parameters = new SqlParameters();
        var after = page.After is { } cursor
            ? $"and (e.timestamp, e.id) {(page.Descending ? '<' : '>')} ({parameters.Add(cursor.Instant(0).UtcDateTime)}, {parameters.Add(cursor.Guid(1))})"
            : "";
        var order = page.Descending ? "e.timestamp desc, e.id desc" : "e.timestamp, e.id";
        var sql = $"""
            select
            {StoredEvent.Columns}
            from (
                select *
                from events e
                where {filter.Conditions(parameters)}
                  and e.timestamp >= {parameters.Add(start)}
                  and e.timestamp < {parameters.Add(end)}
                  {after}
                order by {order}
                limit {parameters.Add(limit)}
            ) e
            {StoredEvent.Joins}
            order by {order}
            """;
        return ReadAsync(read, sql, parameters);
    }

    internal static async Task<List<StoredEvent>> ReadAsync(BoundedRead read, string sql, SqlParameters parameters)
    {
        await using var command = parameters.Command(sql, read.Connection);
        await using var reader = await command.ExecuteReaderAsync(read.Cancel);
        var rows = new List<StoredEvent>();
        while (await reader.ReadAsync(read.Cancel))
            rows.Add(StoredEvent.Read(reader));
        return rows;
    }

    static DateTime Earlier(DateTime a, DateTime b) => a < b ? a : b;

    static DateTime Later(DateTime a, DateTime b) => a > b ? a : b;
}
