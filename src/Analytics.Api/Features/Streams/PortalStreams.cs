using Analytics.Feed;
using Analytics.Storage.Schema;
using Analytics.Tenancy;

namespace Analytics.Features.Streams;

/// <summary>Whom a portal key's stream shows, and what hides from it how much others send.</summary>
sealed record PortalReader(Guid Customer, CursorSeal Seal)
{
    /// <summary>Null for every other key.</summary>
    public static async ValueTask<PortalReader?> OfAsync(
        HttpContext http, Installation installation, Track track, CancellationToken cancel) => http.BoundCustomer is { } bound
            ? new PortalReader(bound.Id, new CursorSeal(await installation.SecretAsync(cancel), http.Workspace.Key, bound.Id, track))
            : null;
}

/// <summary>The open streams of portal keys: each has so many on a node and no more.</summary>
sealed class PortalPlaces
{
    public const int Most = 20;

    readonly Dictionary<string, HashSet<LiveStream>> taken = new(StringComparer.Ordinal);

    /// <summary>Takes a place for a key's stream; false when it has no more of them.</summary>
    public bool TryTake(LiveStream stream)
    {
        lock (taken)
        {
            if (!taken.TryGetValue(stream.Caller.KeyId, out var streams))
                taken.Add(stream.Caller.KeyId, streams = []);
            return streams.Count < Most && streams.Add(stream);
        }
    }

    /// <summary>Gives a stream's place back, should it have one.</summary>
    public void GiveBack(LiveStream stream)
    {
        lock (taken)
            if (taken.TryGetValue(stream.Caller.KeyId, out var streams) && streams.Remove(stream) && streams.Count == 0)
                taken.Remove(stream.Caller.KeyId);
    }
}
