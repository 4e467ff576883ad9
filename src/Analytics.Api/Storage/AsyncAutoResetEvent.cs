namespace Analytics.Storage;

/// <summary>Wakes the one that waits. Raised while nobody waits it is kept; raised several times it counts once.</summary>
sealed class AsyncAutoResetEvent
{
    readonly SemaphoreSlim gate = new(0);
    int raised;

    public void Raise()
    {
        if (Interlocked.Exchange(ref raised, 1) == 0)
            gate.Release();
    }

    public async Task WaitAsync(CancellationToken cancel = default)
    {
        await gate.WaitAsync(cancel);
        // Before the waiter looks for what it was woken for: a raise from now on is a new one.
        Interlocked.Exchange(ref raised, 0);
    }
}
