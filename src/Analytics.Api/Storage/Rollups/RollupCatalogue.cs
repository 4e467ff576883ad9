using Analytics.Storage.Cells;
using Analytics.Storage.Facts;
using Analytics.Storage.Requests;
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

    const Grains AllFromQuarters =
        Grains.QuarterHour | Grains.Hour | Grains.Day | Grains.Month | Grains.LocalDay | Grains.LocalMonth;

    /// <summary>How many events people had and what those cost, over time.</summary>
    public static readonly Rollup Customers = new(
        6, "customers", [EventFacts.Section], Dimension.None, Dimension.Person, AllFromQuarters);

    /// <summary>All requests over time, by status: all that the section says.</summary>
    public static readonly Rollup Requests = new(
        7, "requests", [RequestFacts.Minutes], Dimension.None, Dimension.Status, AllFromQuarters | Grains.Minute)
    {
        Values = true,
    };

    /// <summary>Requests of some people, by endpoint and status: all that the section says.</summary>
    public static readonly Rollup PeopleRequests = new(
        8, "people's requests", [RequestFacts.Section], Dimension.Person, Dimension.EndpointStatus,
        Grains.QuarterHour | Grains.Day | Grains.LocalDay)
    {
        Values = true, CoarseFromBytes = 4 * 1024 * 1024,
    };

    /// <summary>Requests of some endpoints, by status.</summary>
    public static readonly Rollup EndpointRequests = new(
        9, "endpoints' requests", [RequestFacts.Section], Dimension.Endpoint, Dimension.Status, AllFromQuarters)
    {
        Values = true,
    };

    /// <summary>Requests over time, by endpoint, and who made them.</summary>
    public static readonly Rollup Endpoints = new(
        10, "endpoints", [RequestFacts.Section], Dimension.None, Dimension.Endpoint, AllFromQuarters)
    {
        Values = true, Set = Dimension.Person,
    };

    /// <summary>How many requests people made, over time.</summary>
    public static readonly Rollup Callers = new(
        11, "callers", [RequestFacts.Section], Dimension.None, Dimension.Person, AllFromQuarters);

    /// <summary>What the requests of some people come to together: an hour of a large customer is one cell, not hundreds.</summary>
    public static readonly Rollup PeopleTotals = new(
        12, "people's totals", [RequestFacts.Section], Dimension.Person, Dimension.None,
        Grains.QuarterHour | Grains.Hour | Grains.Day | Grains.LocalDay)
    {
        Values = true, CoarseFromBytes = 4 * 1024 * 1024,
    };

    public static readonly Rollup[] All =
    [
        Timeline, People, Activity, PeopleActivity, ShareActivity, Customers,
        Requests, PeopleRequests, EndpointRequests, Endpoints, Callers, PeopleTotals,
    ];
}
