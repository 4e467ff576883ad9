using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Analytics.Storage.Facts;

namespace Analytics.Storage.Writing;

/// <summary>Requests on their way to a commit. Bounded in bytes, those being written included.</summary>
sealed class WriteQueue(long maxBytes)
{
    readonly Channel<WriteRequest> requests = Channel.CreateUnbounded<WriteRequest>();
    long waiting;
    long all;

    /// <summary>Bytes nobody has taken yet.</summary>
    public long WaitingBytes => Interlocked.Read(ref waiting);

    public bool IsCompleted { get; private set; }

    /// <summary>False when there is no room, or the service is stopping.</summary>
    public bool TryAdd(WriteRequest request)
    {
        WriteMeter.Queued(request.Bytes);
        if (Interlocked.Add(ref all, request.Bytes) <= maxBytes)
        {
            Interlocked.Add(ref waiting, request.Bytes);
            if (requests.Writer.TryWrite(request))
                return true;
            Interlocked.Add(ref waiting, -request.Bytes);
        }

        Left(request);
        return false;
    }

    /// <summary>False when nothing will come any more.</summary>
    public ValueTask<bool> WaitAsync() => requests.Reader.WaitToReadAsync();

    public bool TryTake([NotNullWhen(true)] out WriteRequest? request)
    {
        if (!requests.Reader.TryRead(out request))
            return false;
        Interlocked.Add(ref waiting, -request.Bytes);
        return true;
    }

    /// <summary>The request was answered.</summary>
    public void Left(WriteRequest request)
    {
        Interlocked.Add(ref all, -request.Bytes);
        WriteMeter.Queued(-request.Bytes);
    }

    /// <summary>Takes no more; what is there is still to be taken.</summary>
    public void Complete()
    {
        IsCompleted = true;
        requests.Writer.TryComplete();
    }
}
