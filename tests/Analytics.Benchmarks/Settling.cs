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
            quiet = (service.Cpu - before).Server <= 0.02 ? quiet + 1 : 0;
        }

        return (service.Cpu - start).Server;
    }
}
