using System.Security.Cryptography;
using System.Text;
using Analytics.Storage.Schema;

namespace Analytics.AppDatabases;

/// <summary>Passwords of logins, and what the server is told of them.</summary>
sealed class LoginSecrets(Installation installation)
{
    const int Bytes = 32;
    const int Iterations = 4096;

    /// <summary>A new one, for whoever asked.</summary>
    public static string Random() => RandomNumberGenerator.GetHexString(2 * Bytes, lowercase: true);

    /// <summary>The reader's, which follows from the installation's secret: every node knows it, and it is stored nowhere.</summary>
    public async Task<string> OfReaderAsync(AppPlace place, CancellationToken cancel) =>
        Convert.ToHexStringLower(await DeriveAsync($"reader {place.Reader}", Bytes, cancel));

    /// <summary>What roles are marked with, so that nobody else's of the same name is taken for the service's.</summary>
    public async Task<string> MarkAsync(CancellationToken cancel) =>
        $"Made by Analytics {Convert.ToHexStringLower(await DeriveAsync("mark of roles", 8, cancel))}";

    /// <summary>
    /// What the server keeps of a password (RFC 5803). It is worked out here, so that the password is in no statement and in no log of
    /// statements.
    /// </summary>
    public static string Verifier(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(16);
        var salted = Rfc2898DeriveBytes.Pbkdf2(
            Encoding.ASCII.GetBytes(password), salt, Iterations, HashAlgorithmName.SHA256, HMACSHA256.HashSizeInBytes);
        var stored = Convert.ToBase64String(SHA256.HashData(HMACSHA256.HashData(salted, "Client Key"u8)));
        var server = Convert.ToBase64String(HMACSHA256.HashData(salted, "Server Key"u8));
        return $"SCRAM-SHA-256${Iterations}:{Convert.ToBase64String(salt)}${stored}:{server}";
    }

    async Task<byte[]> DeriveAsync(string purpose, int bytes, CancellationToken cancel) => HKDF.DeriveKey(
        HashAlgorithmName.SHA256, await installation.SecretAsync(cancel), bytes, info: Encoding.UTF8.GetBytes($"apps: {purpose}"));
}
