using Analytics.Storage.Cells;
using Analytics.Storage.Facts;

namespace Analytics.Storage.Rollups;

/// <summary>The rollups of the event log.</summary>
static class LogRollups
{
    /// <summary>
    /// How many events of which severity and category there are over time: all that the section says, and where rare ones are to be found.
    /// </summary>
    public static readonly Rollup Classes = new(
        21, "classes of the log", [LogFacts.Section], Dimension.None, Dimension.LogClass,
        Grains.Minute | Grains.Hour | Grains.Day | Grains.Month)
    {
        Values = true,
    };

    public static readonly Rollup[] All = [Classes];
}
