using System.Buffers;
using System.IO.Pipelines;

namespace Analytics.Http;

/// <summary>
/// A response's body that keeps the first bytes back, as long as they may be all: a small answer says how long it is, and of one that
/// fails before nothing has left.
/// </summary>
sealed class SmallFirst : PipeWriter
{
    const int MaxKept = 64 * 1024;
    readonly PipeWriter body;
    ArrayBufferWriter<byte>? kept = new();
    long unflushed;

    SmallFirst(PipeWriter body) => this.body = body;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => unflushed;

    /// <summary>Writes a body. A small one says how long it is; a large one leaves while it is made.</summary>
    public static async Task WriteAsync(HttpContext http, Func<PipeWriter, Task> write)
    {
        var first = new SmallFirst(http.Response.BodyWriter);
        await write(first);
        if (first.kept is { } all)
        {
            // What is given to the server counts as sent: an answer that came too late is none of it, and another one takes its place.
            http.RequestAborted.ThrowIfCancellationRequested();
            http.Response.ContentLength = all.WrittenCount;
        }

        first.LetGo();
        await http.Response.BodyWriter.FlushAsync(CancellationToken.None);
    }

    public override Memory<byte> GetMemory(int sizeHint = 0) => kept?.GetMemory(sizeHint) ?? body.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => kept is null ? body.GetSpan(sizeHint) : kept.GetSpan(sizeHint);

    public override void Advance(int bytes)
    {
        if (kept is null)
            body.Advance(bytes);
        else
            kept.Advance(bytes);
        unflushed += bytes;
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        unflushed = 0;
        if (kept is null)
            return body.FlushAsync(cancellationToken);
        if (kept.WrittenCount <= MaxKept)
            return default;
        // From here on the answer is on its way: what ends it now comes too late for another one.
        cancellationToken.ThrowIfCancellationRequested();
        LetGo();
        return body.FlushAsync(CancellationToken.None);
    }

    public override void CancelPendingFlush() => body.CancelPendingFlush();

    public override void Complete(Exception? exception = null) => body.Complete(exception);

    void LetGo()
    {
        if (kept is null)
            return;
        body.Write(kept.WrittenSpan);
        kept = null;
    }
}
