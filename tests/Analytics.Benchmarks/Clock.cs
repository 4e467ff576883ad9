namespace Analytics.Benchmarks;

/// <summary>Now, in the unit that events are made in.</summary>
public static class Clock
{
    /// <summary>Microseconds since 1970.</summary>
    public static long Microseconds() => (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / 10;
}
