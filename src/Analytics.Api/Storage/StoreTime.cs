namespace Analytics.Storage;

/// <summary>The clock as the store keeps it: an answer must not change its last digit once it was stored.</summary>
static class StoreTime
{
    /// <summary>Now, cut to the microsecond.</summary>
    public static DateTimeOffset GetStoreNow(this TimeProvider time) => ToMicroseconds(time.GetUtcNow());

    public static DateTimeOffset ToMicroseconds(this DateTimeOffset instant) =>
        new(instant.UtcTicks - instant.UtcTicks % TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);
}
