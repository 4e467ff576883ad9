namespace Analytics.Storage;

/// <summary>
/// Work in the background that goes on until none is left, then waits to be woken or looks again after ten seconds, for
/// what other nodes left behind. A failure is logged and tried again; it never ends the service.
/// </summary>
public abstract class RepeatedJob(StoreReadiness readiness, ILogger log) : BackgroundService
{
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    readonly SemaphoreSlim waiting = new(0);

    /// <summary>Called when there is work: no need to wait for the next look.</summary>
    public void Wake() => waiting.Release();

    /// <summary>Does what there is to do.</summary>
    protected abstract Task WorkAsync(CancellationToken cancel);

    protected sealed override async Task ExecuteAsync(CancellationToken cancel)
    {
        try
        {
            await readiness.WhenMigratedAsync(cancel);
            while (true)
            {
                await TryAsync(cancel);
                await waiting.WaitAsync(Pause, cancel);
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The service is stopping.
        }
    }

    async Task TryAsync(CancellationToken cancel)
    {
        try
        {
            await WorkAsync(cancel);
        }
        catch (Exception e) when (!cancel.IsCancellationRequested)
        {
            log.LogWarning("{Job} goes on later: {Reason}", GetType().Name, e.Message);
        }
    }
}
