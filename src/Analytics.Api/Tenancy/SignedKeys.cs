using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Analytics.Storage.Schema;

namespace Analytics.Tenancy;

/// <summary>A key that a text stands for, and until when.</summary>
sealed record SignedKey(string KeyId, DateTimeOffset ExpiresAt);

/// <summary>
/// Texts that stand for a key until a time. Signed, not stored: any node on the same store knows them. Each purpose signs with a secret of
/// its own, so what is good for one is nothing to the others.
/// </summary>
sealed class SignedKeys(Installation installation, TimeProvider time)
{
    // The key's id, when it ends in milliseconds since 1970, the signature.
    const int IdBytes = 8;
    const int TimeBytes = 8;
    const int Signed = IdBytes + TimeBytes;
    const int Length = Signed + HMACSHA256.HashSizeInBytes;

    /// <summary>A text that stands for the key; its end is cut to the millisecond.</summary>
    public async Task<string> MakeAsync(string purpose, SignedKey key, CancellationToken cancel)
    {
        var all = new byte[Length];
        Encoding.ASCII.GetBytes(key.KeyId, all);
        BinaryPrimitives.WriteInt64BigEndian(all.AsSpan(IdBytes), key.ExpiresAt.ToUnixTimeMilliseconds());
        HMACSHA256.HashData(await SecretAsync(purpose, cancel), all.AsSpan(..Signed), all.AsSpan(Signed));
        return Base64Url.EncodeToString(all);
    }

    /// <summary>What a text stands for; null for what was not made for the purpose, or is over.</summary>
    public async Task<SignedKey?> ReadAsync(string purpose, string text, CancellationToken cancel)
    {
        // Trying to decode what is no base64 throws.
        if (text.Length != Base64Url.GetEncodedLength(Length) || !Base64Url.IsValid(text, out var length) || length != Length)
            return null;
        var all = Base64Url.DecodeFromChars(text);
        var signature = HMACSHA256.HashData(await SecretAsync(purpose, cancel), all.AsSpan(..Signed));
        if (!CryptographicOperations.FixedTimeEquals(signature, all.AsSpan(Signed)))
            return null;
        var expiresAt = DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(all.AsSpan(IdBytes)));
        return expiresAt > time.GetUtcNow() ? new(Encoding.ASCII.GetString(all, 0, IdBytes), expiresAt) : null;
    }

    async Task<byte[]> SecretAsync(string purpose, CancellationToken cancel) => HKDF.DeriveKey(
        HashAlgorithmName.SHA256, await installation.SecretAsync(cancel), HMACSHA256.HashSizeInBytes,
        info: Encoding.ASCII.GetBytes(purpose));
}
