using Analytics.Storage.Business;
using Analytics.Storage.Cells;
using Analytics.Storage.Facts;
using Analytics.Storage.Requests;

namespace Analytics.Storage.Rollups;

/// <summary>The rollups of billable units and products.</summary>
static class UsageRollups
{
    /// <summary>Usage over time, of everybody together: all that the section says.</summary>
    public static readonly Rollup Usage = new(
        30, "usage", [UsageFacts.Everybody], Dimension.None, Dimension.Usage, GrainSets.FromQuarters)
    {
        Values = true,
    };

    /// <summary>Who has some usage: all that the section says.</summary>
    public static readonly Rollup UsagePeople = new(
        31, "usage's people", [UsageFacts.People], Dimension.Usage, Dimension.Person, GrainSets.OfLeads)
    {
        Values = true,
    };

    /// <summary>The usage of some people.</summary>
    public static readonly Rollup PeopleUsage = new(
        32, "people's usage", [UsageFacts.People], Dimension.Person, Dimension.Usage, GrainSets.OfLeads)
    {
        Values = true, CoarseFromBytes = 4 * 1024 * 1024,
    };

    /// <summary>How many events name which product: all that the section says.</summary>
    public static readonly Rollup ProductEvents = new(
        33, "products' events", [UsageFacts.Products], Dimension.None, Dimension.Product, GrainSets.FromQuarters)
    {
        Values = true,
    };

    /// <summary>How many requests name which product: all that the section says.</summary>
    public static readonly Rollup ProductRequests = new(
        34, "products' requests", [RequestFacts.Products], Dimension.None, Dimension.Product, GrainSets.FromQuarters)
    {
        Values = true,
    };

    public static readonly Rollup[] All = [Usage, UsagePeople, PeopleUsage, ProductEvents, ProductRequests];
}
