namespace Analytics.Storage.Sales;

/// <summary>Costs of events that name no customer: one event, or all of a quarter hour that name the same.</summary>
/// <param name="Share">The share they name; 0 for none.</param>
/// <param name="Subscription">The key of the subscription they name; empty for none.</param>
/// <param name="CostKey">What they are told apart by.</param>
/// <param name="Timestamp">Microseconds since 1970.</param>
/// <param name="Events">How many.</param>
/// <param name="Cost">What they cost, in units of 1e-12.</param>
readonly record struct CostCount(int Share, Guid Subscription, int CostKey, long Timestamp, long Events, Int128 Cost)
{
    /// <summary>Adds them for whoever owns them; -1 times takes them back.</summary>
    public void AddTo(CommitSales table, Owners owners, int times) =>
        table.AddCost(owners.Of(Share, Subscription), CostKey, Timestamp, Events * times, Cost * times);
}
