using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Analytics.Tenancy;

/// <summary>The text of a key: <c>ak_&lt;id&gt;_&lt;secret&gt;</c>. The secret is shown once; the store keeps its SHA-256.</summary>
readonly record struct ApiKeyText(string Id, string Secret)
{
    const string IdCharacters = "abcdefghijklmnopqrstuvwxyz0123456789";
    const string SecretCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    static readonly SearchValues<char> OfIds = SearchValues.Create(IdCharacters);
    const int IdLength = 8;
    const int SecretLength = 40;
    const int Longest = 128;

    public static ApiKeyText New() => new(
        RandomNumberGenerator.GetString(IdCharacters, IdLength), RandomNumberGenerator.GetString(SecretCharacters, SecretLength));

    /// <summary>Reads a key, or null when the text is no key.</summary>
    public static ApiKeyText? Parse(string text)
    {
        var looksRight = text.Length is > 4 + IdLength and <= Longest
            && text.StartsWith("ak_", StringComparison.Ordinal)
            && text[3 + IdLength] == '_'
            && text.AsSpan(3, IdLength).IndexOfAnyExcept(OfIds) < 0;
        return looksRight ? new ApiKeyText(text.Substring(3, IdLength), text[(4 + IdLength)..]) : null;
    }

    public byte[] SecretHash() => SHA256.HashData(Encoding.UTF8.GetBytes(Secret));

    /// <summary>Whether the secret is the hashed one; takes as long for a near miss as for a far one.</summary>
    public bool Matches(byte[] secretHash) => CryptographicOperations.FixedTimeEquals(SecretHash(), secretHash);

    public override string ToString() => $"ak_{Id}_{Secret}";
}
