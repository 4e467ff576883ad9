using Microsoft.Extensions.Options;

namespace Analytics.Web;

/// <summary>What browsers are told to keep to with everything under <c>/ui/</c>: only what this service sends runs and is asked.</summary>
sealed class WebHeaders(IOptions<WebOptions> options)
{
    const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'self'; "
        + "form-action 'self'; frame-ancestors {0}; require-trusted-types-for 'script'; trusted-types 'none'";

    const string NotAllowed = "camera=(), geolocation=(), microphone=()";

    readonly string policy = Policy.Replace(
        "{0}", options.Value.FrameAncestors is { Length: > 0 } sources ? sources : "'none'", StringComparison.Ordinal);

    public void Apply(HttpResponse response)
    {
        var headers = response.Headers;
        headers.ContentSecurityPolicy = policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Permissions-Policy"] = NotAllowed;
    }
}
