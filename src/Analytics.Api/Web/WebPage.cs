using Analytics.Contract;
using Analytics.Http;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Analytics.Web;

/// <summary>
/// Answers <c>/ui/</c>: a file by its name, and the <see cref="Shell"/> for every address of the page.
/// A file that is not there is a 404, never the shell: a script must not turn out to be HTML.
/// </summary>
sealed class WebPage(IOptions<WebOptions> options, WebHeaders headers)
{
    const string Kept = "public, max-age=31536000, immutable";
    const string AskedAgain = "no-cache";

    static readonly string Built = Path.Combine(AppContext.BaseDirectory, "web");

    readonly Func<WebFiles?> files = FilesOf(options.Value.Web);

    public Task AnswerAsync(HttpContext http)
    {
        var path = (http.GetRouteValue("path") as string ?? "").Split('/');
        headers.Apply(http.Response);
        if (path is [""] && !http.Request.Path.Value!.EndsWith('/'))
        {
            http.Response.Redirect("ui/" + http.Request.QueryString);
            return Task.CompletedTask;
        }
        if (files() is not { } built)
            return AnswerAsync(http, NotBuilt.PageFor(http.Request));
        if (path is [var name] && built.Find(name) is { } file)
            return AnswerAsync(http, file);
        return IsAddress(http.Request, path) ? AnswerAsync(http, Shell.Of(built, http.Request)) : throw ProblemException.NotFound();
    }

    static Func<WebFiles?> FilesOf(string? folder)
    {
        if (folder is { Length: > 0 })
            return () => WebFiles.ReadFrom(folder);
        var built = WebFiles.ReadFrom(Built);
        return () => built;
    }

    // Files stand side by side, so a deeper path with a dot is a name that holds one, when a browser asks for a page.
    static bool IsAddress(HttpRequest request, string[] path) => path[^1].Contains('.', StringComparison.Ordinal)
        ? path.Length > 1 && Accepts.Named(request, "text/html") > 0
        : request.Headers.Accept.Count == 0 || Accepts.Quality(request, "text/html") > 0;

    static async Task AnswerAsync(HttpContext http, WebFile file)
    {
        var response = http.Response;
        response.Headers.CacheControl = file.IsImmutable ? Kept : AskedAgain;
        response.Headers.Vary = file.IsImmutable ? HeaderNames.AcceptEncoding : $"{HeaderNames.AcceptEncoding}, {HeaderNames.Cookie}";
        ETags.Describe(response, file.Tag);
        if (ETags.IsKnown(http, file.Tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        var (bytes, packing) = Packed(file, http.Request);
        response.ContentType = file.Type;
        response.ContentLength = bytes.Length;
        response.Headers.ContentEncoding = packing;
        await response.Body.WriteAsync(bytes, http.RequestAborted);
    }

    static (byte[] Bytes, string? Packing) Packed(WebFile file, HttpRequest request) => file switch
    {
        { Brotli: { } brotli } when Takes(request, "br") => (brotli, "br"),
        { Gzip: { } gzip } when Takes(request, "gzip") => (gzip, "gzip"),
        _ => (file.Plain, null),
    };

    static bool Takes(HttpRequest request, string packing)
    {
        var taken = request.GetTypedHeaders().AcceptEncoding;
        var named = taken.FirstOrDefault(each => each.Value.Equals(packing, StringComparison.OrdinalIgnoreCase))
            ?? taken.FirstOrDefault(each => each.Value == "*");
        return named is { Quality: null or > 0 };
    }
}
