using System.IO.Pipelines;

namespace Analytics.Http;

/// <summary>A response's body that keeps the first bytes back, as long as they may be all: a small answer says how long it is.</summary>
sealed class SmallFirst : PipeWriter
{
    const int MaxKept = 64 * 1024;
    readonly PipeWriter body;
    long kept;

    SmallFirst(PipeWriter body) => this.body = body;

    long Written { get; set; }

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => Written - kept;

    /// <summary>Writes a body. A small one says how long it is; a large one leaves while it is made.</summary>
    public static async Task WriteAsync(HttpContext http, Func<PipeWriter, Task> write)
    {
        var first = new SmallFirst(http.Response.BodyWriter);
        await write(first);
        if (!http.Response.HasStarted)
            http.Response.ContentLength = first.Written;
        await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
    }

    public override Memory<byte> GetMemory(int sizeHint = 0) => body.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => body.GetSpan(sizeHint);

    public override void Advance(int bytes)
    {
        body.Advance(bytes);
        Written += bytes;
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        kept = Written;
        return Written <= MaxKept ? default : body.FlushAsync(cancellationToken);
    }

    public override void CancelPendingFlush() => body.CancelPendingFlush();

    public override void Complete(Exception? exception = null) => body.Complete(exception);
}
