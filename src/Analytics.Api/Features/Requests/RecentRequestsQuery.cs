using Analytics.Http;
using Analytics.Reading;
using Analytics.Storage;
using Analytics.Storage.Facts;
using Analytics.Storage.Schema;
using Npgsql;

namespace Analytics.Features.Requests;

/// <summary>The requests themselves, newest first, as far as a second of looking goes.</summary>
sealed class RecentRequestsQuery(NpgsqlDataSource store, TimeProvider clock)
{
    public async Task<RecentRequests> ListAsync(
        Workspace workspace, Customer? boundTo, RecentRequest request, PageRequest page, CancellationToken cancel)
    {
        var range = request.Range(workspace, clock.GetStoreNow());
        await using var read = await BoundedRead.OpenAsync(store, cancel);
        var filter = await FilterAsync(new RequestTexts(read.Connection, workspace), request, boundTo, read.Cancel);
        var scan = new RecentScan(read, workspace.Key, filter, clock);
        await scan.RunAsync(range.From.UtcDateTime, StartOf(range.To.UtcDateTime, page.After), page.Limit + 1);

        var isFull = scan.Found.Count > page.Limit;
        var places = scan.Found.Take(page.Limit).ToList();
        var requests = await new StoredRequests(read.Connection, workspace).AtAsync(places, read.Cancel);
        return new(requests, MetaOf(page, isFull ? places[^1] : scan.End));
    }

    // Of the range, or of a cursor whose page ended within it.
    static FactPlace StartOf(DateTime to, PageCursor? after)
    {
        var last = after is null ? default : new FactPlace(after.Instant(0).UtcDateTime, after.Guid(1));
        return after is not null && last.Timestamp < to ? last : new FactPlace(to, Guid.Empty);
    }

    static ScannedMeta MetaOf(PageRequest page, FactPlace? end) => end is not { } last ? new(null, null)
        : new(page.Cursor(new DateTimeOffset(last.Timestamp), last.Id), new DateTimeOffset(last.Timestamp));

    static async Task<RecentFilter> FilterAsync(
        RequestTexts texts, RecentRequest request, Customer? boundTo, CancellationToken cancel)
    {
        var filter = await texts.FilterAsync(request.CustomerId, request.Endpoint, boundTo, cancel);
        string[] keys = [.. request.ApiKeyId.OfType<string>()];
        return new(
            filter.People, filter.Endpoints, keys is [] ? null : await texts.NumbersAsync(RequestText.ApiKey, keys, cancel),
            request.Status is [] ? null : Array.ConvertAll(request.Status, code => (short)code));
    }
}
