using Analytics.Storage.Business;
using Analytics.Storage.Facts;
using Npgsql;

namespace Analytics.Storage.Sales;

/// <summary>What one commit, or a recount, adds to the sales of shares and people, and to costs and revenue.</summary>
sealed class CommitSales
{
    readonly CommitFacts facts = new(SalesFacts.Section);
    readonly CommitFacts costs = new(CostFacts.Section);

    /// <summary>Only what counts at these times, in microseconds since 1970, is taken.</summary>
    public long From { get; init; } = long.MinValue;

    /// <summary>The first time that is not taken any more.</summary>
    public long To { get; init; } = long.MaxValue;

    public void Clear()
    {
        facts.Clear();
        costs.Clear();
    }

    public void Add(int share, int person, long timestamp, SalesSum sum, Int128 amount) =>
        Add(share, person, timestamp, SalesFacts.NumberOf(sum), amount);

    /// <summary>Events that name <paramref name="own"/> count for this share and person; negative ones no longer do.</summary>
    public void AddEvents(int share, int person, int own, long timestamp, long events, Int128 cost)
    {
        if (share == 0 && person == own)
            return;
        Add(share, person, timestamp, EventFacts.Events, events);
        Add(share, person, timestamp, EventFacts.Cost, cost);
        Add(0, own, timestamp, EventFacts.Events, -events);
        Add(0, own, timestamp, EventFacts.Cost, -cost);
    }

    /// <summary>Events that cost something count for this person; negative ones no longer do.</summary>
    public void AddCost(int person, int costKey, long timestamp, long events, Int128 cost)
    {
        AddTo(costs, person, costKey, timestamp, CostFacts.Costs, events);
        AddTo(costs, person, costKey, timestamp, CostFacts.Cost, cost);
    }

    /// <summary>A payment or refund of this person, as many times.</summary>
    public void AddPayment(int person, int costKey, long timestamp, int times, Int128 cents)
    {
        AddTo(costs, person, costKey, timestamp, CostFacts.Payments, times);
        AddTo(costs, person, costKey, timestamp, CostFacts.Revenue, cents * times);
    }

    void AddTo(CommitFacts section, int first, int second, long timestamp, int sum, Int128 amount)
    {
        if (timestamp >= From && timestamp < To)
            section.Add(section.Section.KeyOf(timestamp, first, second), sum, amount);
    }

    void Add(int share, int person, long timestamp, int sum, Int128 amount) => AddTo(facts, share, person, timestamp, sum, amount);

    /// <summary>What changed, a section each.</summary>
    public IReadOnlyList<CommitFacts> Sections => [facts, costs];

    /// <summary>What changed of costs and revenue.</summary>
    public CommitFacts Costs => costs;

    /// <summary>
    /// Notes who may have lost their last event of a quarter hour: a set of people cannot tell how often somebody is in it.
    /// </summary>
    public IEnumerable<NpgsqlBatchCommand> Doubts(int workspace, long commit)
    {
        var lost = facts.FirstSums
            .Where(entry => entry.Key.Second != 0)
            .GroupBy(entry => (Person: entry.Key.Second, entry.Key.Slot), entry => entry.Amount)
            .Where(group => group.Sum() < 0).Select(group => group.Key).ToList();
        if (lost.Count > 0)
            yield return Sql.Statement("""
                insert into activity_doubts (workspace_id, person, quarter, commit)
                select $1, person, quarter, $2
                from unnest($3, $4) as lost (person, quarter)
                on conflict (workspace_id, person, quarter) do update
                set commit = excluded.commit
                """,
                [workspace, commit, lost.Select(key => key.Person).ToArray(), lost.Select(key => key.Slot).ToArray()]);
    }
}
