using System.Buffers.Binary;
using Analytics.Storage;

namespace Analytics.Benchmarks;

/// <summary>
/// The same events as rows in Postgres' binary COPY format, made ahead of time by hand: the fastest way to hand Postgres a
/// row. Written apart from the service's own code, which is what it is compared with.
/// </summary>
public sealed class CopyRows
{
    public const string Events =
        "copy events (workspace_id, type, timestamp, id, seq, ingested_at, person, parent, trace, external_id, parent_ref, metadata, share) "
        + "from stdin (format binary)";
    public const string Keys = "copy event_keys (workspace_id, kind, hash, id) from stdin (format binary)";

    const long Year2000 = 946_684_800_000_000;
    static readonly byte[] Header = [.. "PGCOPY\n"u8, 0xFF, .. "\r\n\0"u8, 0, 0, 0, 0, 0, 0, 0, 0];
    readonly Utf8Text rows = new();
    readonly Utf8Text keys = new();
    readonly List<(UInt128 Hash, Guid Id)> hashes = [];

    public CopyRows() => rows.Add(Header);

    public void Add(Lane lane, SampleEvent sample, ReadOnlySpan<byte> metadata, long now)
    {
        hashes.Add((lane.KeyHash(sample.Index), sample.Id));
        BinaryPrimitives.WriteInt16BigEndian(rows.Reserve(2), 13);
        Int32(rows, 1);
        Int32(rows, sample.Name + 1);
        Int64(rows, sample.Timestamp - Year2000);
        Uuid(rows, sample.Id);
        Int64(rows, sample.Index + 1);
        Int64(rows, now - Year2000);
        Int32(rows, sample.Customer + 1);
        Uuid(rows, sample.Parent);
        Uuid(rows, sample.Trace);
        ExternalId(lane.ExternalId(sample.Index));
        if (sample.ParentIndex == SampleEvent.NoParent)
            Null(rows);
        else
            ExternalId(lane.ExternalId(sample.ParentIndex));
        Length(rows, metadata.Length + 1);
        rows.Reserve(1)[0] = 1;
        rows.Add(metadata);
        Null(rows);
    }

    /// <summary>Both COPY streams; keys in their order, which is what their index likes best.</summary>
    public (byte[] Events, byte[] Keys) Finish()
    {
        BinaryPrimitives.WriteInt16BigEndian(rows.Reserve(2), -1);
        keys.Add(Header);
        foreach (var (hash, id) in hashes.OrderBy(key => key.Hash))
        {
            BinaryPrimitives.WriteInt16BigEndian(keys.Reserve(2), 4);
            Int32(keys, 1);
            Length(keys, 2);
            BinaryPrimitives.WriteInt16BigEndian(keys.Reserve(2), 0);
            Uuid(keys, hash.ToUuid());
            Uuid(keys, id);
        }

        BinaryPrimitives.WriteInt16BigEndian(keys.Reserve(2), -1);
        return (rows.Span.ToArray(), keys.Span.ToArray());
    }

    void ExternalId((ulong High, ulong Low) id)
    {
        Length(rows, 32);
        rows.Hex(id.High);
        rows.Hex(id.Low);
    }

    static void Length(Utf8Text rows, int bytes) => BinaryPrimitives.WriteInt32BigEndian(rows.Reserve(4), bytes);

    static void Null(Utf8Text rows) => Length(rows, -1);

    static void Int32(Utf8Text rows, int value)
    {
        Length(rows, 4);
        BinaryPrimitives.WriteInt32BigEndian(rows.Reserve(4), value);
    }

    static void Int64(Utf8Text rows, long value)
    {
        Length(rows, 8);
        BinaryPrimitives.WriteInt64BigEndian(rows.Reserve(8), value);
    }

    static void Uuid(Utf8Text rows, Guid? value)
    {
        if (value is null)
        {
            Null(rows);
            return;
        }

        Length(rows, 16);
        value.Value.TryWriteBytes(rows.Reserve(16), bigEndian: true, out _);
    }
}
