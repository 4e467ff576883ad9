using Analytics.Http;

namespace Analytics.Features.Apps;

/// <summary>How much an app is used. Days are those of UTC; 7 days are today and the 6 before, 30 days likewise.</summary>
/// <param name="AppId">The app.</param>
/// <param name="TotalViews">All views there ever were.</param>
/// <param name="UniqueViewers">The distinct viewers there ever were; views that name nobody are left out.</param>
/// <param name="Views7d">Views of 7 days.</param>
/// <param name="Views30d">Views of 30 days.</param>
/// <param name="LastViewedAt">When the last view was; null before the first.</param>
/// <param name="ViewsByDay">The 7 days, newest first.</param>
/// <param name="Api">Invocations of the app's server routes.</param>
/// <param name="Storage">The app's Postgres workspace.</param>
public sealed record AppStats(
    Guid AppId,
    long TotalViews,
    long UniqueViewers,
    long Views7d,
    long Views30d,
    DateTimeOffset? LastViewedAt,
    IReadOnlyList<ViewsOfDay> ViewsByDay,
    InvocationStats Api,
    StorageStats Storage);

/// <summary>Views of a day.</summary>
/// <param name="Day">The day.</param>
/// <param name="Count">How many there were.</param>
public sealed record ViewsOfDay(DateOnly Day, long Count);

/// <summary>Invocations of an app's server routes. One failed when an error was sent or its status was 500 and more.</summary>
/// <param name="TotalInvocations">All there ever were.</param>
/// <param name="Invocations7d">Those of 7 days.</param>
/// <param name="Invocations30d">Those of 30 days.</param>
/// <param name="AvgDurationMs">What those of 30 days took on average, in whole milliseconds.</param>
/// <param name="ErrorCount30d">Those of 30 days that failed.</param>
/// <param name="ErrorRate30d">The same in percent.</param>
/// <param name="PeakMemoryBytes">The most memory that one of 30 days had.</param>
/// <param name="TotalComputeMs">What those of 30 days took together.</param>
public sealed record InvocationStats(
    long TotalInvocations,
    long Invocations7d,
    long Invocations30d,
    long AvgDurationMs,
    long ErrorCount30d,
    ExactNumber ErrorRate30d,
    long PeakMemoryBytes,
    ExactNumber TotalComputeMs);

/// <summary>An app's Postgres workspace; without one nothing is taken of the quota.</summary>
/// <param name="HasWorkspace">Whether there is one.</param>
/// <param name="SchemaSize">What its tables take, with their indexes; one that is locked as it was last known.</param>
/// <param name="TableCount">How many tables there are, without views and <c>_migrations</c>.</param>
/// <param name="QuotaBytes">How much it may hold; 0 where there is none.</param>
/// <param name="QuotaPercent">How much of that is taken.</param>
public sealed record StorageStats(bool HasWorkspace, long SchemaSize, int TableCount, long QuotaBytes, ExactNumber QuotaPercent);

/// <summary>Invocations of an app's server routes.</summary>
/// <param name="Recent">The last 100, newest first.</param>
/// <param name="Daily">Today and the 29 days before, newest first.</param>
public sealed record AppApiStats(IReadOnlyList<RecentInvocation> Recent, IReadOnlyList<InvocationsOfDay> Daily);

/// <summary>An invocation.</summary>
/// <param name="Method">The method of the request, in capitals.</param>
/// <param name="Path">Its path.</param>
/// <param name="Username">Who called; null for nobody.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="DurationMs">What it took.</param>
/// <param name="StatusCode">What was answered.</param>
/// <param name="MemoryPeakBytes">The most memory that it had.</param>
/// <param name="Error">What went wrong; null unless it was sent.</param>
public sealed record RecentInvocation(
    string Method,
    string Path,
    string? Username,
    DateTimeOffset StartedAt,
    ExactNumber DurationMs,
    int StatusCode,
    long MemoryPeakBytes,
    string? Error);

/// <summary>Invocations of a day.</summary>
/// <param name="Day">The day.</param>
/// <param name="Count">How many there were.</param>
/// <param name="AvgDurationMs">What they took on average, in whole milliseconds.</param>
/// <param name="ErrorCount">How many failed.</param>
public sealed record InvocationsOfDay(DateOnly Day, long Count, long AvgDurationMs, long ErrorCount);
