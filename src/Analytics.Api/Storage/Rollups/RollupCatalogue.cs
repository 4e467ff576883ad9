using Analytics.Storage.Cells;
using Analytics.Storage.Facts;
using Analytics.Storage.Sales;

namespace Analytics.Storage.Rollups;

/// <summary>
/// Every rollup there is, a row each. Whatever reads or writes rollups goes by this list: a row added here is flushed, merged, read,
/// recounted, sealed and verified.
/// </summary>
static class RollupCatalogue
{
    /// <summary>Numbers over time: by event type.</summary>
    public static readonly Rollup Timeline = new(
        1, "timeline", [EventFacts.Section], Dimension.None, Dimension.EventType,
        Grains.QuarterHour | Grains.Hour | Grains.Day | Grains.Month | Grains.LocalDay | Grains.LocalMonth | Grains.All)
    {
        Values = true, Set = Dimension.Person, Presence = cell => cell[EventFacts.Roots], Times = true,
    };

    /// <summary>Numbers of some people over time, by event type: all that the section says.</summary>
    public static readonly Rollup People = new(
        2, "people", [EventFacts.Section], Dimension.Person, Dimension.EventType, Grains.QuarterHour | Grains.Day | Grains.LocalDay)
    {
        Values = true, Set = Dimension.Person, Presence = cell => cell[EventFacts.Roots], CoarseFromBytes = 4 * 1024 * 1024,
    };

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

    public static readonly Rollup[] All = [Timeline, People, Activity, PeopleActivity, ShareActivity];
}
