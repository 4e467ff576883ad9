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
    Request = 4,
    Audit = 5,
    View = 6,
    Invocation = 7,
    Download = 8,
    StorageChange = 9,
    Viewer = 10,
    Device = 11,
    Text = 12,
    Session = 13,
    Visitor = 14,
    Erased = 15,
    Subscription = 16,
    Invoice = 17,
}

/// <summary>
/// 128 bits of SHA-256 over a workspace's secret, the kind and an external id, shaped as a UUIDv8 so that it can never equal
/// an event's id. What portal keys send is hashed with their customer: it can never equal what anybody else sends. It outlives the
/// text it stands for: after an erasure a retried event is still a duplicate.
/// </summary>
static class KeyHash
{
    /// <summary>A workspace's secret; empty when it is gone.</summary>
    public static async Task<byte[]> KeyOfAsync(NpgsqlConnection connection, int workspace, CancellationToken cancel) =>
        await connection.ScalarAsync<byte[]>("select hash_key from workspaces where workspace_id = $1", [workspace], cancel) ?? [];

    // Portal keys' ids have a kind of their own, and their customer before the text.
    const int OfPortal = 128;
    const int CustomerBytes = 16;

    /// <summary>The hash as a number that sorts as Postgres sorts the uuid.</summary>
    /// <param name="workspaceKey">The workspace's secret.</param>
    /// <param name="kind">What the text names.</param>
    /// <param name="portal">The customer whose portal key sent it: its ids are a space of their own. Null is the workspace's.</param>
    /// <param name="text">The id.</param>
    public static UInt128 Of(byte[] workspaceKey, KeyKind kind, Guid? portal, ReadOnlySpan<byte> text)
    {
        var start = workspaceKey.Length + 1 + (portal is null ? 0 : CustomerBytes);
        var length = start + text.Length;
        Span<byte> input = length <= 512 ? stackalloc byte[length] : new byte[length];
        workspaceKey.CopyTo(input);
        input[workspaceKey.Length] = (byte)((int)kind | (portal is null ? 0 : OfPortal));
        portal?.TryWriteBytes(input[(workspaceKey.Length + 1)..], bigEndian: true, out _);
        text.CopyTo(input[start..]);
        return OfBytes(input);
    }

    /// <summary>The same of what names an event, in SQL; null where there is no text.</summary>
    /// <param name="text">The id.</param>
    /// <param name="portal">The customer whose portal key sent it, or null.</param>
    /// <param name="key">What <see cref="EventKey"/> gives.</param>
    public static string OfEventSql(string text, string portal, string key) => OfSql(text, $"""
        case
            when {portal} is null then {key}
            else set_byte({key}, length({key}) - 1, {(int)KeyKind.Event | OfPortal}) || uuid_send({portal})
        end
        """);

    /// <summary>The hash of an id that no portal key sent, in SQL; null where there is no text.</summary>
    /// <param name="text">The id.</param>
    /// <param name="key">What <see cref="Before"/> gives.</param>
    public static string OfSql(string text, string key) => $"""
        (select encode(set_byte(set_byte(hash, 6, get_byte(hash, 6) & 15 | 128), 8, get_byte(hash, 8) & 63 | 128), 'hex')::uuid
        from substr(sha256({key} || convert_to({text}, 'UTF8')), 1, 16) as hash)
        """;

    /// <summary>What comes before the ids of a workspace's facts of a kind.</summary>
    public static byte[] Before(byte[] workspaceKey, KeyKind kind) => [.. workspaceKey, (byte)kind];

    /// <summary>The same in SQL.</summary>
    public static string BeforeSql(string workspace, KeyKind kind) =>
        $@"(select hash_key || '\x{(int)kind:x2}'::bytea from workspaces where workspace_id = {workspace})";

    /// <summary>What comes before the ids of a workspace's events.</summary>
    public static byte[] EventKey(byte[] workspaceKey) => Before(workspaceKey, KeyKind.Event);

    static UInt128 OfBytes(ReadOnlySpan<byte> input)
    {
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
