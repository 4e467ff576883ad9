using System.Globalization;
using System.Text;

namespace Analytics.Storage;

/// <summary>
/// Ids of sessions and visitors, by whose hashes they are counted. An erasure writes the hash where the id stood, so that what was told of
/// a session before and after is one session. It writes it in a form of its own, 48 hexadecimal digits of which the last 16 only who has
/// the workspace's secret can work out: no sender can name a session by a hash that it made up.
/// </summary>
static class HashedId
{
    const int HashDigits = 32;
    const int SealDigits = 16;

    /// <summary>The hash of an id; of one that an erasure hashed, the hash that it is.</summary>
    /// <param name="workspaceKey">The workspace's secret.</param>
    /// <param name="kind">What the id names.</param>
    /// <param name="portal">The customer whose portal key sent it: its ids are a space of their own.</param>
    /// <param name="id">The id as it is stored.</param>
    public static UInt128 Of(byte[] workspaceKey, KeyKind kind, Guid? portal, string id) =>
        id.Length == HashDigits + SealDigits
        && UInt128.TryParse(id.AsSpan(0, HashDigits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hash)
        && id == Written(workspaceKey, kind, hash)
            ? hash
            : KeyHash.Of(workspaceKey, kind, portal, Encoding.UTF8.GetBytes(id));

    /// <summary>What an erasure leaves of an id: of one that it left before, the same.</summary>
    public static string Erased(byte[] workspaceKey, KeyKind kind, Guid? portal, string id) =>
        Written(workspaceKey, kind, Of(workspaceKey, kind, portal, id));

    static string Written(byte[] workspaceKey, KeyKind kind, UInt128 hash)
    {
        Span<byte> sealedHash = stackalloc byte[1 + HashDigits / 2];
        sealedHash[0] = (byte)kind;
        hash.ToUuid().TryWriteBytes(sealedHash[1..], bigEndian: true, out _);
        var seal = KeyHash.Of(workspaceKey, KeyKind.Erased, null, sealedHash);
        return string.Create(CultureInfo.InvariantCulture, $"{hash:x32}{(ulong)(seal >> 64):x16}");
    }
}
