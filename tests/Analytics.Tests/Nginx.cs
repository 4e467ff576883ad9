using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Analytics.Tests;

/// <summary>A real nginx, run from a directory that holds its <c>nginx.conf</c> and takes its <c>error.log</c>.</summary>
sealed class Nginx(string directory, int port, params (string Name, string Value)[] environment) : IAsyncDisposable
{
    readonly Process process = Start(directory, environment);

    /// <summary>Waits until it takes connections.</summary>
    public Task ListensAsync() => Until.HoldsAsync(IsListeningAsync, $"nginx does not listen, see {directory}/error.log.");

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    static Process Start(string directory, (string Name, string Value)[] environment)
    {
        var program = File.Exists("/usr/sbin/nginx") ? "/usr/sbin/nginx" : "nginx";
        var start = new ProcessStartInfo(program, ["-e", "error.log", "-p", directory, "-c", "nginx.conf"]) { UseShellExecute = false };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    async Task<bool> IsListeningAsync()
    {
        if (process.HasExited)
            Assert.Fail($"nginx has ended: {await File.ReadAllTextAsync(Path.Combine(directory, "error.log"))}");
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
