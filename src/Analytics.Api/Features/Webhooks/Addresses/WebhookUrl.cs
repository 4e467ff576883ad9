using System.Globalization;
using System.Net;
using Analytics.Http;
using FluentValidation;

namespace Analytics.Features.Webhooks.Addresses;

/// <summary>What holds for a webhook's address as it is written. Where a name leads to is looked at when something is sent.</summary>
static class WebhookUrl
{
    const int Longest = 2_048;
    const int LongestName = 253;
    const int LongestLabel = 63;

    public static IRuleBuilderOptions<T, string?> Url<T>(this IRuleBuilder<T, string?> rule, OpenAddresses open) => rule
        .Text(Longest)
        .Must(url => url is null || Read(url) is not null, schema => schema.Format = "uri")
        .WithErrorCode("url").WithMessage("Must be an address with http or https, without a user name or a fragment.")
        .Must(url => url is null || Read(url) is not { } read || AddressIn(read) is not { } address || open.Allow(address))
        .WithErrorCode("address").WithMessage("Must not be an address of a private or special network.");

    /// <summary>The address; null for what is none that may be sent to.</summary>
    static Uri? Read(string url)
    {
        try
        {
            return Parsed(url);
        }
        catch (UriFormatException)
        {
            return null; // a host that there is no name in ASCII for
        }
    }

    static Uri? Parsed(string url) =>
        (url.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || url.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
        && !url.Any(c => char.IsWhiteSpace(c) || char.IsControl(c))
        && Uri.TryCreate(url, UriKind.Absolute, out var read)
        && read is { UserInfo.Length: 0, IdnHost.Length: > 0, Port: > 0 }
        && !url.Contains('#', StringComparison.Ordinal)
        && IsName(read.IdnHost.TrimEnd('.'))
        && !read.OriginalString.Split('/', '\\', '?', '#')[2].Contains('@', StringComparison.Ordinal)
            ? read
            : null;

    // No resolver is asked for a longer one.
    static bool IsName(string host) => host.Length is > 0 and <= LongestName && host.Split('.').All(label => label.Length <= LongestLabel);

    /// <summary>The IP address that stands for a host, in whatever notation; null for a name.</summary>
    static IPAddress? AddressIn(Uri url) =>
        IPAddress.TryParse(string.Concat(url.DnsSafeHost.Select(InAscii)).TrimEnd('.'), out var address) ? address : null;

    // Resolvers take digits and full stops of other scripts for what they mean.
    static char InAscii(char c) => char.IsAscii(c) ? c
        : CharUnicodeInfo.GetDigitValue(c) is >= 0 and var digit ? (char)('0' + digit)
        : c is '\u3002' or '\uff0e' or '\uff61' ? '.'
        : c;
}
