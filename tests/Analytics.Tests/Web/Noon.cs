namespace Analytics.Tests.Web;

/// <summary>A zone where it is just past noon whenever the tests run: today has begun there, and no story lives over a midnight.</summary>
sealed record Noon(string Zone, DateTimeOffset Midnight)
{
    public static Noon Now()
    {
        var now = TimeProvider.System.GetUtcNow();
        var ahead = 12 - now.Hour;
        // Names of these zones count the hours behind.
        var zone = ahead == 0 ? "Etc/GMT" : $"Etc/GMT{-ahead:+0;-0}";
        return new(zone, new DateTimeOffset(now.ToOffset(TimeSpan.FromHours(ahead)).Date, TimeSpan.FromHours(ahead)));
    }

    /// <summary>One in the morning, today or some days ago.</summary>
    public DateTimeOffset Morning(int daysAgo = 0) => Midnight.AddDays(-daysAgo).AddHours(1);

    /// <summary>The date of today or some days ago, as addresses have it.</summary>
    public string Date(int daysAgo = 0) => $"{Midnight.AddDays(-daysAgo):yyyy-MM-dd}";

    /// <summary>An hour of today in words.</summary>
    public string Hour(int hour) => FormattableString.Invariant($"{Midnight:ddd d MMM yyyy}, {hour:00}:00–{hour + 1:00}:00");

    /// <summary>The day in words.</summary>
    public string Day(int daysAgo = 0) => FormattableString.Invariant($"{Midnight.AddDays(-daysAgo):dddd d MMM yyyy}");
}
