using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Analytics.Features.Webhooks;

/// <summary>Signs messages by the scheme of Standard Webhooks (<c>v1</c>: HMAC-SHA256).</summary>
static class Signature
{
    /// <summary>What stands in <c>webhook-signature</c>: a signature by each secret, blanks between them.</summary>
    /// <param name="id">The message's.</param>
    /// <param name="seconds">Since 1970, as <c>webhook-timestamp</c> says it.</param>
    /// <param name="body">As it is sent.</param>
    /// <param name="secrets">The bytes of those that sign.</param>
    public static string Of(string id, long seconds, ReadOnlySpan<byte> body, IEnumerable<byte[]> secrets)
    {
        byte[] signed = [.. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{seconds}.")), .. body];
        return string.Join(' ', secrets.Select(secret => "v1," + Convert.ToBase64String(HMACSHA256.HashData(secret, signed))));
    }
}
