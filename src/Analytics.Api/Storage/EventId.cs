using System.Buffers.Binary;

namespace Analytics.Storage;

/// <summary>
/// Ids of events: UUIDv7 of the event's own time, whose 12 bits after the milliseconds hold the microseconds. So an id tells
/// its event's timestamp exactly, and a look-up by id touches one partition.
/// </summary>
static class EventId
{
    const long TailBits = 0x3FFF_FFFF_FFFF_FFFF;

    /// <summary>A new id for an event of this time, in microseconds since 1970.</summary>
    public static Guid New(long timestamp) => Of(timestamp, Random.Shared.NextInt64() & TailBits);

    /// <summary>The id of this time with this tail: where a row has both, it need not have the id.</summary>
    public static Guid Of(long timestamp, long tail)
    {
        Span<byte> bytes = stackalloc byte[16];
        var (milliseconds, microseconds) = Math.DivRem(timestamp, 1000);
        BinaryPrimitives.WriteInt64BigEndian(bytes, (milliseconds << 16) | 0x7000L | microseconds);
        BinaryPrimitives.WriteInt64BigEndian(bytes[8..], tail | unchecked((long)0x8000_0000_0000_0000));
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>What of an id its time does not say: 62 bits, at random.</summary>
    public static long TailOf(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return BinaryPrimitives.ReadInt64BigEndian(bytes[8..]) & TailBits;
    }

    /// <summary>The least id that an event of this time may have.</summary>
    public static Guid Least(long timestamp)
    {
        Span<byte> bytes = stackalloc byte[16];
        var (milliseconds, microseconds) = Math.DivRem(timestamp, 1000);
        BinaryPrimitives.WriteInt64BigEndian(bytes, (milliseconds << 16) | 0x7000L | microseconds);
        bytes[8..].Clear();
        bytes[8] = 0x80;
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>The timestamp inside an id, in microseconds since 1970; null when it is no id of ours.</summary>
    public static long? TimestampOf(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        var head = BinaryPrimitives.ReadInt64BigEndian(bytes);
        if (((head >> 12) & 0xF) != 7 || (bytes[8] & 0xC0) != 0x80 || (head & 0xFFF) > 999)
            return null;
        return ((head >> 16) & 0xFFFF_FFFF_FFFF) * 1000 + (head & 0xFFF);
    }

    /// <summary>The same as a time, for queries on <c>(timestamp, id)</c>.</summary>
    public static DateTime? TimeOf(Guid id) =>
        TimestampOf(id) is { } timestamp && timestamp < 253_402_300_800_000_000
            ? Sql.TimeOf(timestamp)
            : null;
}
