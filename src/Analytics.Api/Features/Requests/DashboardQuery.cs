using Analytics.Http;
using Analytics.Reading;
using Analytics.Storage.Facts;
using Analytics.Storage.Rollups.Reading;
using Analytics.Storage.Rollups;
using Analytics.Storage.Schema;
using Analytics.Time;
using Npgsql;

namespace Analytics.Features.Requests;

/// <summary>Answers the dashboard of requests from rollups; those of the last minute are counted one by one.</summary>
sealed class DashboardQuery(NpgsqlDataSource store)
{
    const int Shown = 10;
    const int RealtimeSeconds = 60;

    static readonly Rollup[] OfEverybody =
        [RequestRollups.Requests, RequestRollups.Endpoints, RequestRollups.EndpointRequests, RequestRollups.Callers];

    static readonly Rollup[] OfSome = [RequestRollups.PeopleRequests, RequestRollups.PeopleTotals];

    public async Task<DashboardAnswer> AnswerAsync(
        Workspace workspace, Customer? boundTo, TimeRange day, DateTimeOffset now, CancellationToken cancel)
    {
        await using var snapshot = await RollupSnapshot.OpenAsync(store, workspace.Key, boundTo is null ? OfEverybody : OfSome, cancel);
        var (range, texts) = (RequestTimes.Whole(day), new RequestTexts(snapshot.Connection, workspace));
        var filter = await texts.FilterAsync([], [], boundTo, cancel);
        var statuses = await new RequestCells(snapshot).ByStatusAsync(range, filter, RequestCells.Parts(percentiles: true), cancel);
        var total = RequestCells.Sum(statuses.Values);
        var realtime = await new RawRequests(snapshot.Connection, workspace.Key)
            .CountAsync(now.AddSeconds(-RealtimeSeconds), now, filter.People, cancel);
        return new DashboardAnswer(
            total.Count, total.ErrorRate, total.ClientErrorRate, total.ServerErrorRate, total.AverageLatency,
            LatencyPercentiles.Of(total), StatusBreakdown.Of(statuses),
            await EndpointsAsync(snapshot, texts, range, filter, cancel),
            await CustomersAsync(snapshot, texts, range, filter, total.Count, cancel),
            ExactNumber.Quotient(realtime, RealtimeSeconds));
    }

    static async Task<IReadOnlyList<TopEndpoint>> EndpointsAsync(
        RollupSnapshot snapshot, RequestTexts texts, Bucket? range, RequestFilter filter, CancellationToken cancel)
    {
        var cells = new RequestCells(snapshot);
        var sums = await cells.ByEndpointAsync(range, filter, RequestCells.Parts(percentiles: false), cancel);
        var top = await Busiest.OfAsync(sums, Shown, numbers => texts.OfAsync(RequestText.Endpoint, numbers, cancel));
        // Distributions are the most of a cell: only those that are shown are read.
        var those = filter with { Endpoints = [.. top.Select(endpoint => endpoint.Number)] };
        var latencies = await cells.ByEndpointAsync(range, those, RequestCells.Parts(percentiles: true), cancel);
        return
        [
            .. top.Select(endpoint => new TopEndpoint(
                endpoint.Name, endpoint.Totals.Count, endpoint.Totals.AverageLatency, endpoint.Totals.ErrorRate,
                latencies[endpoint.Number].Percentile(99))),
        ];
    }

    static async Task<IReadOnlyList<TopCustomer>> CustomersAsync(
        RollupSnapshot snapshot, RequestTexts texts, Bucket? range, RequestFilter filter, long all, CancellationToken cancel)
    {
        var linked = await snapshot.LinkedPeopleAsync(cancel);
        var customers = (await new RequestCells(snapshot).ByPersonAsync(range, filter.People, cancel))
            .GroupBy(person => linked.MainOf(person.Key), person => person.Value)
            .ToDictionary(customer => customer.Key, RequestCells.Sum);
        var top = await Busiest.OfAsync(customers, Shown, numbers => texts.CustomersAsync(numbers, cancel));
        return
        [
            .. top.Select(customer => new TopCustomer(
                customer.Name, customer.Totals.Count, customer.Totals.ResponseBytes,
                ExactNumber.Percent(customer.Totals.Count, all))),
        ];
    }
}
