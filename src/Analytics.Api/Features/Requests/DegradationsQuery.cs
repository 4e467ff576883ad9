using Analytics.Reading;
using Analytics.Storage;
using Analytics.Storage.Facts;
using Analytics.Storage.Rollups.Reading;
using Analytics.Storage.Schema;
using Analytics.Time;
using Npgsql;

namespace Analytics.Features.Requests;

/// <summary>Which endpoints left their baseline, from the cells of their hours.</summary>
sealed class DegradationsQuery(NpgsqlDataSource store)
{
    public async Task<Degradations> AnswerAsync(Workspace workspace, TimeRange range, CancellationToken cancel)
    {
        if (range.IsEmpty)
            return new([]);
        await using var read = await BoundedRead.OpenAsync(store, cancel);
        var snapshot = await RollupSnapshot.WithinAsync(read, workspace.Key, EndpointHours.Rollups);
        var runs = await new DegradationRuns(snapshot).FindAsync(HourTimes.Of(range.From), HourTimes.AtOrAfter(range.To), read.Cancel);
        var names = await new RequestTexts(read.Connection, workspace)
            .OfAsync(RequestText.Endpoint, runs.Select(run => run.Last.Endpoint), read.Cancel);
        return new([.. runs
            .Select(run => run.Shown(names[run.Last.Endpoint]))
            .OrderByDescending(run => run.Since).ThenBy(run => run.Endpoint, StringComparer.Ordinal).ThenBy(run => run.Measure)]);
    }
}
