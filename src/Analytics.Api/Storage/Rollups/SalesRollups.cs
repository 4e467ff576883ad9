using Analytics.Storage.Cells;
using Analytics.Storage.Facts;
using Analytics.Storage.Sales;

namespace Analytics.Storage.Rollups;

/// <summary>The rollups of what shares and payments come to, with what events cost and who is active.</summary>
static class SalesRollups
{
    /// <summary>
    /// What shares and payments come to over time, what everything costs, and the active people: without event types, so that a year
    /// of it is quickly read.
    /// </summary>
    public static readonly Rollup Activity = new(
        3, "activity", [EventFacts.Section, SalesFacts.Section], Dimension.None, Dimension.None,
        Grains.QuarterHour | Grains.Hour | Grains.Day | Grains.Month | Grains.LocalDay | Grains.LocalMonth | Grains.All)
    {
        Set = Dimension.Person, Presence = EventFacts.Active,
    };

    /// <summary>The same of some people.</summary>
    public static readonly Rollup PeopleActivity = new(
        4, "people's activity", [EventFacts.Section, SalesFacts.Section], Dimension.Person, Dimension.None, Grains.QuarterHour)
    {
        Set = Dimension.Person, Presence = EventFacts.Active,
    };

    /// <summary>The same of some shares, by person: all that the section says.</summary>
    public static readonly Rollup ShareActivity = new(
        5, "shares' activity", [SalesFacts.Section], Dimension.Share, Dimension.Person, Grains.QuarterHour)
    {
        Values = true, Set = Dimension.Person, Presence = EventFacts.Active,
    };

    public static readonly Rollup[] All = [Activity, PeopleActivity, ShareActivity];
}
