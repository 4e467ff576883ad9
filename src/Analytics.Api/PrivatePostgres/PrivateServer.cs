using System.Runtime.Versioning;
using Microsoft.Extensions.Logging.Abstractions;

namespace Analytics.PrivatePostgres;

/// <summary>
/// A Postgres of this service's own, for when no connection string is set: started with it, restarted when it dies, stopped with it.
/// It lives in one directory, listens on 127.0.0.1 and on a socket in that directory, and touches no other cluster.
/// </summary>
sealed class PrivateServer(PrivateServerOptions options, ILogger? logger = null) : IAsyncDisposable
{
    readonly ILogger log = logger ?? NullLogger.Instance;
    readonly CancellationTokenSource stopping = new();
    DataDirectoryLock? held;
    PostgresCluster? cluster;
    Task supervision = Task.CompletedTask;

    /// <summary>The port on 127.0.0.1, the same after every restart while it is free.</summary>
    public int? Port => OperatingSystem.IsWindows() ? null : cluster?.Port;

    internal int? PostmasterId => OperatingSystem.IsWindows() ? null : cluster?.Postmaster?.ProcessId;

    /// <summary>Starts the server, or takes over one that a killed process left running, and answers its connection string.</summary>
    /// <exception cref="PrivateServerException">It cannot run here, or another process holds the data directory.</exception>
    public Task<string> StartAsync(CancellationToken cancel = default) => OperatingSystem.IsWindows()
        ? throw new PrivateServerException("The private Postgres runs on Linux and macOS. Set ConnectionStrings__Postgres here.")
        : HoldAndStartAsync(cancel);

    /// <summary>For commands beside a running service: uses the server of the process that holds the directory, else starts it.</summary>
    public async Task<string> AttachOrStartAsync(CancellationToken cancel = default)
    {
        try
        {
            return await StartAsync(cancel);
        }
        catch (DataDirectoryHeldException) when (!OperatingSystem.IsWindows())
        {
            return await PostgresCluster.RunningAsync(options, cancel);
        }
    }

    /// <summary>Stops supervision and the server; both may have been left out.</summary>
    public async Task StopAsync(CancellationToken cancel = default)
    {
        await stopping.CancelAsync();
        await supervision;
        if (!OperatingSystem.IsWindows() && cluster is not null)
            await cluster.StopAsync(cancel);
        cluster = null;
        held?.Dispose();
        held = null;
    }

    /// <summary>What a kill -9 of the service does: nobody supervises or stops the server any more, and the lock is gone.</summary>
    internal void Abandon()
    {
        stopping.Cancel();
        cluster = null;
        held?.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        stopping.Dispose();
    }

    [UnsupportedOSPlatform("windows")]
    async Task<string> HoldAndStartAsync(CancellationToken cancel)
    {
        try
        {
            held = DataDirectoryLock.Take(options.DataDirectory);
            cluster = await PostgresCluster.OpenAsync(options, cancel);
            await cluster.StartAsync(cancel);
            log.LogInformation("Postgres runs in {Directory} on port {Port}", options.ClusterDirectory, cluster.Port);
            supervision = SuperviseAsync(cluster, stopping.Token);
            return cluster.ConnectionString();
        }
        catch (Exception problem)
        {
            await StopAsync(CancellationToken.None);
            if (problem is UnauthorizedAccessException or IOException)
                throw new PrivateServerException(
                    $"{problem.Message} If the data directory belongs to another account, run as that one, or set ANALYTICS_DATA_DIR.");
            throw;
        }
    }

    [UnsupportedOSPlatform("windows")]
    async Task SuperviseAsync(PostgresCluster supervised, CancellationToken stop)
    {
        try
        {
            for (var failures = 0; ; await Task.Delay(TimeSpan.FromMilliseconds(failures == 0 ? 200 : 1000), stop))
                if (supervised.Postmaster is not { IsAlive: true })
                    failures = await RestartedAsync(supervised, stop) ? 0 : failures + 1;
        }
        catch (OperationCanceledException)
        {
            // The service is stopping.
        }
    }

    [UnsupportedOSPlatform("windows")]
    async Task<bool> RestartedAsync(PostgresCluster supervised, CancellationToken stop)
    {
        log.LogWarning("Postgres ended unexpectedly and is started again");
        try
        {
            await supervised.StartAsync(stop);
            log.LogInformation("Postgres answers again");
            return true;
        }
        catch (Exception problem) when (problem is not OperationCanceledException)
        {
            log.LogError(problem, "Postgres could not be started again; the next attempt follows in a second");
            return false;
        }
    }
}
