using System.ComponentModel.DataAnnotations;
using System.Net;

namespace Analytics.Http;

/// <summary>
/// Settings <c>Analytics</c> of where the service is reached: under which path, behind which proxies and, where these do not say it, as
/// what.
/// </summary>
sealed class AddressOptions : IValidatableObject
{
    /// <summary>What everything of the service lies under: <c>/analytics</c>.</summary>
    public string? PathBase { get; set; }

    /// <summary>The address the service is known by outside, path included; it wins over what requests and proxies say.</summary>
    public string? PublicUrl { get; set; }

    /// <summary>Addresses and networks, with commas between them, whose <c>X-Forwarded-*</c> headers are believed.</summary>
    public string? TrustedProxies { get; set; }

    internal PathString Base => new(Trimmed(PathBase) is { Length: > 0 } path ? path : null);

    internal Uri? Public => Trimmed(PublicUrl) is { Length: > 0 } url ? new Uri(url) : null;

    internal IReadOnlyList<IPNetwork> Proxies => [.. Networks.Each(TrustedProxies).Select(text => Networks.Of(text)!.Value)];

    /// <summary>The public address, or this one where none is set; with a slash at the end.</summary>
    internal string KnownOr(Uri local) => (Public ?? local).AbsoluteUri.TrimEnd('/') + "/";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Trimmed(PathBase) is { Length: > 0 } path && !IsPath(path))
            yield return new($"Analytics:PathBase must look like /analytics, not {PathBase}.");
        if (Trimmed(PublicUrl) is { Length: > 0 } url && !IsAddress(url))
            yield return new($"Analytics:PublicUrl must look like https://analytics.example.com, not {PublicUrl}.");
        foreach (var text in Networks.Each(TrustedProxies).Where(text => Networks.Of(text) is null))
            yield return new($"Analytics:TrustedProxies must be addresses and networks like 10.0.0.0/8, not {text}.");
    }

    static string Trimmed(string? text) => (text ?? "").Trim().TrimEnd('/');

    static bool IsPath(string path) => path.StartsWith('/') && path.Split('/').Skip(1)
        .All(segment => segment.Length > 0 && segment.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '~'));

    static bool IsAddress(string url) => Uri.TryCreate(url, UriKind.Absolute, out var address)
        && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
        && address is { Query.Length: 0, Fragment.Length: 0, UserInfo.Length: 0 }
        && (address.AbsolutePath == "/" || IsPath(address.AbsolutePath));
}
