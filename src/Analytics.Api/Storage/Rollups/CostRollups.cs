using Analytics.Storage.Business;
using Analytics.Storage.Cells;
using Analytics.Storage.Facts;

namespace Analytics.Storage.Rollups;

/// <summary>The rollups of costs and revenue.</summary>
static class CostRollups
{
    /// <summary>Those of some people, by cost key: all that the section says.</summary>
    public static readonly Rollup PeopleCosts = new(
        40, "people's costs", [CostFacts.Section], Dimension.Person, Dimension.CostKey, GrainSets.OfLeads)
    {
        Values = true, CoarseFromBytes = 4 * 1024 * 1024,
    };

    /// <summary>Those of everybody, by cost key.</summary>
    public static readonly Rollup CostKeys = new(
        41, "cost keys", [CostFacts.Section], Dimension.None, Dimension.CostKey, GrainSets.OfMany);

    /// <summary>Those of everybody, by person.</summary>
    public static readonly Rollup Payers = new(
        42, "costs by person", [CostFacts.Section], Dimension.None, Dimension.Person, GrainSets.OfMany);

    /// <summary>Those of some cost keys, by person.</summary>
    public static readonly Rollup KeysPeople = new(
        43, "cost keys by person", [CostFacts.Section], Dimension.CostKey, Dimension.Person, GrainSets.OfLeads)
    {
        CoarseFromBytes = 4 * 1024 * 1024,
    };

    /// <summary>What tells subscriptions apart of some people, by cost key: all that the section says.</summary>
    public static readonly Rollup PeopleSubscriptions = new(
        44, "people's subscriptions", [CostFacts.OfSubscriptions], Dimension.Person, Dimension.CostKey, GrainSets.OfLeads)
    {
        Values = true, CoarseFromBytes = 4 * 1024 * 1024,
    };

    /// <summary>The same of everybody.</summary>
    public static readonly Rollup Subscriptions = new(
        45, "subscriptions' cost keys", [CostFacts.OfSubscriptions], Dimension.None, Dimension.CostKey, GrainSets.OfMany);

    /// <summary>The same of some cost keys, by person.</summary>
    public static readonly Rollup SubscriptionsPeople = new(
        46, "subscriptions' cost keys by person", [CostFacts.OfSubscriptions], Dimension.CostKey, Dimension.Person, GrainSets.OfLeads)
    {
        CoarseFromBytes = 4 * 1024 * 1024,
    };

    public static readonly Rollup[] All =
        [PeopleCosts, CostKeys, Payers, KeysPeople, PeopleSubscriptions, Subscriptions, SubscriptionsPeople];
}
