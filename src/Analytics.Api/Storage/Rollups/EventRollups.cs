using Analytics.Storage.Cells;
using Analytics.Storage.Facts;

namespace Analytics.Storage.Rollups;

/// <summary>The rollups of events: how many there are, what they cost, and what traces come to.</summary>
static class EventRollups
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
        2, "people", [EventFacts.Section], Dimension.Person, Dimension.EventType, GrainSets.OfLeads)
    {
        Values = true, Set = Dimension.Person, Presence = cell => cell[EventFacts.Roots], CoarseFromBytes = 4 * 1024 * 1024,
    };

    /// <summary>How many events people had and what those cost, over time.</summary>
    public static readonly Rollup Customers = new(
        6, "customers", [EventFacts.Section], Dimension.None, Dimension.Person, GrainSets.OfMany);

    public static readonly Rollup[] All = [Timeline, People, Customers];
}
