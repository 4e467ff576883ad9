using System.Globalization;
using System.IO.Pipelines;
using System.Text.Json;
using Analytics.Contract;
using CsvHelper;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Analytics.Http;

/// <summary>The action changes nothing, whatever its method: it is asked by a body, and its answer comes as CSV, too.</summary>
[AttributeUsage(AttributeTargets.Method)]
sealed class AsksOnlyAttribute : Attribute;

/// <summary>
/// Answers any query as CSV when asked with <c>Accept: text/csv</c> or <c>format=csv</c>: the answer's main list, a row an
/// item, nested members as dotted columns. Rows leave while they are made: of a large answer no two are there at once.
/// </summary>
sealed class Csv : IAsyncResultFilter
{
    public const string MediaType = "text/csv";

    public async Task OnResultExecutionAsync(ResultExecutingContext context, ResultExecutionDelegate next)
    {
        var http = context.HttpContext;
        if (context.Result is ObjectResult { Value: { } answer, StatusCode: null or 200 } && IsQuery(http) && IsAskedBy(http.Request))
            context.Result = new Result(answer, Naming.Of(http).Json);
        await next();
    }

    /// <summary>
    /// The main list of an answer as CSV, with a header row. Where its columns follow from what is in it, they are gathered first.
    /// </summary>
    public static async Task WriteAsync(PipeWriter body, object answer, JsonSerializerOptions options, CancellationToken cancel)
    {
        if (answer is ITable table)
        {
            await WriteTableAsync(body, table, options, cancel);
            return;
        }

        var shape = CsvShape.Of(answer.GetType(), options);
        var rows = new CsvRows(answer, shape);
        var columns = shape.IsKnown ? shape.Columns : CsvColumns.Of(rows, otherwise: (answer as IColumns)?.Columns ?? shape.Columns);
        if (columns.Count == 0)
            return;

        // Not disposed of when something fails: it would send what it has, and the answer would begin.
        var csv = CsvWriter.Create(body.AsStream(leaveOpen: true));
        foreach (var column in columns)
            csv.WriteField(Harmless(column));
        await csv.EndRecordAsync(cancel);
        var places = columns.Select((column, at) => KeyValuePair.Create(column, at)).ToDictionary();
        var cells = new string?[columns.Count];
        foreach (var row in rows)
        {
            Array.Clear(cells);
            foreach (var (column, value) in row)
                if (places.TryGetValue(column, out var at))
                    cells[at] = Cell(value);
            foreach (var cell in cells)
                csv.WriteField(cell ?? "");
            await csv.EndRecordAsync(cancel);
        }

        await csv.DisposeAsync();
    }

    static async Task WriteTableAsync(PipeWriter body, ITable table, JsonSerializerOptions options, CancellationToken cancel)
    {
        var csv = CsvWriter.Create(body.AsStream(leaveOpen: true));
        foreach (var column in table.Columns)
            csv.WriteField(Harmless(column));
        await csv.EndRecordAsync(cancel);
        foreach (var row in table.Rows)
        {
            foreach (var cell in row)
                csv.WriteField(Cell(JsonSerializer.SerializeToElement(cell, options)));
            await csv.EndRecordAsync(cancel);
        }

        await csv.DisposeAsync();
    }

    /// <summary>Whether the client wants CSV: the parameter decides, else the header, unless that likes JSON better.</summary>
    public static bool IsAskedBy(HttpRequest request) => request.Query.TryGetValue("format", out var format)
        ? format.ToString().Equals("csv", StringComparison.OrdinalIgnoreCase)
        : Accepts.Named(request, MediaType) is > 0 and var quality && quality >= Accepts.Quality(request, "application/json");

    static bool IsQuery(HttpContext http) =>
        (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method)
            || http.GetEndpoint()?.Metadata.GetMetadata<AsksOnlyAttribute>() is not null)
        && http.GetEndpoint()?.Metadata.GetMetadata<AccessAttribute>() is not OpenAttribute;

    /// <summary>A value as a cell.</summary>
    public static string Cell(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => "",
        JsonValueKind.String => Harmless(value.GetString()!),
        _ => value.GetRawText(),
    };

    /// <summary>
    /// Spreadsheets run what starts like a formula, and make another number of a telephone's: a quote in front keeps it a text. Decimals
    /// that JSON has as texts stay numbers, and so does a text that is written like them.
    /// </summary>
    static string Harmless(string text) =>
        text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' && !IsDecimal(text) ? "'" + text : text;

    static bool IsDecimal(string text) => text[0] == '-' && text.Length > 1 && char.IsAsciiDigit(text[1])
        && decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _);

    sealed class Result(object answer, JsonSerializerOptions options) : ActionResult
    {
        public override Task ExecuteResultAsync(ActionContext context)
        {
            var http = context.HttpContext;
            http.Response.ContentType = MediaType + "; charset=utf-8";
            return SmallFirst.WriteAsync(http, body => WriteAsync(body, answer, options, http.RequestAborted));
        }
    }
}
