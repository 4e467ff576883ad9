using Microsoft.AspNetCore.Mvc;

namespace Analytics.Features.Requests;

/// <summary>A report as a page.</summary>
static class ReportFormat
{
    public const string Html = "text/html";

    /// <summary>Whether the page is asked for.</summary>
    public static bool IsPage(HttpRequest request) => request.Query["format"].ToString().Equals("html", StringComparison.OrdinalIgnoreCase);

    /// <summary>The page, which may show itself and nothing else, and tells nobody where it was read.</summary>
    public static ContentResult Page(HttpResponse response, CustomerReport report)
    {
        response.Headers.ContentSecurityPolicy = ReportPage.SecurityPolicy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
        var days = report.Days.Count;
        return new ContentResult
        {
            Content = ReportPage.Of(report, $"?format=csv&days={days}&timezone={Uri.EscapeDataString(report.Timezone)}"),
            ContentType = Html + "; charset=utf-8",
            StatusCode = StatusCodes.Status200OK,
        };
    }
}
