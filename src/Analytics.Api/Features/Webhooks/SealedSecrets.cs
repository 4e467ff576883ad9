using System.Security.Cryptography;
using Analytics.Storage.Schema;

namespace Analytics.Features.Webhooks;

/// <summary>
/// The secrets of webhooks, which the service has to know to sign with: kept sealed by the installation's, each for its webhook alone, so
/// that a row that is read or moved is worth nothing by itself.
/// </summary>
sealed class SealedSecrets(Installation installation)
{
    const string Prefix = "whsec_";
    const int SecretBytes = 32;
    const int NonceBytes = 12;
    const int TagBytes = 16;
    static ReadOnlySpan<byte> Purpose => "secrets of webhooks"u8;

    /// <summary>A new secret.</summary>
    public static byte[] New() => RandomNumberGenerator.GetBytes(SecretBytes);

    /// <summary>It as its owner is shown it.</summary>
    public static string Text(byte[] secret) => Prefix + Convert.ToBase64String(secret);

    public async Task<byte[]> SealAsync(Guid webhook, byte[] secret, CancellationToken cancel)
    {
        var all = new byte[NonceBytes + secret.Length + TagBytes];
        RandomNumberGenerator.Fill(all.AsSpan(..NonceBytes));
        using var cipher = new AesGcm(await KeyAsync(cancel), TagBytes);
        cipher.Encrypt(
            all.AsSpan(..NonceBytes), secret, all.AsSpan(NonceBytes, secret.Length), all.AsSpan(^TagBytes..), webhook.ToByteArray());
        return all;
    }

    /// <summary>Throws <see cref="CryptographicException"/> for what was not sealed for this webhook by this installation.</summary>
    public async Task<byte[]> OpenAsync(Guid webhook, byte[] all, CancellationToken cancel)
    {
        var secret = new byte[all.Length - NonceBytes - TagBytes];
        using var cipher = new AesGcm(await KeyAsync(cancel), TagBytes);
        cipher.Decrypt(
            all.AsSpan(..NonceBytes), all.AsSpan(NonceBytes, secret.Length), all.AsSpan(^TagBytes..), secret, webhook.ToByteArray());
        return secret;
    }

    async Task<byte[]> KeyAsync(CancellationToken cancel) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, await installation.SecretAsync(cancel), 32, info: Purpose.ToArray());
}
