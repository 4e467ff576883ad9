using Analytics.Storage;
using Analytics.Storage.Cells;
using Analytics.Storage.Facts;
using Analytics.Storage.Rollups;
using Analytics.Storage.Rollups.Reading;

namespace Analytics.Features.Business.Usage;

/// <summary>What churn is told by, of some customers: events of the last seven days and the seven before, and failed payments.</summary>
sealed class ChurnSigns
{
    const string FailedSql = "select type from event_types where workspace_id = $1 and name = 'payment.failed'";

    readonly Dictionary<int, (long Last, long Before, long Failures)> signs = [];

    /// <summary>How much a customer seems about to leave, by the number that stands for it.</summary>
    public ChurnRisk RiskOf(int person)
    {
        var (last, before, failures) = signs.GetValueOrDefault(person);
        return ChurnRisk.Of(last, before, failures);
    }

    public static async Task<ChurnSigns> ReadAsync(
        RollupSnapshot snapshot, int workspace, AskedPeriod period, IEnumerable<ActiveCustomer> customers, CancellationToken cancel)
    {
        var found = new ChurnSigns();
        var mains = customers.SelectMany(customer => customer.Numbers.Select(number => (number, customer.Person))).ToDictionary();
        if (mains.Count == 0)
            return found;
        var failed = await snapshot.Connection.ScalarAsync<int>(FailedSql, [workspace], cancel);
        var read = new OneCell<(int Bucket, int Person, int Type)>((key, cell) =>
            found.Add(mains[key.Person], key.Bucket, (long)EventFacts.Active(cell), key.Type == failed ? cell.Events : 0));
        await snapshot.ReadAsync(
            EventRollups.People, new BucketCover(CustomerActivity.Churn(period), snapshot.Timeline, EventRollups.People),
            [.. mains.Keys], CellParts.Sums,
            (bucket, person, type) => type == failed || bucket != CustomerActivity.Earlier ? read.For((bucket, person, type)) : null,
            cancel);
        read.End();
        return found;
    }

    void Add(int person, int bucket, long events, long failures)
    {
        var known = signs.GetValueOrDefault(person);
        signs[person] = (
            known.Last + (bucket == CustomerActivity.Last ? events : 0),
            known.Before + (bucket == CustomerActivity.Before ? events : 0),
            known.Failures + failures);
    }
}
