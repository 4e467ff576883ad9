using Analytics.Contract;
using Analytics.Http;
using Microsoft.AspNetCore.Mvc;

namespace Analytics.Features.Requests;

/// <summary>A report as a page.</summary>
static class ReportFormat
{
    /// <summary>Whether the page is asked for.</summary>
    public static bool IsPage(HttpRequest request) => request.Query["format"].ToString().Equals("html", StringComparison.OrdinalIgnoreCase);

    public static ContentResult Page(HttpResponse response, CustomerReport report)
    {
        var workspace = Workspace(response.HttpContext.Request);
        var asCsv = $"?format=csv&days={report.Days.Count}&timezone={Uri.EscapeDataString(report.Timezone)}{workspace}";
        return PrintedPage.Of(response, ReportPage.Title(report), ReportPage.Body(report, asCsv));
    }

    /// <summary>The workspace, where the request names it.</summary>
    static string Workspace(HttpRequest request) => string.Concat(
        from name in (string[])[WorkspaceName.Camel, WorkspaceName.Snake]
        from id in request.Query[name]
        select $"&{name}={Uri.EscapeDataString(id)}");
}
