namespace Analytics.Benchmarks;

/// <summary>Looks at the service's resident memory five times a second while something is measured.</summary>
public sealed class MemoryWatch : IAsyncDisposable
{
    readonly CancellationTokenSource stop = new();
    readonly int pid;
    readonly Task watching;

    public MemoryWatch(int pid)
    {
        this.pid = pid;
        watching = WatchAsync();
    }

    /// <summary>The most it was since the watch began, in megabytes.</summary>
    public double PeakMegabytes { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await watching;
        stop.Dispose();
    }

    async Task WatchAsync()
    {
        while (!stop.IsCancellationRequested)
        {
            PeakMegabytes = Math.Max(PeakMegabytes, ProcessFigures.ResidentMegabytes(pid));
            await Task.Delay(200, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
