using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Analytics.Http;
using Analytics.Sketches;

namespace Analytics.Features.Requests;

/// <summary>
/// A report as one page that reads, prints and keeps well: no script, nothing from elsewhere, and every text of a customer's or a product's
/// escaped.
/// </summary>
static class ReportPage
{
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

    /// <summary>What the page may do: nothing but show itself in its own style.</summary>
    public static readonly string SecurityPolicy =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <param name="report">What it says.</param>
    /// <param name="asCsv">Where the same is as CSV, from the page.</param>
    public static string Of(CustomerReport report, string asCsv) => $"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="robots" content="noindex">
        <title>API usage of {Text(report.CustomerId)}</title>
        <style>{Style}</style>
        </head>
        <body>
        <h1>API usage of {Text(report.CustomerId)}</h1>
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
        </body>
        </html>

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

    static string Table(string[] names, IEnumerable<string[]> rows)
    {
        var table = new StringBuilder("<table><thead><tr>");
        foreach (var name in names)
            table.Append("""<th scope="col">""").Append(name).Append("</th>");
        table.Append("</tr></thead><tbody>");
        foreach (var row in rows)
            table.Append("\n<tr><td>").AppendJoin("</td><td>", row).Append("</td></tr>");
        return table.Append("\n</tbody></table>").ToString();
    }

    static string Text(string text) => WebUtility.HtmlEncode(text);

    static string Date(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    static string Whole(ExactNumber number) => (number.Units / DecimalUnits.One).ToString("N0", CultureInfo.InvariantCulture);

    // Two decimals, as far as there are any.
    static string Number(ExactNumber number) =>
        (DecimalUnits.DivideRounded(number.Units, DecimalUnits.One / 100) is var hundredths && hundredths % 100 == 0)
            ? Whole(number)
            : $"{(hundredths / 100).ToString("N0", CultureInfo.InvariantCulture)}.{hundredths % 100:00}".TrimEnd('0');
}
