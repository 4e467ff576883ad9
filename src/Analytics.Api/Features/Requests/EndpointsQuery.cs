using Analytics.Http;
using Analytics.Reading;
using Analytics.Storage.Facts;
using Analytics.Storage.Rollups;
using Analytics.Storage.Rollups.Reading;
using Analytics.Storage.Schema;
using Analytics.Time;
using Npgsql;

namespace Analytics.Features.Requests;

/// <summary>
/// Endpoints with requests, from rollups. Their sums, and what they are sorted by, are read of all of them; distributions and sets of
/// customers, by far the most of a cell, only of those on the page.
/// </summary>
sealed class EndpointsQuery(NpgsqlDataSource store)
{
    static readonly Rollup[] Rollups = [RequestRollups.Endpoints, RequestRollups.PeopleRequests];

    public async Task<Page<EndpointAnswer>> ListAsync(
        Workspace workspace, Customer? boundTo, TimeRange range, EndpointsRequest request, PageRequest page, CancellationToken cancel)
    {
        await using var snapshot = await RollupSnapshot.OpenAsync(store, workspace.Key, Rollups, cancel);
        var (cells, texts) = (new RequestCells(snapshot), new RequestTexts(snapshot.Connection, workspace));
        var filter = await texts.FilterAsync([], [], boundTo, cancel);
        var linked = await snapshot.LinkedPeopleAsync(cancel);
        // A portal key's customer is the only one.
        long CustomersOf(RequestTotals totals) => boundTo is null ? linked.CountOf(totals.Cell.Set) : 1;

        var ranking = RequestCells.Parts(percentiles: page.Sort[0] == 'p', people: page.Sort == "customers");
        var all = await cells.ByEndpointAsync(RequestTimes.Whole(range), filter, ranking, cancel);
        var names = await texts.OfAsync(RequestText.Endpoint, all.Keys, cancel);
        var ranked = new RankedRows<NamedTotals>("endpoint", row => row.Name, (row, field) => NumberOf(row.Totals, field, CustomersOf));
        var rows = ranked.PageOf(
            all.Select(endpoint => new NamedTotals(endpoint.Key, names[endpoint.Key], endpoint.Value))
                .Where(row => row.Totals.Count > 0 && request.Passes(row.Name)),
            page);

        var shown = await cells.ByEndpointAsync(
            RequestTimes.Whole(range), filter with { Endpoints = [.. rows.Data.Select(row => row.Number)] },
            RequestCells.Parts(percentiles: true, people: true), cancel);
        return new([.. rows.Data.Select(row => EndpointAnswer.Of(row.Name, shown[row.Number], CustomersOf(shown[row.Number])))], rows.Meta);
    }

    static Int128 NumberOf(RequestTotals totals, string field, Func<RequestTotals, long> customersOf) => field switch
    {
        "count" => totals.Count,
        "errorRate" => totals.ErrorRate.Units,
        "clientErrorRate" => totals.ClientErrorRate.Units,
        "serverErrorRate" => totals.ServerErrorRate.Units,
        "avgLatency" => totals.AverageLatency.Units,
        "p50" => totals.Percentile(50).Units,
        "p90" => totals.Percentile(90).Units,
        "p95" => totals.Percentile(95).Units,
        "p99" => totals.Percentile(99).Units,
        "bytes" => totals.ResponseBytes.Units,
        "requestBytes" => totals.RequestBytes.Units,
        _ => customersOf(totals),
    };
}
