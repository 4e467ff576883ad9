using System.Globalization;
using System.Text.Json;
using Analytics.Contract;
using CsvHelper;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Analytics.Http;

/// <summary>
/// Answers any query as CSV when asked with <c>Accept: text/csv</c> or <c>format=csv</c>: the answer's main list, a row an
/// item, nested members as dotted columns.
/// </summary>
sealed class Csv : IAsyncResultFilter
{
    const string MediaType = "text/csv";

    public async Task OnResultExecutionAsync(ResultExecutingContext context, ResultExecutionDelegate next)
    {
        var http = context.HttpContext;
        if (context.Result is ObjectResult { Value: { } answer, StatusCode: null or 200 } && IsQuery(http) && IsAskedBy(http.Request))
        {
            var options = Naming.Of(http).Json;
            var text = Text(JsonSerializer.SerializeToElement(answer, answer.GetType(), options), CsvShape.Of(answer.GetType(), options));
            context.Result = new ContentResult { Content = text, ContentType = MediaType + "; charset=utf-8" };
        }
        await next();
    }

    /// <summary>The main list of an answer as CSV, with a header row: that of the shape where there are no rows to tell.</summary>
    public static string Text(JsonElement answer, CsvShape shape)
    {
        var rows = new CsvRows(shape).Of(answer);
        var columns = rows.Count == 0 ? shape.Columns : CsvRows.Columns(rows);
        var text = new StringWriter();
        using (var csv = CsvWriter.Create(text))
            if (columns.Count > 0)
            {
                csv.WriteRecord([.. columns.Select(Harmless)]);
                foreach (var row in rows)
                    csv.WriteRecord([.. columns.Select(column => row.TryGetValue(column, out var value) ? Cell(value) : "")]);
            }
        return text.ToString();
    }

    /// <summary>Whether the client wants CSV: the parameter decides, else the header, unless that likes JSON better.</summary>
    public static bool IsAskedBy(HttpRequest request) => request.Query.TryGetValue("format", out var format)
        ? format.ToString().Equals("csv", StringComparison.OrdinalIgnoreCase)
        : Accepts.Named(request, MediaType) is > 0 and var quality && quality >= Accepts.Quality(request, "application/json");

    static bool IsQuery(HttpContext http) =>
        (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method))
        && http.GetEndpoint()?.Metadata.GetMetadata<AccessAttribute>() is not OpenAttribute;

    static string Cell(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => "",
        JsonValueKind.String => Harmless(value.GetString()!),
        _ => value.GetRawText(),
    };

    /// <summary>Spreadsheets run what starts like a formula; a quote in front keeps it a text. Numbers are none.</summary>
    static string Harmless(string text) =>
        text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' && !IsNumber(text) ? "'" + text : text;

    static bool IsNumber(string text) => decimal.TryParse(
        text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
        CultureInfo.InvariantCulture, out _);
}
