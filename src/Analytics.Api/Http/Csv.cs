using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CsvHelper;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Analytics.Http;

/// <summary>
/// Answers any query as CSV when asked with <c>Accept: text/csv</c> or <c>format=csv</c>: the answer's main list, a row an
/// item, nested members as dotted columns.
/// </summary>
public sealed class Csv : IAsyncResultFilter
{
    const string MediaType = "text/csv";

    public async Task OnResultExecutionAsync(ResultExecutingContext context, ResultExecutionDelegate next)
    {
        if (context.Result is ObjectResult { Value: { } answer, StatusCode: null or 200 } && IsAskedBy(context.HttpContext.Request))
        {
            var json = JsonSerializer.SerializeToElement(answer, answer.GetType(), Naming.Of(context.HttpContext).Json);
            var header = CsvRows.MembersOfItems(answer.GetType(), Naming.Of(context.HttpContext).Json);
            context.Result = new ContentResult { Content = Text(json, header), ContentType = MediaType + "; charset=utf-8" };
        }
        await next();
    }

    /// <summary>The main list of an answer as CSV, with a header row: the one given where there are no rows to tell.</summary>
    public static string Text(JsonElement answer, params IReadOnlyList<string> headerOfNone)
    {
        var rows = CsvRows.Of(answer);
        var columns = rows.Count == 0 ? headerOfNone : CsvRows.Columns(rows);
        var text = new StringWriter();
        using (var csv = CsvWriter.Create(text))
            if (columns.Count > 0)
            {
                csv.WriteRecord([.. columns.Select(Harmless)]);
                foreach (var row in rows)
                    csv.WriteRecord([.. columns.Select(column => Harmless(row.GetValueOrDefault(column, "")))]);
            }
        return text.ToString();
    }

    /// <summary>Whether the client wants CSV: the parameter decides, else the header, unless that likes JSON better.</summary>
    public static bool IsAskedBy(HttpRequest request) => request.Query.TryGetValue("format", out var format)
        ? format.ToString().Equals("csv", StringComparison.OrdinalIgnoreCase)
        : Quality(request, MediaType) is > 0 and var quality && quality >= Quality(request, "application/json");

    static double Quality(HttpRequest request, string mediaType) => request.GetTypedHeaders().Accept
        .Where(accepted => accepted.MediaType.Equals(mediaType, StringComparison.OrdinalIgnoreCase))
        .Select(accepted => accepted.Quality ?? 1).DefaultIfEmpty(0).Max();

    /// <summary>Spreadsheets run what starts like a formula; a quote in front keeps it a text. Numbers are none.</summary>
    static string Harmless(string cell) =>
        cell.Length > 0 && cell[0] is '=' or '+' or '-' or '@' or '\t' or '\r' && !IsNumber(cell) ? "'" + cell : cell;

    static bool IsNumber(string cell) => decimal.TryParse(
        cell, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out _);
}

/// <summary>Turns an answer into rows of named cells.</summary>
static class CsvRows
{
    public static List<Dictionary<string, string>> Of(JsonElement answer) => [.. MainList(answer).SelectMany(Rows)];

    /// <summary>The members an item of the answer's main list would have, by its type.</summary>
    public static IReadOnlyList<string> MembersOfItems(Type answer, JsonSerializerOptions options)
    {
        var shape = options.GetTypeInfo(answer);
        if (shape.Kind == JsonTypeInfoKind.Object)
            shape = shape.Properties.OrderByDescending(member => IsMain(member.Name)).Select(member => options.GetTypeInfo(member.PropertyType))
                .FirstOrDefault(member => member.Kind == JsonTypeInfoKind.Enumerable);
        return shape?.ElementType is { } item ? [.. options.GetTypeInfo(item).Properties.Select(member => member.Name)] : [];
    }

    /// <summary>Every column of the rows; one that only some have stands where they have it.</summary>
    public static List<string> Columns(List<Dictionary<string, string>> rows)
    {
        var columns = new List<string>();
        var known = new HashSet<string>();
        foreach (var row in rows)
        {
            if (known.IsSupersetOf(row.Keys))
                continue;
            var next = columns.Count;
            foreach (var name in row.Keys.Reverse())
                if (known.Add(name))
                    columns.Insert(next, name);
                else
                    next = columns.IndexOf(name);
        }

        return columns;
    }

    /// <summary>A row an item; an item with a list of objects in it (a period with its statistics) is a row for each of those.</summary>
    static IEnumerable<Dictionary<string, string>> Rows(JsonElement item)
    {
        var lists = item.ValueKind == JsonValueKind.Object ? item.EnumerateObject().Where(IsListOfObjects).ToList() : [];
        if (lists is not [var list])
        {
            yield return Flat(item);
            yield break;
        }

        foreach (var inner in list.Value.EnumerateArray())
        {
            var cells = new Dictionary<string, string>();
            foreach (var member in item.EnumerateObject())
                Add(cells, member.Name, member.NameEquals(list.Name) ? inner : member.Value);
            yield return cells;
        }
    }

    static bool IsListOfObjects(JsonProperty member) => member.Value.ValueKind == JsonValueKind.Array
        && member.Value.GetArrayLength() > 0 && member.Value.EnumerateArray().All(inner => inner.ValueKind == JsonValueKind.Object);

    /// <summary>The member data or periods, else the first list, else the answer itself as the only row.</summary>
    static List<JsonElement> MainList(JsonElement answer)
    {
        if (answer.ValueKind == JsonValueKind.Array)
            return [.. answer.EnumerateArray()];
        if (answer.ValueKind != JsonValueKind.Object)
            return [answer];
        var lists = answer.EnumerateObject().Where(member => member.Value.ValueKind == JsonValueKind.Array).ToList();
        return lists.Count == 0
            ? [answer]
            : [.. lists.OrderByDescending(member => IsMain(member.Name)).First().Value.EnumerateArray()];
    }

    static bool IsMain(string member) => member is "data" or "periods";

    static Dictionary<string, string> Flat(JsonElement item)
    {
        var cells = new Dictionary<string, string>();
        Add(cells, "", item);
        return cells;
    }

    static void Add(Dictionary<string, string> cells, string column, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Object)
            foreach (var member in value.EnumerateObject())
                Add(cells, column.Length == 0 ? member.Name : $"{column}.{member.Name}", member.Value);
        else
            cells[column.Length == 0 ? "value" : column] = value.ValueKind switch
            {
                JsonValueKind.Null => "",
                JsonValueKind.String => value.GetString()!,
                _ => value.GetRawText(),
            };
    }
}
