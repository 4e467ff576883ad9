using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace Analytics.Feed;

/// <summary>
/// Hides where a portal key's stream is: its positions count everybody's facts. Sealed cursors are of one length and never look
/// alike, and only the service can open them, on any node and for the same customer.
/// </summary>
sealed class CursorSeal
{
    const int NonceBytes = 12;
    const int TagBytes = 16;
    const int TextBytes = sizeof(long);
    const int Length = NonceBytes + TextBytes + TagBytes;

    readonly byte[] key;
    readonly byte[] reader = new byte[4 + 16 + 1];
    readonly int workspace;
    readonly Track track;

    /// <param name="secret">The installation's.</param>
    /// <param name="workspace">The workspace that is streamed.</param>
    /// <param name="customer">The customer the key is bound to.</param>
    /// <param name="track">What the stream goes by.</param>
    public CursorSeal(byte[] secret, int workspace, Guid customer, Track track)
    {
        key = HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, 32, info: [.. "stream cursors"u8]);
        (this.workspace, this.track) = (workspace, track);
        BinaryPrimitives.WriteInt32BigEndian(reader, workspace);
        customer.TryWriteBytes(reader.AsSpan(4), bigEndian: true, out _);
        reader[^1] = track.Id;
    }

    public string Seal(Cursor cursor)
    {
        Span<byte> text = stackalloc byte[TextBytes];
        BinaryPrimitives.WriteInt64BigEndian(text, cursor[workspace] ?? 0);
        var all = new byte[Length];
        RandomNumberGenerator.Fill(all.AsSpan(..NonceBytes));
        using var cipher = new AesGcm(key, TagBytes);
        cipher.Encrypt(all.AsSpan(..NonceBytes), text, all.AsSpan(NonceBytes, TextBytes), all.AsSpan(^TagBytes..), reader);
        return Base64Url.EncodeToString(all);
    }

    /// <summary>The cursor; null for what the service did not seal for this reader.</summary>
    public Cursor? Open(string text)
    {
        if (text.Length != Base64Url.GetEncodedLength(Length) || !Base64Url.IsValid(text, out var length) || length != Length)
            return null;
        var all = Base64Url.DecodeFromChars(text);
        Span<byte> position = stackalloc byte[TextBytes];
        using var cipher = new AesGcm(key, TagBytes);
        try
        {
            cipher.Decrypt(all.AsSpan(..NonceBytes), all.AsSpan(NonceBytes, TextBytes), all.AsSpan(^TagBytes..), position, reader);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }

        return new Cursor(track, this) { [workspace] = BinaryPrimitives.ReadInt64BigEndian(position) };
    }
}
