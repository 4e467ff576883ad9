namespace Analytics.Storage;

/// <summary>
/// Work in the background, from when the schema is there until the service stops: goes on until none is left, then waits to be
/// woken; it also looks every now and then for what nobody woke it for, what other nodes left behind say. A failure is logged
/// and tried again; it ends neither the service nor the work.
/// </summary>
abstract class RepeatedJob(StoreReadiness readiness, TimeProvider clock, ILogger log) : BackgroundService
{
    readonly AsyncAutoResetEvent work = new();

    public TimeProvider Clock => clock;

    /// <summary>What it does, as the log names it: "Erasing customers".</summary>
    protected abstract string Work { get; }

    private protected FailureLog Failures { get; } = new(log);

    /// <summary>The time between two looks.</summary>
    protected virtual TimeSpan Pause => TimeSpan.FromSeconds(10);

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
        catch (Exception) when (cancel.IsCancellationRequested)
        {
            // The service is stopping, and with it whatever was under way.
        }
    }

    async Task TryAsync(CancellationToken cancel)
    {
        try
        {
            await WorkAsync(cancel);
            Failures.Worked();
        }
        catch (Exception e) when (!cancel.IsCancellationRequested)
        {
            Failures.Failed(e, Work, $"it is tried again within {Pause.TotalSeconds} s");
        }
    }
}
