using Analytics.Http;
using Analytics.Reading;
using Analytics.Storage;
using Analytics.Storage.Cells;
using Analytics.Storage.Facts;
using Analytics.Storage.Rollups;
using Analytics.Storage.Rollups.Reading;

namespace Analytics.Features.Business.Usage;

/// <summary>What else is told of the customers on a page: who they are, what units come to, and which payments failed.</summary>
sealed class ShownCustomers(RollupSnapshot snapshot, int workspace, AskedPeriod period, IReadOnlyList<ActiveCustomer> customers)
{
    const string FailedSql = "select type from event_types where workspace_id = $1 and name = 'payment.failed'";

    readonly Dictionary<int, int> mains =
        customers.SelectMany(customer => customer.Numbers.Select(number => (number, customer.Person))).ToDictionary();

    public async Task<IReadOnlyList<UsingCustomer>> ReadAsync(CancellationToken cancel)
    {
        var units = await AskedUnits.ReadAsync(snapshot, workspace, cancel);
        var usage = new UnitTotals<int>(units);
        var reading = new UsageReading(snapshot, workspace, units);
        var whole = UnitUsageQuery.Whole(period.Range);
        int[] people = [.. mains.Keys];
        void Take(int bucket, AskedUsage used, int person, Cell cell) => usage.Add(mains[person], used, cell);
        await reading.ReadOfAsync(whole, people, Take, cancel);
        await reading.ReadUnreadyAsync(whole, people, Take, cancel);
        var failures = await FailuresAsync(cancel);
        var names = await CustomerNames.OfAsync(
            snapshot.Connection, workspace, customers.Select(customer => customer.Person), cancel);
        return
        [
            .. from customer in customers
               let name = names[customer.Person]
               select new UsingCustomer(
                   name.Id, name.ExternalId, name.Name, usage.Of(customer.Person), customer.Events, customer.Invoiced,
                   ExactNumber.Of(customer.Revenue),
                   ChurnRisk.Of(customer.LastEvents, customer.EventsBefore, failures.GetValueOrDefault(customer.Person))),
        ];
    }

    async Task<Dictionary<int, long>> FailuresAsync(CancellationToken cancel)
    {
        var failures = new Dictionary<int, long>();
        var failed = await snapshot.Connection.ScalarAsync<int>(FailedSql, [workspace], cancel);
        if (failed == 0 || mains.Count == 0)
            return failures;
        var read = new OneCell<int>((person, cell) =>
            failures[mains[person]] = failures.GetValueOrDefault(mains[person]) + cell.Events);
        await snapshot.ReadAsync(
            EventRollups.People, new BucketCover(CustomerActivity.Churn(period), snapshot.Timeline, EventRollups.People),
            [.. mains.Keys], CellParts.Sums, (_, person, type) => type == failed ? read.For(person) : null, cancel);
        read.End();
        return failures;
    }
}
