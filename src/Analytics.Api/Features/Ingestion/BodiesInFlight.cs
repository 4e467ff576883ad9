using Analytics.Storage;

namespace Analytics.Features.Ingestion;

/// <summary>Counts the bytes of all bodies being read or written, and refuses more than the service can hold.</summary>
sealed class BodiesInFlight(long most = 48 << 20)
{
    long held;

    public long Held => Volatile.Read(ref held);

    public void Take(int bytes)
    {
        if (Interlocked.Add(ref held, bytes) <= most)
            return;
        GiveBack(bytes);
        throw new OverloadedException(retryAfterSeconds: 1);
    }

    public void GiveBack(int bytes) => Interlocked.Add(ref held, -bytes);
}
