using System.Runtime.InteropServices;
using Analytics.Storage.Business;
using Analytics.Storage.Facts;
using Npgsql;

namespace Analytics.Storage.Sales;

/// <summary>What one commit, or a recount, adds to the sales of shares and people, and to costs and revenue.</summary>
sealed class CommitSales
{
    readonly CommitFacts facts = new(SalesFacts.Section);
    readonly CommitFacts costs = new(CostFacts.Section);
    readonly CommitFacts subscriptions = new(CostFacts.OfSubscriptions);

    // By whole cost keys, until it is known what those are without subscriptions.
    readonly Dictionary<FactKey, CostChange> changes = [];

    /// <summary>Only what counts at these times, in microseconds since 1970, is taken.</summary>
    public long From { get; init; } = long.MinValue;

    /// <summary>The first time that is not taken any more.</summary>
    public long To { get; init; } = long.MaxValue;

    /// <summary>Whether costs and payments are taken.</summary>
    public bool HasCosts { get; init; } = true;

    public void Clear()
    {
        facts.Clear();
        costs.Clear();
        subscriptions.Clear();
        changes.Clear();
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
    public void AddCost(int person, int costKey, long timestamp, long events, Int128 cost) =>
        Add(person, costKey, timestamp, new(events, 0, cost, 0));

    /// <summary>A payment or refund of this person, as many times.</summary>
    public void AddPayment(int person, int costKey, long timestamp, int times, Int128 cents) =>
        Add(person, costKey, timestamp, new(0, times, 0, cents * times));

    void Add(int person, int costKey, long timestamp, CostChange change)
    {
        if (!HasCosts || !IsTaken(timestamp))
            return;
        ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(changes, costs.Section.KeyOf(timestamp, person, costKey), out _);
        sum = new(sum.Costs + change.Costs, sum.Payments + change.Payments, sum.Cost + change.Cost, sum.Revenue + change.Revenue);
    }

    void Add(int share, int person, long timestamp, int sum, Int128 amount)
    {
        if (IsTaken(timestamp))
            facts.Add(facts.Section.KeyOf(timestamp, share, person), sum, amount);
    }

    bool IsTaken(long timestamp) => timestamp >= From && timestamp < To;

    /// <summary>The cost keys of what changed and is not counted yet; what names nothing at all has none.</summary>
    public IEnumerable<int> CostKeys => changes.Keys.Select(key => key.Second).Where(key => key != 0);

    /// <summary>Counts costs and payments in their sections, in one of which subscriptions are told apart.</summary>
    /// <param name="plain">What each cost key is without its subscription (<see cref="PlainKeys"/>).</param>
    public void CountCosts(IReadOnlyDictionary<int, int> plain)
    {
        foreach (var (key, change) in changes)
        {
            var plainKey = key with { Second = plain.GetValueOrDefault(key.Second, key.Second) };
            change.AddTo(costs, plainKey, 1);
            if (plainKey == key)
                continue;
            change.AddTo(subscriptions, key, 1);
            change.AddTo(subscriptions, plainKey, -1);
        }

        changes.Clear();
    }

    /// <summary>What changed, a section each.</summary>
    public IReadOnlyList<CommitFacts> Sections => [facts, .. Costs];

    /// <summary>What changed of costs and revenue, where they were counted.</summary>
    public IReadOnlyList<CommitFacts> Costs => [costs, subscriptions];

    readonly record struct CostChange(long Costs, long Payments, Int128 Cost, Int128 Revenue)
    {
        public void AddTo(CommitFacts section, FactKey key, int times)
        {
            section.Add(key, Costs * times, Payments * times, Cost * times);
            section.Add(key, CostFacts.Revenue, Revenue * times);
        }
    }

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
