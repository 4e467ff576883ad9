using System.Text;
using System.Text.Unicode;
using Analytics.Sharing;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Analytics.Contract;

/// <summary>A request's JSON body: under which media types it comes, and its bytes, read once whoever asks first.</summary>
static class JsonBody
{
    /// <summary>Larger bodies are refused with 413, but for the bulk routes, which read their own.</summary>
    public const int MaxBytes = 1 << 20;

    static readonly object Item = new();

    /// <summary><c>application/json</c>, or <c>text/plain</c> as a browser's beacon has it, or none. JSON is UTF-8.</summary>
    public static bool IsTaken(string? contentType) => string.IsNullOrEmpty(contentType)
        || (MediaTypeHeaderValue.TryParse(contentType, out var type)
            && (type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
                || type.MediaType.Equals("text/plain", StringComparison.OrdinalIgnoreCase))
            && (!type.Charset.HasValue || type.Charset.AsSpan().Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase)));

    /// <summary>Whether a body that means something comes with the request.</summary>
    public static bool MayCome(HttpContext http) => !HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method)
        && http.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true };

    /// <summary>The body, if it was read.</summary>
    public static ReadOnlyMemory<byte>? Read(HttpContext http) => http.Items[Item] as ReadOnlyMemory<byte>?;

    /// <summary>
    /// The whole body without a byte order mark, good until the request ends; 400 when it is not UTF-8, 413 when it is too large, 415 for
    /// what is no JSON or packed, 408 when it does not come.
    /// </summary>
    /// <param name="http">The request.</param>
    /// <param name="tenant">Whose share of the memory for bodies it takes.</param>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContext http, Guid tenant = default)
    {
        if (Read(http) is { } known)
            return known;
        if (!IsTaken(http.Request.ContentType))
            throw new ProblemException(415, "The route takes application/json in UTF-8.");
        if (http.Request.Headers.ContentEncoding.ToString() is { Length: > 0 } encoding
            && !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
            throw new ProblemException(415, "The route takes no Content-Encoding.");
        var body = await RequestBody.ReadAsync(http.Request, http.RequestServices.GetRequiredService<BodyRoom>(), tenant, MaxBytes);
        http.Response.RegisterForDispose(body);
        ReadOnlyMemory<byte> text = body.Bytes.AsMemory(0, body.Length);
        if (text.Span.StartsWith(Encoding.UTF8.Preamble))
            text = text[Encoding.UTF8.Preamble.Length..];
        if (!Utf8.IsValid(text.Span))
            throw ProblemException.Invalid(new Problem("", "json", "The body is not UTF-8."));
        http.Items[Item] = text;
        return text;
    }
}
