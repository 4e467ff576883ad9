using Analytics.Http;
using Analytics.Reading;
using Analytics.Sketches;
using Analytics.Storage.Cells;
using Analytics.Storage.Facts;
using Analytics.Storage.Rollups;
using Analytics.Storage.Rollups.Reading;
using Analytics.Storage.Schema;
using Analytics.Time;
using Npgsql;

namespace Analytics.Features.Requests;

/// <summary>Answers heatmaps from rollups.</summary>
sealed class HeatmapQuery(NpgsqlDataSource store)
{
    const int HoursPerDay = 24;
    const int DaysPerWeek = 7;
    const int ShownEndpoints = 20;

    public async Task<HeatmapAnswer> AnswerAsync(
        Workspace workspace, Customer? boundTo, HeatmapQuestion question, CancellationToken cancel)
    {
        Rollup[] rollups = [.. RequestCells.RollupsOfFilters, RequestRollups.Endpoints];
        await using var snapshot = await RollupSnapshot.OpenAsync(store, workspace.Key, rollups, cancel);
        var (cells, texts) = (new RequestCells(snapshot), new RequestTexts(snapshot.Connection, workspace));
        var filter = await texts.FilterAsync([], question.Endpoints, boundTo, cancel);
        return new HeatmapAnswer(question.ByEndpoint
            ? await ByEndpointAsync(cells, texts, filter, question, cancel)
            : await ByWeekdayAsync(cells, filter, question, cancel));
    }

    static async Task<IReadOnlyList<HeatmapCell>> ByWeekdayAsync(
        RequestCells cells, RequestFilter filter, HeatmapQuestion question, CancellationToken cancel)
    {
        var week = Enumerable.Range(0, DaysPerWeek * HoursPerDay).Select(_ => new RequestTotals()).ToArray();
        var places = question.Hours.Select(hour => PlaceOf(hour, question.Range.Zone)).ToArray();
        await cells.ReadAsync(question.Hours, filter, PartsOf(question), hour => week[places[hour]].Cell, cancel);
        return
        [
            .. week.Select((total, at) => new HeatmapCell(
                (at / HoursPerDay) + 1, at % HoursPerDay, null, null, Partial: false, ValueOf(total, question.Measure))),
        ];
    }

    static async Task<IReadOnlyList<HeatmapCell>> ByEndpointAsync(
        RequestCells cells, RequestTexts texts, RequestFilter filter, HeatmapQuestion question, CancellationToken cancel)
    {
        var sums = await cells.ByEndpointAsync(
            RequestTimes.Whole(question.Range), filter, RequestCells.Parts(percentiles: false), cancel);
        var busiest = await Busiest.OfAsync(sums, ShownEndpoints, numbers => texts.OfAsync(RequestText.Endpoint, numbers, cancel));
        var those = filter with { Endpoints = [.. busiest.Select(endpoint => endpoint.Number)] };
        var hours = await cells.ByEndpointAsync(question.Hours, those, PartsOf(question), cancel);
        return
        [
            .. from endpoint in busiest
               from hour in question.Hours.Index()
               let total = hours[hour.Index].GetValueOrDefault(endpoint.Number)
               select new HeatmapCell(
                   null, null, endpoint.Name, hour.Item.Start, hour.Item.IsPartial(question.Now),
                   total is null ? default : ValueOf(total, question.Measure)),
        ];
    }

    static CellParts PartsOf(HeatmapQuestion question) =>
        RequestCells.Parts(percentiles: question.Measure is HeatmapQuestion.P95 or HeatmapQuestion.P99);

    static ExactNumber ValueOf(RequestTotals total, string measure) => measure switch
    {
        HeatmapQuestion.Count => new ExactNumber(total.Count * DecimalUnits.One),
        HeatmapQuestion.AvgLatency => total.AverageLatency,
        HeatmapQuestion.ErrorRate => total.ErrorRate,
        HeatmapQuestion.P95 => total.Percentile(95),
        _ => total.Percentile(99),
    };

    // By its middle: an hour may begin before its time, at a quarter hour. One that comes twice is the same.
    static int PlaceOf(Bucket hour, Zone zone)
    {
        var local = zone.LocalOf(hour.Start + ((hour.End - hour.Start) / 2));
        return (((int)local.DayOfWeek + DaysPerWeek - 1) % DaysPerWeek * HoursPerDay) + local.Hour;
    }
}
