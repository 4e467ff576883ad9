using Analytics.Reading;
using Analytics.Storage.Rollups.Reading;
using Analytics.Storage.Schema;
using Analytics.Time;
using Npgsql;

namespace Analytics.Features.Requests;

/// <summary>Answers requests over time from rollups; minutes of some endpoints or customers from the requests themselves.</summary>
sealed class SeriesQuery(NpgsqlDataSource store)
{
    public async Task<SeriesAnswer> AnswerAsync(
        Workspace workspace, Customer? boundTo, SeriesQuestion question, CancellationToken cancel)
    {
        await using var snapshot = await RollupSnapshot.OpenAsync(store, workspace.Key, RequestCells.RollupsOfFilters, cancel);
        var filter = await new RequestTexts(snapshot.Connection, workspace)
            .FilterAsync(question.Customers, question.Endpoints, boundTo, cancel);
        var isRaw = question.Interval == Interval.Minute && filter != RequestFilter.None;
        var totals = isRaw
            ? await new RawRequests(snapshot.Connection, workspace.Key).ByBucketAsync(question.Buckets, filter, cancel)
            : await new RequestCells(snapshot).ByBucketAsync(
                question.Buckets, filter, RequestCells.Parts(percentiles: true), cancel);
        return new SeriesAnswer([.. question.Buckets.Select((bucket, at) => SeriesPoint.Of(bucket, totals[at], question.Now))]);
    }
}
