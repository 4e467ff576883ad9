using Analytics.Http;
using Analytics.Reading;
using Analytics.Storage;
using Analytics.Storage.People;
using Analytics.Storage.Schema;
using Npgsql;

namespace Analytics.Features.Log;

/// <summary>Searches the event log, newest first, as far as a second of looking goes.</summary>
sealed class LogQuery(NpgsqlDataSource store, TimeProvider clock)
{
    public async Task<LogPage> ListAsync(
        Workspace workspace, Customer? boundTo, LogFilter filter, LogTimesRequest times, PageRequest page, CancellationToken cancel)
    {
        var now = clock.GetStoreNow();
        var range = times.Range(workspace, now);
        var (from, before) = (range.From.UtcDateTime, StartOf(range.To.UtcDateTime, page.After));
        await using var read = await BoundedRead.OpenAsync(store, cancel);
        var visible = await PeopleLookup.VisibleAsync(read.Connection, workspace.Key, boundTo, read.Cancel);
        var sources = new List<LogSource?>
        {
            await LoggedEvents.OfAsync(read, workspace, filter, visible, from, before),
            await LoggedRequests.OfAsync(read, workspace, filter, visible, from, before),
            boundTo is null ? new LoggedAudit(read, workspace, filter, from, before) : null,
        };
        var scan = new LogScan([.. sources.OfType<LogSource>()], clock);
        var found = await scan.RunAsync(page.Limit + 1);
        var isFull = found.Count > page.Limit;
        var shown = found.Take(page.Limit).ToList();
        var end = isFull ? shown[^1].Place : scan.End;
        return new(
            await ReadAsync(shown), end is { } last ? page.Cursor(new DateTimeOffset(last.Timestamp), last.Id) : null,
            end is { } reached ? Earlier(new DateTimeOffset(reached.Timestamp), now) : null);
    }

    // What is told to be ahead of its time lies after now: nobody asks whether that was looked at.
    static DateTimeOffset Earlier(DateTimeOffset reached, DateTimeOffset now) => reached < now ? reached : now;

    static async Task<IReadOnlyList<LogRecord>> ReadAsync(List<(FactPlace Place, LogSource Source)> found)
    {
        var records = new Dictionary<Guid, LogRecord>();
        foreach (var source in found.GroupBy(one => one.Source, one => one.Place))
            foreach (var record in await source.Key.ReadAsync([.. source]))
                records[record.EventId] = record;
        // What was erased in between is no more.
        return [.. found.Select(one => records.GetValueOrDefault(one.Place.Id)).OfType<LogRecord>()];
    }

    // Of the range, or of a cursor whose page ended within it.
    static FactPlace StartOf(DateTime to, PageCursor? after)
    {
        var last = after is null ? default : new FactPlace(after.Instant(0).UtcDateTime, after.Guid(1));
        return after is not null && last.Timestamp < to ? last : new FactPlace(to, Guid.Empty);
    }
}
