using Npgsql;

namespace Analytics.Storage;

/// <summary>The write queue is full; the client should come back later. Becomes 429 or 503 with Retry-After.</summary>
sealed class OverloadedException(int retryAfterSeconds) : Exception("The service takes no more writes right now.")
{
    public int RetryAfterSeconds { get; } = retryAfterSeconds;
}

/// <summary>Whether a failure says that the store cannot be reached now, is stopping or starting, or is full: it passes.</summary>
static class StoreAway
{
    public static bool Is(Exception failure) => failure switch
    {
        PostgresException postgres => postgres.SqlState is ['5', '7', 'P', ..] or ['5', '3', ..],
        NpgsqlOperationInProgressException => false,
        NpgsqlException or TimeoutException => true,
        _ => failure.InnerException is { } inner && Is(inner),
    };
}
