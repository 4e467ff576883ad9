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
        var asCsv = $"?format=csv&days={report.Days.Count}&timezone={Uri.EscapeDataString(report.Timezone)}";
        return PrintedPage.Of(response, ReportPage.Title(report), ReportPage.Body(report, asCsv));
    }
}
