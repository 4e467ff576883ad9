using Analytics.Http;
using Analytics.Reading;
using Analytics.Storage;
using Analytics.Storage.Cells;
using Analytics.Storage.Rollups;
using Analytics.Storage.Rollups.Reading;
using Analytics.Storage.Schema;

namespace Analytics.Features.Events;

/// <summary>
/// Pages of events that are few among many: of some types or people. Only the quarter hours that hold such events by the rollups
/// are looked at, so a page costs what its rows' neighbourhoods cost and not what lies between them.
/// </summary>
static class EventsBySlot
{
    const int FirstBatch = 64;
    const int LargestBatch = 1024;

    // Other filters may let few of them through: what follows a batch that was not enough looks at more.
    const int Growth = 4;
    const long MostExpected = 1_000_000;

    /// <summary>Up to so many rows with times in [from, to), in the order of (timestamp, id).</summary>
    public static async Task<List<StoredEvent>> ReadAsync(
        BoundedRead read, Workspace workspace, EventFilter filter, DateTime from, DateTime to,
        PageRequest page, int limit)
    {
        var snapshot = await RollupSnapshot.WithinAsync(read, workspace.Key, [EventRollups.Timeline, EventRollups.People]);
        var slots = filter.Slots(snapshot).ReadAsync(QuarterOf(from), QuarterOf(to), page.Descending, read.Cancel);
        var rows = new List<StoredEvent>();
        var batch = new List<(DateTime Start, DateTime End)>();
        var (expected, largest, enough) = (0L, FirstBatch, (long)limit);
        await foreach (var slot in slots)
        {
            var start = Timeline.StartOf(slot.Slot).ToDateTimeUtc();
            batch.Add((StoredEvents.Later(start, from), StoredEvents.Earlier(start.AddMinutes(15), to)));
            expected += slot.Events;
            if (expected < enough && batch.Count < largest)
                continue;
            rows.AddRange(await BatchAsync(read, filter, batch, page, limit - rows.Count));
            if (rows.Count == limit)
                return rows;
            batch.Clear();
            (expected, largest, enough) = (0, Math.Min(LargestBatch, largest * 2), Math.Min(MostExpected, enough * Growth));
        }

        if (batch.Count > 0)
            rows.AddRange(await BatchAsync(read, filter, batch, page, limit - rows.Count));
        return rows;
    }

    static Task<List<StoredEvent>> BatchAsync(
        BoundedRead read, EventFilter filter, List<(DateTime Start, DateTime End)> slots, PageRequest page, int limit)
    {
        var values = new SqlValues();
        var order = StoredEvents.Order(page);
        var rows = values.Add(limit);
        var sql = $"""
            select
            {StoredEvent.Columns}
            from (
                select e.*
                from unnest({values.Add(slots.Select(slot => slot.Start).ToArray())},
                            {values.Add(slots.Select(slot => slot.End).ToArray())}) as slot (start, stop)
                cross join lateral (
                    select *
                    from events e
                    where {filter.Conditions(values)}
                      and e.timestamp >= slot.start
                      and e.timestamp < slot.stop
                      {StoredEvents.After(page, values)}
                    order by {order}
                    limit {rows}
                ) e
                order by {order}
                limit {rows}
            ) e
            {StoredEvent.Joins(filter.WorkspaceIn(values))}
            order by {order}
            """;
        return StoredEvents.ReadAsync(read, sql, values);
    }

    static int QuarterOf(DateTime time) => Timeline.QuarterOf((time - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
}
