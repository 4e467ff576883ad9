using System.Buffers.Text;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Analytics.Benchmarks;

/// <summary>
/// A reader of a workspace's stream over a bare socket: finds the numbers of a <see cref="StreamLoad"/>, checks that each comes once and
/// in its lane's order, and notes how long after the answer it came.
/// </summary>
public sealed class StreamClient : IDisposable
{
    public const int Milliseconds = 5_000;

    readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    readonly byte[] buffer = new byte[16 * 1024];
    readonly int[] next;
    readonly StreamLoad? load;
    readonly int[]? delays;

    StreamClient(StreamLoad? load, int[]? delays) => (this.load, this.delays, next) = (load, delays, new int[load?.Lanes ?? 0]);

    /// <summary>What came that should not have come then; null when all is well.</summary>
    public string? Wrong { get; private set; }

    public int Received => next.Sum();

    /// <summary>Opens a stream; without a load it never reads past the first lines.</summary>
    public static async Task<StreamClient> OpenAsync(
        int port, TestWorkspace workspace, StreamLoad? load, int[]? delays, CancellationToken cancel)
    {
        var client = new StreamClient(load, delays);
        if (load is null)
            client.socket.ReceiveBufferSize = 64 * 1024;
        await client.socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancel);
        await client.socket.SendAsync(Encoding.ASCII.GetBytes(
            $"GET /api/stream/workspaces/{workspace.Id} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {workspace.Key}\r\n\r\n"), cancel);
        var held = 0;
        while (client.buffer.AsSpan(0, held).IndexOf("retry: 3000"u8) < 0)
        {
            var received = await client.socket.ReceiveAsync(client.buffer.AsMemory(held), cancel);
            if (received == 0 || (held >= 12 && !client.buffer.AsSpan(0, held).StartsWith("HTTP/1.1 200"u8)))
                throw new IOException("The stream was refused: " + Encoding.ASCII.GetString(client.buffer, 0, held));
            held += received;
        }

        if (load is not null)
            _ = Task.Run(client.ReadAsync, cancel);
        return client;
    }

    /// <summary>Whether everything acknowledged has come.</summary>
    public bool HasAll()
    {
        for (var lane = 0; lane < next.Length; lane++)
            if (Volatile.Read(ref next[lane]) < load!.SentOf(lane))
                return false;
        return true;
    }

    public void Dispose() => socket.Dispose();

    async Task ReadAsync()
    {
        try
        {
            var held = 0;
            while (await socket.ReceiveAsync(buffer.AsMemory(held)) is > 0 and var received)
            {
                held += received;
                var used = Scan(buffer.AsSpan(0, held), Stopwatch.GetTimestamp());
                buffer.AsSpan(used, held - used).CopyTo(buffer);
                held -= used;
            }

            Wrong ??= "the stream was ended";
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            Wrong ??= "the connection was lost";
        }
    }

    /// <summary>How much of the text was looked at: a number may be cut by its end.</summary>
    int Scan(ReadOnlySpan<byte> text, long now)
    {
        const int Longest = 24;
        var at = 0;
        while (text[at..].IndexOf("\"n\":"u8) is >= 0 and var further)
        {
            if (at + further + Longest > text.Length)
                return at + further;
            at += further + 4;
            if (!Utf8Parser.TryParse(text[at..], out int number, out _))
                throw new InvalidOperationException("An event has no number.");
            Note(number / StreamLoad.LaneNumbers, number % StreamLoad.LaneNumbers, now);
        }

        return Math.Max(at, text.Length - 3);
    }

    void Note(int lane, int at, long now)
    {
        if (next[lane] != at)
            Wrong ??= $"lane {lane}: {at} came instead of {next[lane]}";
        Volatile.Write(ref next[lane], at + 1);
        if (delays is null)
            return;
        // Zero: it was here before its writer had the answer.
        var answered = load!.AcknowledgedAt(lane, at);
        var delay = answered == 0 ? 0 : (int)Stopwatch.GetElapsedTime(answered, now).TotalMilliseconds;
        Interlocked.Increment(ref delays[Math.Clamp(delay, 0, Milliseconds - 1)]);
    }
}
