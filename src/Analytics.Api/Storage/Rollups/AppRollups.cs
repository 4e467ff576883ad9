using Analytics.Storage.Apps;
using Analytics.Storage.Cells;
using Analytics.Storage.Facts;

namespace Analytics.Storage.Rollups;

/// <summary>The rollups of apps: who viewed them, on which devices they run, what they transfer and store, how they are invoked.</summary>
static class AppRollups
{
    /// <summary>Views of some apps, by viewer: all that the section says.</summary>
    public static readonly Rollup ViewersOfApps = new(
        13, "viewers of apps", [AppFacts.Views], Dimension.App, Dimension.Viewer, Grains.Day)
    {
        Values = true,
    };

    /// <summary>Views of some apps over time, and of whom.</summary>
    public static readonly Rollup AppViews = new(
        14, "apps' views", [AppFacts.Views], Dimension.App, Dimension.None, Grains.Day | Grains.All)
    {
        Set = Dimension.Viewer, Times = true,
    };

    /// <summary>Devices of some apps: all that the section says.</summary>
    public static readonly Rollup DevicesOfApps = new(
        15, "devices of apps", [AppFacts.Devices], Dimension.App, Dimension.Device, Grains.Day)
    {
        Values = true,
    };

    /// <summary>The devices of some apps day by day, as sets.</summary>
    public static readonly Rollup AppDevices = new(
        16, "apps' devices", [AppFacts.Devices], Dimension.App, Dimension.None, Grains.Day)
    {
        Set = Dimension.Device,
    };

    /// <summary>The devices of all apps together, deleted ones included.</summary>
    public static readonly Rollup WorkspaceDevices = new(
        17, "workspace's devices", [AppFacts.Devices], Dimension.None, Dimension.None, Grains.Day)
    {
        Set = Dimension.Device,
    };

    /// <summary>What some apps transfer and store: all that the section says.</summary>
    public static readonly Rollup AppTraffic = new(
        18, "apps' traffic", [AppFacts.Traffic], Dimension.App, Dimension.None, Grains.Day | Grains.Month)
    {
        Values = true,
    };

    /// <summary>What all apps transfer and store together, deleted ones included, and which of them have changed what they store.</summary>
    public static readonly Rollup WorkspaceTraffic = new(
        19, "workspace's traffic", [AppFacts.Traffic], Dimension.None, Dimension.None, Grains.Day | Grains.Month)
    {
        Set = Dimension.App, Presence = cell => cell[AppFacts.StorageChanges],
    };

    /// <summary>How some apps were invoked: all that the section says.</summary>
    public static readonly Rollup AppInvocations = new(
        20, "apps' invocations", [InvocationFacts.Section], Dimension.App, Dimension.None, Grains.Day | Grains.All)
    {
        Values = true,
    };

    public static readonly Rollup[] All =
    [
        ViewersOfApps, AppViews, DevicesOfApps, AppDevices, WorkspaceDevices, AppTraffic, WorkspaceTraffic, AppInvocations,
    ];
}
