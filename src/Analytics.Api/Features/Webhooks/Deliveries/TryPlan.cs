namespace Analytics.Features.Webhooks.Deliveries;

/// <summary>When a delivery is tried: at once, then so long after its first try, until one succeeds.</summary>
static class TryPlan
{
    /// <summary>The time for a try: until an answer's headers are there.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <summary>After so long of nothing but failures a webhook is disabled.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromDays(5);

    static readonly TimeSpan[] After =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(1), TimeSpan.FromHours(3), TimeSpan.FromHours(8), TimeSpan.FromHours(24),
    ];

    /// <summary>
    /// When the next try is due after one that failed; null when it was the last one. What was not tried in time, because no node ran, is
    /// not made up for.
    /// </summary>
    public static DateTimeOffset? Next(DateTimeOffset first, DateTimeOffset failed) => After
        .Select(after => (DateTimeOffset?)(first + after)).FirstOrDefault(due => due > failed);
}
