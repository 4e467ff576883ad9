using System.Text.Encodings.Web;

namespace Analytics.Web;

/// <summary>What stands under <c>/ui/</c> in a service that was built without the dashboard.</summary>
static class NotBuilt
{
    public static WebFile PageFor(HttpRequest request)
    {
        var address = HtmlEncoder.Default.Encode($"{request.Scheme}://{request.Host}{request.PathBase}");
        return WebFile.Page($"""
            <!doctype html>
            <html lang="en">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Analytics</title></head>
            <body>
            <h1>The dashboard is not here</h1>
            <p>This service was built without its dashboard, since Node 18 or newer with npm was missing then. Install them
            (Debian, Ubuntu: <code>apt-get install nodejs npm</code>) and start <code>./run.sh</code> again.</p>
            <p>The API works without it:</p>
            <pre>
            curl -s {address}/health/ready
            curl -s {address}/openapi.json
            curl -s {address}/api/metrics -H "Authorization: Bearer $KEY"
            curl -s "{address}/api/events?limit=5" -H "Authorization: Bearer $KEY"
            </pre>
            <p>Every route is described at <a href="{address}/swagger">{address}/swagger</a>.</p>
            </body>
            </html>

            """);
    }
}
