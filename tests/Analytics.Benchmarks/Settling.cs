using System.Diagnostics;

namespace Analytics.Benchmarks;

/// <summary>Waits until the service and its Postgres have finished what they put off.</summary>
public static class Settling
{
    /// <summary>Answers the processor seconds that went into it; gives up after ten.</summary>
    public static async Task<double> WaitAsync(ServiceUnderTest service, CancellationToken cancel)
    {
        var start = service.Cpu;
        var quiet = 0;
        for (var clock = Stopwatch.StartNew(); quiet < 2 && clock.Elapsed < TimeSpan.FromSeconds(10);)
        {
            var before = service.Cpu;
            await Task.Delay(200, cancel);
            var used = service.Cpu - before;
            quiet = used.Service + used.Postgres <= 0.02 ? quiet + 1 : 0;
        }

        var all = service.Cpu - start;
        return all.Service + all.Postgres;
    }
}
