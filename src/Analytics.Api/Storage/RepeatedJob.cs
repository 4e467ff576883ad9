namespace Analytics.Storage;

/// <summary>
/// Work in the background that goes on until none is left, then waits to be woken; it also looks every ten seconds for what
/// other nodes left behind. A failure is logged and tried again; it never ends the service.
/// </summary>
public abstract class RepeatedJob(StoreReadiness readiness, TimeProvider clock, ILogger log) : BackgroundService
{
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    readonly Signal work = new();

    protected TimeProvider Clock => clock;

    /// <summary>Called when there is work: no need to wait for the next look.</summary>
    public void Wake() => work.Raise();

    /// <summary>Does what there is to do.</summary>
    protected abstract Task WorkAsync(CancellationToken cancel);

    protected sealed override async Task ExecuteAsync(CancellationToken cancel)
    {
        try
        {
            await readiness.WhenMigratedAsync(cancel);
            using var look = clock.CreateTimer(_ => Wake(), null, Pause, Pause);
            while (true)
            {
                await TryAsync(cancel);
                await work.WaitAsync(cancel);
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
