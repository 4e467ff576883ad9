using Analytics.Http;
using Analytics.Reading;
using Analytics.Storage;
using Analytics.Storage.People;
using Analytics.Storage.Schema;
using Npgsql;

namespace Analytics.Features.Events;

/// <summary>Events as they are read back: a page of them, or one.</summary>
sealed class EventsQuery(NpgsqlDataSource store, TimeProvider time)
{
    public async Task<Page<Event>> ListAsync(
        Workspace workspace, Customer? bound, EventsRequest request, IReadOnlyList<(MetadataPath Path, string[] Values)> metadata,
        PageRequest page, CancellationToken cancel)
    {
        await using var read = await BoundedRead.OpenAsync(store, cancel);
        var filter = await EventFilter.ResolveAsync(read, workspace, bound, request, metadata);
        var (from, to) = StoredEvents.Bounds(request, time.GetUtcNow().UtcDateTime);
        var isByTime = SortedEvents.IsByTime(page.Sort);
        var found = filter.MatchesNothing || from >= to ? []
            : isByTime ? await StoredEvents.ByTimeAsync(read, workspace, filter, from, to, page)
            : await SortedEvents.ReadAsync(read, workspace, filter, from, to, page);

        var rows = Page.Of(
            found, page, row => [isByTime ? new DateTimeOffset(row.Timestamp) : SortedEvents.CursorKey(row), row.Id]);
        var places = await new Places(read, workspace, filter.Visible, request.Fields).OfAsync(rows.Data);
        return new([.. rows.Data.Select(row => row.Shape(workspace, places[row.Id]))], rows.Meta);
    }

    /// <summary>The event, or null when there is none that the caller may see.</summary>
    public async Task<Event?> FindAsync(Workspace workspace, Customer? bound, Guid id, string[] fields, CancellationToken cancel)
    {
        await using var read = await BoundedRead.OpenAsync(store, cancel);
        var visible = await PeopleLookup.VisibleAsync(read.Connection, workspace.Key, bound, read.Cancel);
        if (await StoredEvents.FindAsync(read, workspace, id) is not { } found)
            return null;
        if (visible is not null && (found.Person is not { } person || !visible.Contains(person)))
            return null;
        var places = await new Places(read, workspace, visible, fields).OfAsync([found]);
        return found.Shape(workspace, places[id]);
    }
}
