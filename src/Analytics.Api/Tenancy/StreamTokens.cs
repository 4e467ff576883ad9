using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Analytics.Storage.Schema;

namespace Analytics.Tenancy;

/// <summary>
/// Tokens that stand for a key where no header can be sent, for a minute and for opening streams only. Signed, not stored: any node
/// on the same store knows them.
/// </summary>
sealed class StreamTokens(Installation installation, TimeProvider time)
{
    static readonly TimeSpan Life = TimeSpan.FromSeconds(60);

    // The key's id, when it ends in milliseconds since 1970, the signature.
    const int IdBytes = 8;
    const int TimeBytes = 8;
    const int Signed = IdBytes + TimeBytes;
    const int Length = Signed + HMACSHA256.HashSizeInBytes;

    /// <summary>A token with the rights of the key.</summary>
    public async Task<(string Token, DateTimeOffset ExpiresAt)> MakeAsync(string keyId, CancellationToken cancel)
    {
        var expiresAt = DateTimeOffset.FromUnixTimeMilliseconds((time.GetUtcNow() + Life).ToUnixTimeMilliseconds());
        var token = new byte[Length];
        Encoding.ASCII.GetBytes(keyId, token);
        BinaryPrimitives.WriteInt64BigEndian(token.AsSpan(IdBytes), expiresAt.ToUnixTimeMilliseconds());
        HMACSHA256.HashData(await installation.SecretAsync(cancel), token.AsSpan(0, Signed), token.AsSpan(Signed));
        return (Base64Url.EncodeToString(token), expiresAt);
    }

    /// <summary>The id of the key a token stands for; null for what is no token, or not any more.</summary>
    public async Task<string?> KeyOfAsync(string text, CancellationToken cancel)
    {
        var token = new byte[Length];
        // Trying to decode what is no base64 throws.
        if (text.Length != Base64Url.GetEncodedLength(Length) || !Base64Url.IsValid(text, out var length) || length != Length)
            return null;
        Base64Url.DecodeFromChars(text, token);
        var signature = HMACSHA256.HashData(await installation.SecretAsync(cancel), token.AsSpan(0, Signed));
        if (!CryptographicOperations.FixedTimeEquals(signature, token.AsSpan(Signed)))
            return null;
        var expiresAt = BinaryPrimitives.ReadInt64BigEndian(token.AsSpan(IdBytes));
        return expiresAt > time.GetUtcNow().ToUnixTimeMilliseconds() ? Encoding.ASCII.GetString(token, 0, IdBytes) : null;
    }
}
