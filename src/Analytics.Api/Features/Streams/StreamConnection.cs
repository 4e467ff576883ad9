using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using Analytics.Feed;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Analytics.Features.Streams;

/// <summary>The HTTP side of a stream: its answer's head, and bytes on their way to the client.</summary>
sealed class StreamConnection(HttpContext http, TimeProvider clock)
{
    // What the kernel takes on its own does not show as unread: a little is enough for a stream.
    const int KernelBuffer = 64 * 1024;

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    readonly PipeWriter body = http.Response.BodyWriter;
    readonly IConnectionLifetimeFeature? connection = http.Features.Get<IConnectionLifetimeFeature>();

    /// <summary>Whether a write that takes too long ends the stream: where nothing else bounds how long all is left unread.</summary>
    public bool IsImpatient { get; set; }

    /// <summary>Ends the connection although the client does not read.</summary>
    public void Abort() => http.Abort();

    /// <summary>Drops what the client has not read yet; good also after the request has ended.</summary>
    public void CutOff() => connection?.Abort();

    /// <summary>Sends the head of the answer and the first lines.</summary>
    public async Task StartAsync(byte[] idLine, bool isReset)
    {
        var response = http.Response;
        response.ContentType = "text/event-stream";
        response.Headers["X-Accel-Buffering"] = "no";
        // A page's EventSource may be of the product's origin; it reads by its token alone, for with * no browser hands over to another
        // origin what was asked for with a cookie.
        response.Headers.AccessControlAllowOrigin = "*";
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        // A quiet or a slow stream is no attack; what a client leaves unread is bounded elsewhere.
        if (http.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
            rate.MinDataRate = null;
        BoundKernelBuffer();

        // The id says where the stream starts: a client that is cut off before the first event loses nothing either.
        Add("retry: 3000\n"u8);
        Add(idLine);
        Add("\n"u8);
        if (isReset)
        {
            Add("event: reset\n"u8);
            Add(idLine);
            Add("data: {}\n\n"u8);
        }

        await body.FlushAsync();
    }

    void BoundKernelBuffer()
    {
        try
        {
            if (http.Features.Get<IConnectionSocketFeature>() is { Socket: { } socket })
                socket.SendBufferSize = KernelBuffer;
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            // The client is gone already.
        }
    }

    public void Add(ReadOnlySpan<byte> text) => body.Write(text);

    /// <summary>Sends what was added; takes as long as the client does.</summary>
    public ValueTask FlushAsync(Subscriber subscriber) => SendAsync(subscriber, body.FlushAsync());

    /// <summary>Sends what was added and a text.</summary>
    public ValueTask SendAsync(Subscriber subscriber, ReadOnlyMemory<byte> text) => SendAsync(subscriber, body.WriteAsync(text));

    async ValueTask SendAsync(Subscriber subscriber, ValueTask<FlushResult> sending)
    {
        if (sending.IsCompletedSuccessfully)
            return;
        subscriber.Writing(true);
        using var patience = IsImpatient
            ? clock.CreateTimer(static subscriber => ((Subscriber)subscriber!).EndSlow(), subscriber, Patience, Timeout.InfiniteTimeSpan)
            : null;
        try
        {
            await sending;
        }
        finally
        {
            subscriber.Writing(false);
        }
    }
}
