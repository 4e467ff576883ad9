namespace Analytics.Storage;

/// <summary>
/// Tells what fails in the background: with its stack, or nobody could find the cause. That the store does not answer is one line, once
/// until something works again: whoever tries every second would flood the log with it.
/// </summary>
sealed class FailureLog(ILogger log)
{
    bool isAway;

    /// <summary>The store answers.</summary>
    public void Worked() => Volatile.Write(ref isAway, false);

    /// <summary>Something failed: <paramref name="what"/>, of whom; and what happens <paramref name="next"/>.</summary>
    public void Failed(Exception failure, string what, string next)
    {
        if (!StoreAway.Is(failure))
            log.LogWarning(failure, "{What} failed; {Next}", what, next);
        else if (!Interlocked.Exchange(ref isAway, true))
            log.LogWarning("{What} failed, the store does not answer; {Next}: {Reason}", what, next, failure.Message);
    }
}
