using System.Text.Encodings.Web;
using Analytics.Http;

namespace Analytics.Web;

/// <summary>
/// The document of every address of the page. What only the service knows is written into it: where the page is, wherever a proxy has put
/// it; the version of the service; and whether the browser has a session, which no script can see.
/// </summary>
static class Shell
{
    const string Base = """<base href="/ui/">""";

    // The name's end: what stands before it goes by where the service is.
    const string Session = "analytics_session";

    public static WebFile Of(WebFiles built, HttpRequest request)
    {
        var head = $"""
            <base href="{Text(request.PathBase.Add("/ui/"))}">
                <meta name="version" content="{Text(VersionHeader.Version)}">
            """;
        if (request.Cookies.Keys.Any(name => name.EndsWith(Session, StringComparison.Ordinal)))
            head += """

                    <meta name="session" content="sent">
                """;
        return WebFile.Page(built.Shell.Replace(Base, head, StringComparison.Ordinal));
    }

    static string Text(string text) => HtmlEncoder.Default.Encode(text);
}
