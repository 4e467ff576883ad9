using Analytics.Storage.Cells;
using Analytics.Storage.Facts;
using Analytics.Storage.Requests;

namespace Analytics.Storage.Rollups;

/// <summary>The rollups of API requests.</summary>
static class RequestRollups
{
    /// <summary>All requests over time, by status: all that the section says.</summary>
    public static readonly Rollup Requests = new(
        7, "requests", [RequestFacts.Minutes], Dimension.None, Dimension.Status, Grains.Minute | GrainSets.FromQuarters)
    {
        Values = true,
    };

    /// <summary>Requests of some people, by endpoint and status: all that the section says.</summary>
    public static readonly Rollup PeopleRequests = new(
        8, "people's requests", [RequestFacts.Section], Dimension.Person, Dimension.EndpointStatus, GrainSets.OfLeads)
    {
        Values = true, CoarseFromBytes = 4 * 1024 * 1024,
    };

    /// <summary>Requests of some endpoints, by status.</summary>
    public static readonly Rollup EndpointRequests = new(
        9, "endpoints' requests", [RequestFacts.Section], Dimension.Endpoint, Dimension.Status, GrainSets.OfMany)
    {
        Values = true,
    };

    /// <summary>Requests over time, by endpoint, and who made them.</summary>
    public static readonly Rollup Endpoints = new(
        10, "endpoints", [RequestFacts.Section], Dimension.None, Dimension.Endpoint, GrainSets.OfMany)
    {
        Values = true, Set = Dimension.Person,
    };

    /// <summary>How many requests people made, over time.</summary>
    public static readonly Rollup Callers = new(
        11, "callers", [RequestFacts.Section], Dimension.None, Dimension.Person, GrainSets.OfMany);

    /// <summary>What the requests of some people come to together: an hour of a large customer is one cell, not hundreds.</summary>
    public static readonly Rollup PeopleTotals = new(
        12, "people's totals", [RequestFacts.Section], Dimension.Person, Dimension.None, Grains.Hour | GrainSets.OfLeads)
    {
        Values = true, CoarseFromBytes = 4 * 1024 * 1024,
    };

    public static readonly Rollup[] All = [Requests, PeopleRequests, EndpointRequests, Endpoints, Callers, PeopleTotals];
}
