namespace Analytics.Sharing;

/// <summary>A body on its way: how it comes, and what ends it before it is complete.</summary>
sealed class BodyLease : IDisposable
{
    // So long without enough bytes is standing still.
    static readonly TimeSpan Still = TimeSpan.FromMilliseconds(500);

    // What is slower than over a slow mobile line.
    const int SlowestBytesASecond = 16 * 1024;

    readonly BodyRoom room;
    readonly CancellationTokenSource deadline;
    readonly CancellationTokenSource ended;
    long received;

    // Where it was when it last came fast enough.
    long markAt;
    long markBytes;
    bool isWaiting;

    internal BodyLease(BodyRoom room, Guid tenant, CancellationToken gone)
    {
        (this.room, Tenant, markAt) = (room, tenant, room.Clock.GetTimestamp());
        deadline = new CancellationTokenSource(BodyRoom.Longest, room.Clock);
        ended = CancellationTokenSource.CreateLinkedTokenSource(gone, deadline.Token);
    }

    public Guid Tenant { get; }

    /// <summary>Ends the reading: the client is gone, its time is over, or it gives way.</summary>
    public CancellationToken Ended => ended.Token;

    /// <summary>Whether its minute is over.</summary>
    public bool IsLate => deadline.IsCancellationRequested;

    /// <summary>Whether it stood still while another body wanted its room.</summary>
    public bool HasGivenWay { get; private set; }

    /// <summary>Since when it has not come fast enough; null while it does, or waits for room itself.</summary>
    public long? StillSince =>
        !Volatile.Read(ref isWaiting) && room.Clock.GetElapsedTime(Volatile.Read(ref markAt)) > Still ? Volatile.Read(ref markAt) : null;

    /// <summary>So many bytes have come, and wait for room.</summary>
    public void Came(long bytes)
    {
        Volatile.Write(ref isWaiting, true);
        received += bytes;
        var elapsed = room.Clock.GetElapsedTime(markAt);
        if (received - markBytes < elapsed.TotalSeconds * SlowestBytesASecond)
            return;
        markBytes = received;
        Volatile.Write(ref markAt, room.Clock.GetTimestamp());
    }

    /// <summary>What came has found room.</summary>
    public void Kept()
    {
        if (markBytes == received)
            Volatile.Write(ref markAt, room.Clock.GetTimestamp());
        Volatile.Write(ref isWaiting, false);
    }

    public void GiveWay()
    {
        HasGivenWay = true;
        try
        {
            ended.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It was complete a moment before.
        }
    }

    public void Dispose()
    {
        room.Close(this);
        ended.Dispose();
        deadline.Dispose();
    }
}
