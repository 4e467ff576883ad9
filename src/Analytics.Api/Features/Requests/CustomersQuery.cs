using Analytics.Http;
using Analytics.Reading;
using Analytics.Storage;
using Analytics.Storage.Cells;
using Analytics.Storage.Facts;
using Analytics.Storage.People;
using Analytics.Storage.Rollups;
using Analytics.Storage.Rollups.Reading;
using Analytics.Storage.Schema;
using Analytics.Time;
using Npgsql;

namespace Analytics.Features.Requests;

/// <summary>Who used how much, and what that cost, in one snapshot: a cell a customer and day, whatever the number of requests.</summary>
sealed class CustomersQuery(NpgsqlDataSource store, TimeProvider clock)
{
    static readonly Rollup[] Rollups = [RequestRollups.Callers, RequestRollups.PeopleTotals, EventRollups.Customers];

    public async Task<Page<CustomerUsage>> ListAsync(
        Workspace workspace, Customer? boundTo, CustomersRequest request, PageRequest page, CancellationToken cancel)
    {
        if (RequestTimes.Whole(request.Range(workspace, clock.GetStoreNow())) is not { } whole)
            return new([], new(null));

        await using var snapshot = await RollupSnapshot.OpenAsync(store, workspace.Key, Rollups, cancel);
        var visible = await PeopleLookup.VisibleAsync(snapshot.Connection, workspace.Key, boundTo, cancel);
        var texts = new RequestTexts(snapshot.Connection, workspace);
        var usages = await UsagesAsync(snapshot, whole, visible, cancel);
        return await new UsagePage(usages, page, people => texts.CustomersAsync(people, cancel)).ReadAsync();
    }

    // Linked people are one.
    static async Task<Usages> UsagesAsync(RollupSnapshot snapshot, Bucket range, int[]? visible, CancellationToken cancel)
    {
        var linked = await snapshot.LinkedPeopleAsync(cancel);
        var requests = new Dictionary<int, RequestTotals>();
        foreach (var (person, totals) in await new RequestCells(snapshot).ByPersonAsync(range, visible, cancel))
            if (!requests.TryAdd(linked.MainOf(person), totals))
                requests[linked.MainOf(person)].Cell.Merge(totals.Cell);
        var costs = await CostsAsync(snapshot, range, visible, linked, cancel);
        return new Usages(
            [.. requests.Where(one => one.Value.Count > 0).Select(one => new Usage(one.Key, one.Value, costs.GetValueOrDefault(one.Key)))],
            costs.Values.Aggregate(Int128.Zero, (sum, cost) => sum + cost));
    }

    static async Task<Dictionary<int, Int128>> CostsAsync(
        RollupSnapshot snapshot, Bucket range, int[]? visible, LinkedPeople linked, CancellationToken cancel)
    {
        var costs = new Dictionary<int, Int128>();
        var parts = new OneCell<int>((person, cell) => costs[person] = costs.GetValueOrDefault(person) + cell[EventFacts.Cost]);
        await snapshot.ReadAsync(
            EventRollups.Customers, new BucketCover([range], snapshot.Timeline, EventRollups.Customers), null, CellParts.Sums,
            (_, _, person) => visible?.Contains(person) == false ? null : parts.For(linked.MainOf(person)), cancel);
        parts.End();
        return costs;
    }
}
