using Analytics.Http;
using Analytics.Storage;
using Analytics.Storage.People;
using Analytics.Storage.Rollups;
using Analytics.Storage.Rollups.Reading;
using Analytics.Storage.Schema;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Analytics.Features.EventTypes;

/// <summary>Event types and what the rollups know about each. A workspace has few enough to be sorted here.</summary>
sealed class EventTypesQuery(AnalyticsDb db, NpgsqlDataSource store)
{
    public async Task<Page<EventTypeAnswer>> ListAsync(
        Workspace workspace, Customer? bound, EventTypesRequest request, PageRequest page, CancellationToken cancel)
    {
        var types = await db.Set<EventType>().AsNoTracking().Where(type => type.WorkspaceKey == workspace.Key).ToListAsync(cancel);
        var occurrences = await OccurrencesAsync(workspace, bound, request, cancel);
        // Without a filter a type is listed even when everything of it has been erased.
        var listsAll = bound is null && request.CustomerId.Length == 0 && !request.RootEvents;
        return PageOf(
            types
                .Where(type => request.Passes(type) && (listsAll || occurrences.ContainsKey(type.Number)))
                .Select(type => Answer(type, occurrences.GetValueOrDefault(type.Number))),
            page);
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
            store, workspace.Key, [RollupCatalogue.Timeline, RollupCatalogue.People], cancel);
        int[]? people = null;
        foreach (var customers in new[] { bound is null ? [] : [bound.Id], request.CustomerId })
            if (customers.Length > 0)
            {
                var found = await PeopleLookup.OfCustomersAsync(snapshot.Connection, workspace.Key, customers, cancel);
                people = people is null ? found : [.. people.Intersect(found)];
            }

        return await new EventTypeOccurrences(snapshot, workspace.Key, new OccurrenceFilter(people, request.RootEvents)).ReadAsync(cancel);
    }

    static EventTypeAnswer Answer(EventType type, Occurrences? seen) => new(
        type.Id, type.Name, type.Label, type.LabelPropertySelector, type.Source, seen?.Count ?? 0,
        seen is null ? null : Instant(seen.First), seen is null ? null : Instant(seen.Last));

    static DateTimeOffset Instant(long microseconds) => DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);

    static Page<EventTypeAnswer> PageOf(IEnumerable<EventTypeAnswer> rows, PageRequest page)
    {
        var sign = page.Descending ? -1 : 1;
        if (page.After is { } after)
        {
            var (key, id) = (after.IsNull(0) ? null : after.Key(0, TypeOf(page.Sort)), after.Guid(1));
            rows = rows.Where(row => Compare(sign, Key(row, page.Sort), row.Id, key, id) > 0);
        }

        var sorted = rows.ToList();
        sorted.Sort((a, b) => Compare(sign, Key(a, page.Sort), a.Id, Key(b, page.Sort), b.Id));
        return Page.Of(sorted, page, row => [Key(row, page.Sort), row.Id]);
    }

    // Rows without the field come last, whatever the sign; ties are broken by id.
    static int Compare(int sign, object? a, Guid idOfA, object? b, Guid idOfB)
    {
        if (a is null != b is null)
            return a is null ? 1 : -1;
        var order = a is string text ? string.CompareOrdinal(text, (string)b!) : Comparer<object>.Default.Compare(a, b);
        return sign * (order != 0 ? order : idOfA.CompareTo(idOfB));
    }

    static object? Key(EventTypeAnswer row, string sort) => sort switch
    {
        "name" => row.Name,
        "label" => row.Label,
        "label_property_selector" => row.LabelPropertySelector,
        "source" => row.Source.ToString(),
        "occurrences" => row.Occurrences,
        "first_seen" => row.FirstSeen,
        "last_seen" => row.LastSeen,
        _ => row.Id,
    };

    static Type TypeOf(string sort) => sort switch
    {
        "occurrences" => typeof(long),
        "first_seen" or "last_seen" => typeof(DateTimeOffset),
        "id" => typeof(Guid),
        _ => typeof(string),
    };
}
