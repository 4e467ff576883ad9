using Analytics.Http;
using Analytics.Reading;
using Analytics.Storage;
using Analytics.Storage.Cells;
using Analytics.Storage.Facts;
using Analytics.Storage.Rollups;
using Analytics.Storage.Rollups.Reading;

namespace Analytics.Features.Business.Usage;

/// <summary>What else is told of the customers on a page: who they are, what units come to, and what churn is told by.</summary>
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
        var signs = await SignsAsync(cancel);
        var names = await CustomerNames.OfAsync(
            snapshot.Connection, workspace, customers.Select(customer => customer.Person), cancel);
        return
        [
            .. from customer in customers
               let name = names[customer.Person]
               select new UsingCustomer(
                   name.Id, name.ExternalId, name.Name, usage.Of(customer.Person), customer.Events, customer.Invoiced,
                   ExactNumber.Of(customer.Revenue),
                   RiskOf(signs.GetValueOrDefault(customer.Person))),
        ];
    }

    static ChurnRisk RiskOf((long Last, long Before, long Failures) signs) => ChurnRisk.Of(signs.Last, signs.Before, signs.Failures);

    async Task<Dictionary<int, (long Last, long Before, long Failures)>> SignsAsync(CancellationToken cancel)
    {
        var signs = new Dictionary<int, (long Last, long Before, long Failures)>();
        if (mains.Count == 0)
            return signs;
        var failed = await snapshot.Connection.ScalarAsync<int>(FailedSql, [workspace], cancel);
        var read = new OneCell<(int Bucket, int Person, int Type)>((key, cell) =>
        {
            var (events, known) = ((long)EventFacts.Active(cell), signs.GetValueOrDefault(mains[key.Person]));
            signs[mains[key.Person]] = (
                known.Last + (key.Bucket == CustomerActivity.Last ? events : 0),
                known.Before + (key.Bucket == CustomerActivity.Before ? events : 0),
                known.Failures + (key.Type == failed ? cell.Events : 0));
        });
        await snapshot.ReadAsync(
            EventRollups.People, new BucketCover(CustomerActivity.Churn(period), snapshot.Timeline, EventRollups.People),
            [.. mains.Keys], CellParts.Sums,
            (bucket, person, type) => type == failed || bucket != CustomerActivity.Earlier ? read.For((bucket, person, type)) : null,
            cancel);
        read.End();
        return signs;
    }
}
