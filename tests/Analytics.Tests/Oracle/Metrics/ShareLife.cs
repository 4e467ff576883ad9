using System.Numerics;
using NodaTime;

namespace Analytics.Tests.Oracle.Metrics;

/// <summary>What ended a share; what stands first wins when several happen at once.</summary>
enum EndedBy
{
    Completed,
    Expired,
    ItsTime,
}

/// <summary>The end of a share.</summary>
sealed record ShareEnd(Instant At, EndedBy By);

/// <summary>A share: what is known of it by all events together. It is created once, and ends once.</summary>
sealed record ShareLife(string Id, ReadEvent? Creation, string? Owner, ShareEnd? End, bool IsPaidFor)
{
    public Instant? Created => Creation?.At;

    public BigInteger Price => Creation?.Count("price_cents") ?? 0;

    public BigInteger Size => Creation?.Count("file_size_bytes") ?? 0;

    /// <summary>From the share's events in order of time.</summary>
    public static ShareLife Of(string id, IReadOnlyList<ReadEvent> events, World world, bool isPaidFor)
    {
        var creation = events.FirstOrDefault(e => e.Name == ReadEvent.Created);
        var ends = new[]
        {
            EndAt(events.FirstOrDefault(e => e.Name == ReadEvent.Completed)?.At, EndedBy.Completed),
            EndAt(events.FirstOrDefault(e => e.Name == ReadEvent.Expired)?.At, EndedBy.Expired),
            EndAt(creation?.ExpiresAt, EndedBy.ItsTime),
        };
        var end = ends.OfType<ShareEnd>().OrderBy(e => e.At).ThenBy(e => e.By).FirstOrDefault();
        return new(id, creation, creation is null ? null : world.PersonOf(creation.Told), end, isPaidFor);
    }

    /// <summary>Whether it is there and not over at an instant that is not later than now.</summary>
    public bool IsActive(Instant at, Instant now) =>
        Created < at && !(End?.At < at) && !(at == now && End is { By: EndedBy.ItsTime } end && end.At <= now);

    static ShareEnd? EndAt(Instant? at, EndedBy by) => at is { } instant ? new(instant, by) : null;
}
