using System.Text.Json.Serialization;
using Analytics.Http;

namespace Analytics.Features.AppStatistics;

/// <summary>What an app came to in some days.</summary>
/// <param name="Data">Devices and storage of the last day, and the bandwidth of all.</param>
/// <param name="Previous">The same of the days that they are compared with, where that is asked for and there are such dates.</param>
public sealed record AppStatisticsAnswer(
    StatisticsRow Data, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] StatisticsRow? Previous);

/// <summary>What the apps of some workspaces came to, day by day.</summary>
/// <param name="Data">Every day of the range.</param>
/// <param name="ByApp">The same of each app, by their natural ids, where that is asked for.</param>
/// <param name="Previous">Every day of those that they are compared with, where that is asked for.</param>
public sealed record ScopeStatisticsAnswer(
    IReadOnlyList<StatisticsRow> Data,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<StatisticsOfApp>? ByApp,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<StatisticsRow>? Previous)
    : IColumns
{
    static readonly string[] Plain = ["date", "mau", "storage", "bandwidth"];

    internal bool HasRatios { get; init; }

    IReadOnlyList<string> IColumns.Columns => HasRatios ? [.. Plain, "bandwidth_per_user", "storage_per_app"] : Plain;
}

/// <summary>What an app came to, day by day.</summary>
/// <param name="AppId">The app.</param>
/// <param name="NaturalId">What people call it.</param>
/// <param name="Data">Every day of the range.</param>
public sealed record StatisticsOfApp(Guid AppId, string NaturalId, IReadOnlyList<StatisticsRow> Data);

/// <summary>A day.</summary>
/// <param name="Date">The day, in UTC.</param>
/// <param name="Mau">Monthly active users: the distinct devices of the 30 days that end with it.</param>
/// <param name="Storage">The bytes that are stored at its end: the sum of all changes until then.</param>
/// <param name="Bandwidth">The bytes that were downloaded.</param>
/// <param name="BandwidthPerUser">Bandwidth by monthly active users, where ratios are asked for.</param>
/// <param name="StoragePerApp">Storage by apps that have changed what they store until then, where ratios are asked for.</param>
public sealed record StatisticsRow(
    DateOnly Date,
    long Mau,
    ExactNumber Storage,
    ExactNumber Bandwidth,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ExactNumber? BandwidthPerUser,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ExactNumber? StoragePerApp)
{
    internal static StatisticsRow Of(DateOnly date, DayFigures figures, bool ratios) => new(
        date, figures.Devices, ExactNumber.Of(figures.Storage), ExactNumber.Of(figures.Bandwidth),
        ratios ? ExactNumber.Quotient(figures.Bandwidth, figures.Devices) : null,
        ratios ? ExactNumber.Quotient(figures.Storage, figures.Apps) : null);
}

/// <summary>A day: devices of its window, bytes stored at its end and downloaded on it, apps that have changed what they store.</summary>
readonly record struct DayFigures(long Devices, Int128 Storage, Int128 Bandwidth, long Apps)
{
    public static DayFigures operator +(DayFigures one, DayFigures other) => new(
        one.Devices + other.Devices, one.Storage + other.Storage, one.Bandwidth + other.Bandwidth, one.Apps + other.Apps);

    /// <summary>Puts in what the windows of some days hold.</summary>
    public static void SetDevices(DayFigures[] days, int[] counts)
    {
        for (var place = 0; place < days.Length; place++)
            days[place] = days[place] with { Devices = counts[place] };
    }
}
