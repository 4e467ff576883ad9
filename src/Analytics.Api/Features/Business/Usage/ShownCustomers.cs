using Analytics.Http;
using Analytics.Reading;
using Analytics.Storage.Cells;
using Analytics.Storage.Rollups.Reading;

namespace Analytics.Features.Business.Usage;

/// <summary>What else is told of the customers on a page: who they are, and what units come to.</summary>
sealed class ShownCustomers(
    RollupSnapshot snapshot, int workspace, AskedPeriod period, IReadOnlyList<ActiveCustomer> customers, ChurnSigns signs)
{
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
        var names = await CustomerNames.OfAsync(
            snapshot.Connection, workspace, customers.Select(customer => customer.Person), cancel);
        return
        [
            .. from customer in customers
               let name = names[customer.Person]
               select new UsingCustomer(
                   name.Id, name.ExternalId, name.Name, usage.Of(customer.Person), customer.Events, customer.Invoiced,
                   ExactNumber.Of(customer.Revenue),
                   signs.RiskOf(customer.Person)),
        ];
    }
}
