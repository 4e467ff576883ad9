using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Analytics.Benchmarks;

/// <summary>A Redis of this run's own.</summary>
public sealed class RedisUnderTest : IAsyncDisposable
{
    readonly Process process;

    RedisUnderTest(Process process, string address) => (this.process, Address) = (process, address);

    public string Address { get; }

    public static async Task<RedisUnderTest> StartAsync(CancellationToken cancel)
    {
        int port;
        using (var listener = new TcpListener(IPAddress.Loopback, 0))
        {
            listener.Start();
            port = ((IPEndPoint)listener.LocalEndpoint).Port;
        }

        var start = new ProcessStartInfo("/bin/sh", ["-c", $"exec redis-server --bind 127.0.0.1 --port {port} --save '' --appendonly no > /dev/null"])
        {
            WorkingDirectory = Path.GetTempPath(),
        };
        var redis = new RedisUnderTest(Process.Start(start)!, $"127.0.0.1:{port}");
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < TimeSpan.FromSeconds(20); await Task.Delay(20, cancel))
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync("127.0.0.1", port, cancel);
                return redis;
            }
            catch (SocketException)
            {
                // Not yet.
            }

        throw new InvalidOperationException("redis-server did not start; is it installed?");
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
