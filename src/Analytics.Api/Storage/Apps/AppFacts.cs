using Analytics.Storage.Cells;
using Analytics.Storage.Facts;

namespace Analytics.Storage.Apps;

/// <summary>What a row of <c>app_facts</c> is.</summary>
enum AppFact : short
{
    View = 1,
    Device = 2,
    Download = 3,
    StorageChange = 4,
}

/// <summary>What views, devices, downloads and changes of storage count for, by app and day in UTC.</summary>
static class AppFacts
{
    /// <summary>Sum of <see cref="Views"/>.</summary>
    public const int ViewCount = 0;

    /// <summary>Sum of <see cref="Devices"/>: how often devices were told of.</summary>
    public const int DeviceCount = 0;

    /// <summary>Sums of <see cref="Traffic"/>; the last two are bytes.</summary>
    public const int Downloads = 0;
    public const int StorageChanges = 1;
    public const int Bandwidth = 2;
    public const int Storage = 3;

    /// <summary>Whether such a fact says how many bytes.</summary>
    public static bool HasAmount(AppFact what) => what is AppFact.Download or AppFact.StorageChange;

    public static readonly Section Views = new(5, "views", Grain.Day, [Dimension.App, Dimension.Viewer], ["views"]);

    public static readonly Section Devices = new(6, "devices", Grain.Day, [Dimension.App, Dimension.Device], ["devices told of"]);

    public static readonly Section Traffic = new(
        7, "traffic", Grain.Day, [Dimension.App], ["downloads", "changes of storage", "bytes downloaded", "bytes stored"]);
}

/// <summary>What invocations of apps' server routes count for, by app and day in UTC. The maximum is the largest peak of memory.</summary>
static class InvocationFacts
{
    public const int Invocations = 0;

    /// <summary>Those with an error or a status of 500 and more.</summary>
    public const int Failed = 1;

    /// <summary>Microseconds.</summary>
    public const int Duration = 2;

    public static readonly Section Section = new(
        8, "invocations", Grain.Day, [Dimension.App], ["invocations", "failed invocations", "duration"]);

    public static bool HasFailed(int status, bool hasError) => hasError || status >= 500;
}
