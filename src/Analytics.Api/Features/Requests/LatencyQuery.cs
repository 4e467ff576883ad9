using System.Globalization;
using Analytics.Reading;
using Analytics.Storage.Requests;
using Analytics.Storage.Rollups.Reading;
using Analytics.Storage.Schema;
using Analytics.Time;
using Npgsql;

namespace Analytics.Features.Requests;

/// <summary>Answers how long requests took from rollups.</summary>
sealed class LatencyQuery(NpgsqlDataSource store)
{
    public async Task<LatencyAnswer> AnswerAsync(
        Workspace workspace, Customer? boundTo, TimeRange range, string?[] endpoints, CancellationToken cancel)
    {
        await using var snapshot = await RollupSnapshot.OpenAsync(store, workspace.Key, RequestCells.RollupsOfFilters, cancel);
        var filter = await new RequestTexts(snapshot.Connection, workspace).FilterAsync([], endpoints, boundTo, cancel);
        var statuses = await new RequestCells(snapshot).ByStatusAsync(
            RequestTimes.Whole(range), filter, RequestCells.Parts(percentiles: true), cancel);
        var total = RequestCells.Sum(statuses.Values);
        return new LatencyAnswer(
            total.Percentile(50), total.Percentile(90), total.Percentile(95), total.Percentile(99), total.Count, total.Shortest,
            total.Longest, total.AverageLatency,
            statuses.Where(status => status.Value.Count > 0 && !RequestFacts.IsInformational(status.Key)).ToDictionary(
                status => status.Key.ToString(CultureInfo.InvariantCulture), status => status.Value.Count));
    }
}
