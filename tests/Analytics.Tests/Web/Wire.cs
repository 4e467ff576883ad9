using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Analytics.Tests.Web;

/// <summary>A line to something that listens on this machine. It can be cut in the middle of what it carries, and stay dead.</summary>
sealed class Wire : IAsyncDisposable
{
    readonly TcpListener listener = new(IPAddress.Loopback, 0);
    readonly ConcurrentDictionary<TcpClient, byte> ends = [];
    readonly int to;
    readonly Task accepting;
    volatile bool isDead;
    long left = long.MaxValue;

    Wire(int to)
    {
        this.to = to;
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>The service, through it.</summary>
    public Uri Address => new($"http://127.0.0.1:{Port}");

    /// <summary>How often it was cut.</summary>
    public int Cuts { get; private set; }

    public static Wire To(int port) => new(port);

    /// <summary>Cuts whatever is open once so many more bytes have come back.</summary>
    public void CutAfter(long bytes) => Volatile.Write(ref left, bytes);

    /// <summary>Cuts whatever is open; nothing comes through until it is mended.</summary>
    public void Break()
    {
        isDead = true;
        Cut();
    }

    public void Mend() => isDead = false;

    public async ValueTask DisposeAsync()
    {
        listener.Stop();
        await accepting;
        Break();
    }

    void Cut()
    {
        Volatile.Write(ref left, long.MaxValue);
        Cuts++;
        foreach (var end in ends.Keys)
            end.Close();
    }

    async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = CarryAsync(await listener.AcceptTcpClientAsync());
        }
        catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException)
        {
            // Nobody comes any more.
        }
    }

    async Task CarryAsync(TcpClient near)
    {
        using var far = new TcpClient();
        ends[near] = ends[far] = 0;
        try
        {
            if (isDead)
                return;
            await far.ConnectAsync(IPAddress.Loopback, to);
            await Task.WhenAny(CarryAsync(near, far, isBack: false), CarryAsync(far, near, isBack: true));
        }
        catch (SocketException)
        {
            // Nobody listens there.
        }
        finally
        {
            near.Close();
            ends.TryRemove(near, out _);
            ends.TryRemove(far, out _);
        }
    }

    async Task CarryAsync(TcpClient from, TcpClient into, bool isBack)
    {
        var buffer = new byte[4096];
        try
        {
            for (int read; (read = await from.GetStream().ReadAsync(buffer)) > 0;)
            {
                var carried = isBack ? (int)Math.Min(read, Volatile.Read(ref left)) : read;
                await into.GetStream().WriteAsync(buffer.AsMemory(0, carried));
                if (isBack && Volatile.Read(ref left) < long.MaxValue && Interlocked.Add(ref left, -carried) <= 0)
                    Cut();
            }
        }
        catch (Exception cut) when (cut is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // One end is gone: the other one goes too.
        }
    }
}
