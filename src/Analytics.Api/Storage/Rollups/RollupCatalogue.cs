namespace Analytics.Storage.Rollups;

/// <summary>
/// Every rollup there is, a row each in the class of the facts it adds up. Whatever reads or writes rollups goes by this list: a row
/// added there is flushed, merged, read, recounted, sealed and verified.
/// </summary>
static class RollupCatalogue
{
    public static readonly Rollup[] All =
    [
        .. EventRollups.All, .. SalesRollups.All, .. RequestRollups.All, .. AppRollups.All, .. LogRollups.All, .. CostRollups.All,
        .. McpRollups.All, .. UsageRollups.All,
    ];
}
