using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Analytics.Benchmarks;

/// <summary>What came back. <paramref name="Body"/> is valid until the connection's next request.</summary>
public readonly record struct Answer(int Status, int? RetryAfter, ReadOnlyMemory<byte> Body)
{
    public string Text => Encoding.UTF8.GetString(Body.Span);
}

/// <summary>
/// One keep-alive HTTP/1.1 connection over a bare socket. The client runs on the cores of what it measures, and this
/// costs a fraction of a general HTTP client.
/// </summary>
public sealed class KeepAlive : IDisposable
{
    readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    readonly Utf8Text body = new();
    byte[] buffer = new byte[16 * 1024];
    int start;
    int end;

    public static async Task<KeepAlive> OpenAsync(int port, CancellationToken cancel)
    {
        var connection = new KeepAlive();
        await connection.socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancel);
        return connection;
    }

    public static byte[] Get(string pathAndQuery, string key) =>
        Encoding.ASCII.GetBytes($"GET {pathAndQuery} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {key}\r\n\r\n");

    public async ValueTask<Answer> SendAsync(ReadOnlyMemory<byte> request, CancellationToken cancel)
    {
        while (!request.IsEmpty)
            request = request[await socket.SendAsync(request, cancel)..];
        var (status, retryAfter, length) = await ReadHeadAsync(cancel);
        body.Clear();
        if (length >= 0)
            await TakeAsync(length, cancel);
        else
            await ReadChunksAsync(cancel);
        return new(status, retryAfter, body.Memory);
    }

    public void Dispose() => socket.Dispose();

    async ValueTask<(int Status, int? RetryAfter, int Length)> ReadHeadAsync(CancellationToken cancel)
    {
        int at;
        while ((at = buffer.AsSpan(start, end - start).IndexOf("\r\n\r\n"u8)) < 0)
            await FillAsync(cancel);
        var head = buffer.AsSpan(start, at + 2);
        start += at + 4;
        if (!Utf8Parser.TryParse(head["HTTP/1.1 ".Length..], out int status, out _))
            throw new IOException("The answer is no HTTP.");
        return (status, Header(head, "\r\nRetry-After: "u8), Header(head, "\r\nContent-Length: "u8) ?? (status == 204 ? 0 : -1));
    }

    async ValueTask ReadChunksAsync(CancellationToken cancel)
    {
        while (true)
        {
            int line;
            while ((line = buffer.AsSpan(start, end - start).IndexOf("\r\n"u8)) < 0)
                await FillAsync(cancel);
            if (!Utf8Parser.TryParse(buffer.AsSpan(start, line), out int size, out _, 'x'))
                throw new IOException("The answer is neither chunked nor of known length.");
            start += line + 2;
            await TakeAsync(size, cancel);
            while (end - start < 2)
                await FillAsync(cancel);
            start += 2;
            if (size == 0)
                return;
        }
    }

    async ValueTask TakeAsync(int bytes, CancellationToken cancel)
    {
        while (bytes > 0)
        {
            if (end == start)
                await FillAsync(cancel);
            var taken = Math.Min(bytes, end - start);
            body.Add(buffer.AsSpan(start, taken));
            start += taken;
            bytes -= taken;
        }
    }

    async ValueTask FillAsync(CancellationToken cancel)
    {
        if (start == end)
            start = end = 0;
        else if (end == buffer.Length)
        {
            if (start == 0)
                Array.Resize(ref buffer, buffer.Length * 2);
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
        }

        var received = await socket.ReceiveAsync(buffer.AsMemory(end), cancel);
        if (received == 0)
            throw new IOException("The service closed the connection.");
        end += received;
    }

    static int? Header(ReadOnlySpan<byte> head, ReadOnlySpan<byte> name)
    {
        var at = head.IndexOf(name);
        return at >= 0 && Utf8Parser.TryParse(head[(at + name.Length)..], out int value, out _) ? value : null;
    }
}
