using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Mvc;

namespace Analytics.Http;

/// <summary>
/// A report as one page that reads, prints and keeps well: no script, nothing from elsewhere, and every text of a customer's or a product's
/// escaped.
/// </summary>
static class PrintedPage
{
    public const string MediaType = "text/html";

    const string Style = """
        :root { color-scheme: light dark; --ink: #1a1d21; --paper: #fff; --line: #d5d9de; --bar: #2f6db5; --faint: #5b636d; }
        @media (prefers-color-scheme: dark) {
            :root { --ink: #e6e8eb; --paper: #15181c; --line: #3a4048; --bar: #6ea8e8; --faint: #a0a8b2; }
        }
        @media print {
            :root { color-scheme: light; --ink: #000; --paper: #fff; --line: #bbb; --bar: #444; --faint: #444; }
            .screen { display: none; }
        }
        @page { size: A4; margin: 16mm; }
        body { font: 15px/1.45 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
        body { max-width: 52rem; margin: 2rem auto; padding: 0 1rem; }
        h1 { font-size: 1.5rem; margin: 0; overflow-wrap: anywhere; } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; break-after: avoid; }
        p { color: var(--faint); margin: .25rem 0 1rem; }
        dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: 1rem; margin: 1.5rem 0; }
        dl div { border: 1px solid var(--line); border-radius: .4rem; padding: .6rem .8rem; break-inside: avoid; }
        dt { color: var(--faint); font-size: .85rem; }
        dd { margin: 0; font-size: 1.15rem; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
        svg { width: 100%; height: 9rem; display: block; border-bottom: 1px solid var(--line); break-inside: avoid; }
        rect { fill: var(--bar); }
        table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; } thead { display: table-header-group; }
        th, td { text-align: right; padding: .25rem .5rem; border-bottom: 1px solid var(--line); } tr { break-inside: avoid; }
        th:first-child, td:first-child { text-align: left; overflow-wrap: anywhere; }
        a { color: inherit; }
        """;

    // It may do nothing but show itself in its own style.
    static readonly string SecurityPolicy =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>The page, which may show itself and nothing else, and tells nobody where it was read.</summary>
    /// <param name="response">What it is answered by.</param>
    /// <param name="title">What it is called.</param>
    /// <param name="body">What stands below that, as HTML.</param>
    public static ContentResult Of(HttpResponse response, string title, string body)
    {
        response.Headers.ContentSecurityPolicy = SecurityPolicy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
        return new ContentResult
        {
            Content = Whole(Text(title), body),
            ContentType = MediaType + "; charset=utf-8",
            StatusCode = StatusCodes.Status200OK,
        };
    }

    /// <summary>A table of cells that are HTML already.</summary>
    public static string Table(IEnumerable<string> names, IEnumerable<string[]> rows)
    {
        var table = new StringBuilder("<table><thead><tr>");
        foreach (var name in names)
            table.Append("""<th scope="col">""").Append(name).Append("</th>");
        table.Append("</tr></thead><tbody>");
        foreach (var row in rows)
            table.Append("\n<tr><td>").AppendJoin("</td><td>", row).Append("</td></tr>");
        return table.Append("\n</tbody></table>").ToString();
    }

    /// <summary>A text that shows as it stands.</summary>
    public static string Text(string text) => WebUtility.HtmlEncode(text);

    static string Whole(string title, string body) => $"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="robots" content="noindex">
        <title>{title}</title>
        <style>{Style}</style>
        </head>
        <body>
        <h1>{title}</h1>
        {body}
        </body>
        </html>

        """;
}
