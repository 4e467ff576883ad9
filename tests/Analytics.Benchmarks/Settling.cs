using System.Diagnostics;

namespace Analytics.Benchmarks;

/// <summary>Waits until the service and its Postgres have finished what they put off.</summary>
public static class Settling
{
    /// <summary>Answers the processor seconds that went into it; gives up after ten.</summary>
    public static Task<double> WaitAsync(ServiceUnderTest service, CancellationToken cancel) =>
        WaitAsync(service, quietFor: 2, TimeSpan.FromSeconds(10), cancel);

    /// <summary>Waits until the service has done what it does only when nothing has come for seconds; gives up after three minutes.</summary>
    public static Task<double> RestAsync(ServiceUnderTest service, CancellationToken cancel) =>
        WaitAsync(service, quietFor: 20, TimeSpan.FromMinutes(3), cancel);

    static async Task<double> WaitAsync(ServiceUnderTest service, int quietFor, TimeSpan patience, CancellationToken cancel)
    {
        var start = service.Cpu;
        var quiet = 0;
        for (var clock = Stopwatch.StartNew(); quiet < quietFor && clock.Elapsed < patience;)
        {
            var before = service.Cpu;
            await Task.Delay(200, cancel);
            quiet = (service.Cpu - before).Server <= 0.02 ? quiet + 1 : 0;
        }

        return (service.Cpu - start).Server;
    }
}
