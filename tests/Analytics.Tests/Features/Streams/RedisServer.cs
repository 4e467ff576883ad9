using System.Diagnostics;
using System.Net.Sockets;
using Analytics.PrivatePostgres;

namespace Analytics.Tests.Features.Streams;

/// <summary>A real Redis of the tests' own, which can be killed and started again.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    readonly int port = ClusterConfiguration.FreePort();
    Process? process;

    public string Address => $"127.0.0.1:{port}";

    public async Task StartAsync()
    {
        process = Process.Start(new ProcessStartInfo(
            "redis-server", ["--bind", "127.0.0.1", "--port", $"{port}", "--save", "", "--appendonly", "no", "--daemonize", "no"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            WorkingDirectory = Path.GetTempPath(),
        })!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        await Until.HoldsAsync(ListensAsync, "redis-server did not start.");
    }

    async Task<bool> ListensAsync()
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        if (process is null)
            return;
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        process = null;
    }

    public async ValueTask DisposeAsync() => await KillAsync();
}
