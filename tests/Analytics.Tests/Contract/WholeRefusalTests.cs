using System.Text.Json;
using Analytics.Tests.Contract.Generated;

namespace Analytics.Tests.Contract;

/// <summary>Whatever a query says that is wrong is told at once, whoever reads it: the page, its filters and its times.</summary>
public sealed class WholeRefusalTests(AnalyticsApi api)
{
    /// <summary>What no word is a value of, beside those that the document lists the words of.</summary>
    static readonly string[] Wrong =
    [
        "limit", "cursor", "sort", "from", "to", "date", "start_date", "end_date", "start_timestamp", "end_timestamp", "timezone", "interval", "period",
    ];

    [Fact]
    public async Task Every_route_tells_all_wrong_parameters_together()
    {
        var document = await Documented.OfAsync(api);
        var world = await SomeWorld.MakeAsync(api);
        var client = api.With(world.GoodKeys.Use[0]);
        var (asked, failed) = (0, new List<string>());
        foreach (var operation in document.Operations.Where(operation => operation.Method == "GET" && !operation.Path.Contains('{')))
        {
            // Of statistics one thing is told at a time.
            string[] names = [.. operation.Parameters.Where(IsWrong).Select(Name)];
            // A date says the whole range; what is no period is none beside from or to.
            if (names.Contains("date") || names.Contains("period"))
                names = [.. names.Except(["from", "to"])];
            if (names.Length < 2 || operation.Path.StartsWith("/statistics/", StringComparison.Ordinal))
                continue;
            using var answer = await client.AskAsync(
                HttpMethod.Get, $"{operation.Path}?{string.Join('&', names.Select(name => $"{name}={(name == "limit" ? "0" : "Nowhere")}"))}");
            var text = await answer.Content.ReadAsStringAsync();
            if ((int)answer.StatusCode is 403)
                continue;
            asked++;
            string[] told = (int)answer.StatusCode != 400 ? [] : [.. JsonElement.Parse(text).GetProperty("errors").EnumerateArray()
                .Select(error => error.GetProperty("pointer").GetString()!)];
            if (names.Except(told).ToArray() is { Length: > 0 } untold)
                failed.Add($"{operation} does not tell {string.Join(", ", untold)}: {text}");
        }

        Assert.True(failed.Count == 0, string.Join('\n', failed));
        Assert.InRange(asked, 15, int.MaxValue);
    }

    // What is no format is JSON.
    static bool IsWrong(JsonElement parameter) => parameter.GetProperty("in").GetString() == "query" && Name(parameter) != "format"
        && (Wrong.Contains(Name(parameter)) || HasWords(parameter.GetProperty("schema")));

    static bool HasWords(JsonElement schema) => schema.TryGetProperty("enum", out _)
        || (schema.TryGetProperty("items", out var items) && items.TryGetProperty("enum", out _));

    static string Name(JsonElement parameter) => parameter.GetProperty("name").GetString()!;
}
