using System.Text.Json;
using Analytics.Features.Business.Query;
using Analytics.Http;
using Analytics.Time;
using Microsoft.AspNetCore.Mvc;
using static Analytics.Http.PrintedPage;

namespace Analytics.Features.Business.Reports;

/// <summary>What a saved report comes to, as a page.</summary>
static class RunPage
{
    public static ContentResult Of(HttpResponse response, string name, QueryAnswer answer, DateTimeOffset at) =>
        PrintedPage.Of(response, name, $"""
            <p>{Rfc3339.Format(at)}{Partial(answer)}. <a class="screen" href="?format=csv">As CSV</a></p>
            {Table(answer.Columns.Select(Text), answer.Rows.Select(row => row.Select(CellOf).ToArray()))}
            """);

    static string Partial(QueryAnswer answer) => answer is { Partial: true, ScannedFrom: { } from }
        ? $", not all: only what happened from {Rfc3339.Format(from)} on could be counted in time"
        : "";

    // As JSON shows it, texts without their quotes.
    static string CellOf(object? cell)
    {
        var value = JsonSerializer.SerializeToElement(cell, Json.Camel);
        return Text(value.ValueKind == JsonValueKind.Null ? "" : value.ToString());
    }
}
