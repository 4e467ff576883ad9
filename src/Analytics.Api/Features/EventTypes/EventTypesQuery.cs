using Analytics.Http;
using Analytics.Storage;
using Analytics.Storage.People;
using Analytics.Storage.Rollups;
using Analytics.Storage.Rollups.Reading;
using Analytics.Storage.Schema;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Analytics.Features.EventTypes;

/// <summary>Event types and what the rollups know about each. They are sorted here; of up to 100 000 only a page is kept.</summary>
sealed class EventTypesQuery(AnalyticsDb db, NpgsqlDataSource store)
{
    public async Task<Page<EventTypeAnswer>> ListAsync(
        Workspace workspace, Customer? bound, EventTypesRequest request, PageRequest page, CancellationToken cancel)
    {
        var occurrences = await OccurrencesAsync(workspace, bound, request, cancel);
        // Without a filter a type is listed even when everything of it has been erased.
        var listsAll = bound is null && request.CustomerId.Length == 0 && !request.RootEvents;
        var rows = new FirstRows(page);
        await foreach (var type in db.Set<EventType>().AsNoTracking().Where(type => type.WorkspaceKey == workspace.Key)
            .AsAsyncEnumerable().WithCancellation(cancel))
            if (request.Passes(type) && (listsAll || occurrences.ContainsKey(type.Number)))
                rows.Add(Answer(type, occurrences.GetValueOrDefault(type.Number)));
        return rows.ToPage();
    }

    /// <summary>The type, or null when there is none that the caller may see.</summary>
    public async Task<EventTypeAnswer?> FindAsync(Workspace workspace, Customer? bound, Guid id, CancellationToken cancel)
    {
        var type = await db.Set<EventType>().AsNoTracking()
            .FirstOrDefaultAsync(type => type.WorkspaceKey == workspace.Key && type.Id == id, cancel);
        if (type is null)
            return null;
        var occurrences = await OccurrencesAsync(workspace, bound, new EventTypesRequest(), cancel);
        return bound is null || occurrences.ContainsKey(type.Number) ? Answer(type, occurrences.GetValueOrDefault(type.Number)) : null;
    }

    async Task<Dictionary<int, Occurrences>> OccurrencesAsync(
        Workspace workspace, Customer? bound, EventTypesRequest request, CancellationToken cancel)
    {
        await using var snapshot = await RollupSnapshot.OpenAsync(
            store, workspace.Key, [EventRollups.Timeline, EventRollups.People], cancel);
        var visible = await PeopleLookup.VisibleAsync(snapshot.Connection, workspace.Key, bound, cancel);
        var people = await PeopleLookup.OfFilterAsync(snapshot.Connection, workspace.Key, request.CustomerId, [], visible, cancel);
        return await new EventTypeOccurrences(snapshot, workspace.Key, new OccurrenceFilter(people, request.RootEvents)).ReadAsync(cancel);
    }

    static EventTypeAnswer Answer(EventType type, Occurrences? seen) => new(
        type.Id, type.Name, type.Label, type.LabelPropertySelector, type.Source, seen?.Count ?? 0,
        seen is null ? null : Instant(seen.First), seen is null ? null : Instant(seen.Last));

    static DateTimeOffset Instant(long microseconds) => DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);
}
