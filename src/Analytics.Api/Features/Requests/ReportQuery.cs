using System.Globalization;
using Analytics.Reading;
using Analytics.Storage;
using Analytics.Storage.Facts;
using Analytics.Storage.Rollups;
using Analytics.Storage.Rollups.Reading;
using Analytics.Storage.Schema;
using Analytics.Time;
using Npgsql;

namespace Analytics.Features.Requests;

/// <summary>A customer's report, from its own cells. A customer that is unknown, or that the caller must not see, has zeros.</summary>
sealed class ReportQuery(NpgsqlDataSource store, TimeProvider clock)
{
    const int TopEndpoints = 10;
    static readonly Rollup[] Rollups = [RequestRollups.PeopleRequests];

    /// <summary>The report; null when the customer's name is none of <paramref name="only"/> any more, where some are given.</summary>
    public async Task<CustomerReport?> AnswerAsync(
        Workspace workspace, Customer? boundTo, string customer, ReportRequest request, int[] only, CancellationToken cancel)
    {
        var times = request.Times(workspace, clock.GetStoreNow());
        var days = Buckets.Of(TimeRange.LastDays(request.Days, times.Zone, times.Now), Interval.Day);

        await using var snapshot = await RollupSnapshot.OpenAsync(store, workspace.Key, Rollups, cancel);
        var texts = new RequestTexts(snapshot.Connection, workspace);
        var filter = await texts.FilterAsync([customer], [], boundTo, cancel);
        if (only is not [] && !filter.People!.Intersect(only).Any())
            return null;
        var used = new ReportTotals(days.Count);
        await used.ReadAsync(snapshot, days, filter.People!, cancel);
        var names = await texts.CustomersAsync(filter.People!.Take(1), cancel);
        return new(
            filter.People is [var person, ..] ? names[person] : customer, DateOf(0), DateOf(days.Count - 1), used.All.Count,
            used.Days.Index().ToDictionary(day => Text(DateOf(day.Index)), day => day.Item.Count),
            await TopAsync(used, texts, cancel), used.All.AverageLatency, used.All.ResponseBytes, used.All.ErrorRate,
            LatencyPercentiles.Of(used.All))
        {
            Timezone = times.Zone.Name,
            Days = [.. used.Days.Select((day, at) =>
                new ReportedDay(DateOf(at), day.Count, day.Errors, day.AverageLatency, day.ResponseBytes))],
        };

        DateOnly DateOf(int day) => times.Zone.DayOf(days[day].From);
    }

    /// <summary>Whom a customer's name stands for, of those that the caller sees.</summary>
    public async Task<int[]> PeopleAsync(Workspace workspace, Customer? boundTo, string customer, CancellationToken cancel)
    {
        await using var connection = await store.OpenConnectionAsync(cancel);
        return (await new RequestTexts(connection, workspace).FilterAsync([customer], [], boundTo, cancel)).People!;
    }

    static string Text(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    static async Task<IReadOnlyList<ReportedEndpoint>> TopAsync(ReportTotals used, RequestTexts texts, CancellationToken cancel)
    {
        // With those that have as many as the last: names decide among them.
        var least = used.Endpoints.Values.OrderDescending().Take(TopEndpoints).LastOrDefault();
        var most = used.Endpoints.Where(endpoint => endpoint.Value >= least).ToList();
        var names = await texts.OfAsync(RequestText.Endpoint, most.Select(endpoint => endpoint.Key), cancel);
        return [.. most
            .Select(endpoint => new ReportedEndpoint(names[endpoint.Key], endpoint.Value))
            .OrderByDescending(endpoint => endpoint.Count).ThenBy(endpoint => endpoint.Endpoint, StringComparer.Ordinal)
            .Take(TopEndpoints)];
    }
}
