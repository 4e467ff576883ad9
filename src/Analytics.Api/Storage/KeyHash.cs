using System.Buffers.Binary;
using System.Security.Cryptography;
using Npgsql;

namespace Analytics.Storage;

/// <summary>What kind of fact an id names: the same text never collides between kinds.</summary>
enum KeyKind : short
{
    Event = 0,
    Share = 1,
    Payment = 2,
    Outbox = 3,
}

/// <summary>
/// 128 bits of SHA-256 over a workspace's secret, the kind and an external id, shaped as a UUIDv8 so that it can never equal
/// an event's id. It outlives the text it stands for: after an erasure a retried event is still a duplicate.
/// </summary>
static class KeyHash
{
    /// <summary>A workspace's secret; empty when it is gone.</summary>
    public static async Task<byte[]> KeyOfAsync(NpgsqlConnection connection, int workspace, CancellationToken cancel) =>
        await connection.ScalarAsync<byte[]>("select hash_key from workspaces where workspace_id = $1", [workspace], cancel) ?? [];

    /// <summary>The hash as a number that sorts as Postgres sorts the uuid.</summary>
    public static UInt128 Of(byte[] workspaceKey, KeyKind kind, ReadOnlySpan<byte> text)
    {
        var length = workspaceKey.Length + 1 + text.Length;
        Span<byte> input = length <= 512 ? stackalloc byte[length] : new byte[length];
        workspaceKey.CopyTo(input);
        input[workspaceKey.Length] = (byte)kind;
        text.CopyTo(input[(workspaceKey.Length + 1)..]);

        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(input, hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }

    /// <summary>The same 128 bits as the uuid that is stored.</summary>
    public static Guid ToUuid(this UInt128 hash)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, hash);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>The uuid as the number it is sorted by.</summary>
    public static UInt128 ToSortable(this Guid uuid)
    {
        Span<byte> bytes = stackalloc byte[16];
        uuid.TryWriteBytes(bytes, bigEndian: true, out _);
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }
}
