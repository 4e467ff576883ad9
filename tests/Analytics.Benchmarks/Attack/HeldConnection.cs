using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Analytics.Benchmarks.Attack;

/// <summary>A connection that does not do what the service hopes for: stops in the middle of a request, reads slowly or not at all.</summary>
public sealed class HeldConnection : IDisposable
{
    public const string Closed = "closed";

    const int Room = 64 * 1024;

    readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
    {
        NoDelay = true,
        ReceiveBufferSize = Room,
    };

    public static async Task<HeldConnection> OpenAsync(int port, CancellationToken cancel)
    {
        var connection = new HeldConnection();
        await connection.socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancel);
        return connection;
    }

    public async Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[await socket.SendAsync(bytes, cancel)..];
    }

    /// <summary>The status of the answer, whenever it comes; <see cref="Closed"/> when none does.</summary>
    public async Task<string> StatusAsync(byte[] buffer, CancellationToken cancel)
    {
        const int Start = 12;
        var held = 0;
        while (held < Start)
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(held), cancel);
            if (received == 0)
                return Closed;
            held += received;
        }

        return Utf8Parser.TryParse(buffer.AsSpan("HTTP/1.1 ".Length), out int status, out _)
            ? $"{status}"
            : throw new IOException("The answer is no HTTP: " + Encoding.ASCII.GetString(buffer, 0, held));
    }

    /// <summary>What comes until the text has come.</summary>
    public async Task<string> ReadUntilAsync(string end, CancellationToken cancel)
    {
        var text = "";
        var buffer = new byte[1024];
        while (!text.Contains(end, StringComparison.Ordinal))
            text += await socket.ReceiveAsync(buffer, cancel) is > 0 and var received
                ? Encoding.ASCII.GetString(buffer, 0, received)
                : throw new IOException($"The connection was closed after: {text}");
        return text;
    }

    /// <summary>Reads, with a rest after each piece, until the connection is closed or nothing has come for the time given.</summary>
    public async Task ReadAsync(byte[] buffer, TimeSpan rest, TimeSpan patience, CancellationToken cancel)
    {
        using var quiet = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        try
        {
            do
            {
                await Task.Delay(rest, cancel);
                quiet.CancelAfter(patience);
            }
            while (await socket.ReceiveAsync(buffer, quiet.Token) > 0);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // The answer is over; its connection stays open.
        }
    }

    public void Dispose() => socket.Dispose();
}
