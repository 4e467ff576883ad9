using System.Globalization;
using System.Text;
using Analytics.Http;
using Analytics.Sketches;
using static Analytics.Http.PrintedPage;

namespace Analytics.Features.Requests;

/// <summary>A customer's report as a page.</summary>
static class ReportPage
{
    /// <summary>What it is called.</summary>
    public static string Title(CustomerReport report) => $"API usage of {report.CustomerId}";

    /// <param name="report">What it says.</param>
    /// <param name="asCsv">Where the same is as CSV, from the page.</param>
    public static string Body(CustomerReport report, string asCsv) => $"""
        <p>{Date(report.From)} to {Date(report.To)}, days of {Text(report.Timezone)}. <a class="screen" href="{Text(asCsv)}">As CSV</a></p>
        <dl>
        {Fact("Requests", Number(report.TotalRequests))}
        {Fact("Error rate", $"{Number(report.ErrorRate)} %")}
        {Fact("Average latency", $"{Number(report.AvgLatency)} ms")}
        {Fact("Data transfer", $"{Whole(report.TotalDataTransfer)} bytes")}
        {Fact("Latency p50", $"{Number(report.Latency.P50)} ms")}
        {Fact("Latency p90", $"{Number(report.Latency.P90)} ms")}
        {Fact("Latency p95", $"{Number(report.Latency.P95)} ms")}
        {Fact("Latency p99", $"{Number(report.Latency.P99)} ms")}
        </dl>
        <h2>Requests by day</h2>
        {Chart(report.Days)}
        <h2>Most used endpoints</h2>
        {Table(["Endpoint", "Requests"], report.TopEndpoints.Select(row => (string[])[Text(row.Endpoint), Number(row.Count)]))}
        <h2>Days</h2>
        {Table(["Day", "Requests", "Errors", "Average latency, ms", "Data transfer, bytes"], report.Days.Select(Cells))}
        """;

    static string Fact(string name, string value) => $"<div><dt>{name}</dt><dd>{value}</dd></div>";

    static string[] Cells(ReportedDay day) =>
        [Date(day.Date), Number(day.Requests), Number(day.Errors), Number(day.AvgLatency), Whole(day.DataTransfer)];

    // The table below says the same to who cannot see it.
    static string Chart(IReadOnlyList<ReportedDay> days)
    {
        var most = Math.Max(1, days.Max(day => day.Requests));
        var svg = new StringBuilder(
            $"""<svg viewBox="0 0 {days.Count * 10} 100" preserveAspectRatio="none" role="img" aria-label="Requests by day">""");
        foreach (var (at, day) in days.Index())
        {
            var height = 100m * day.Requests / most;
            svg.Append(
                CultureInfo.InvariantCulture,
                $"""
                <rect x="{(at * 10) + 1}" y="{100 - height:0.##}" width="8" height="{height:0.##}">
                <title>{Date(day.Date)}: {Number(day.Requests)}</title></rect>
                """);
        }

        return svg.Append("</svg>").ToString();
    }

    static string Date(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    static string Whole(ExactNumber number) => (number.Units / DecimalUnits.One).ToString("N0", CultureInfo.InvariantCulture);

    // Two decimals, as far as there are any.
    static string Number(ExactNumber number) =>
        (DecimalUnits.DivideRounded(number.Units, DecimalUnits.One / 100) is var hundredths && hundredths % 100 == 0)
            ? Whole(number)
            : $"{(hundredths / 100).ToString("N0", CultureInfo.InvariantCulture)}.{hundredths % 100:00}".TrimEnd('0');
}
