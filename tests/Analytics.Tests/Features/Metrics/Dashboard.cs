using System.Text.Json;
using Analytics.Features.Metrics;

namespace Analytics.Tests.Features.Metrics;

/// <summary>Asks for metrics and reads answers as they are written: numbers are compared digit by digit.</summary>
static class Dashboard
{
    public const string Route = "/api/metrics";

    /// <summary>Five days around <see cref="Some.Day"/>, by day.</summary>
    public const string Days = $"{Route}?start_date=2026-03-09&end_date=2026-03-13&interval=day";

    public static readonly string[] Slugs = [.. MetricCatalogue.All.Select(metric => metric.Slug)];

    public static List<JsonElement> Periods(JsonElement answer) => [.. answer.GetProperty("periods").EnumerateArray()];

    public static string Total(JsonElement answer, string slug) => answer.GetProperty("totals").GetProperty(slug).GetRawText();

    public static string Change(JsonElement answer, string slug) => answer.GetProperty("change").GetProperty(slug).GetRawText();

    public static string[] Each(JsonElement answer, string slug) => [.. Periods(answer).Select(period => period.GetProperty(slug).GetRawText())];

    /// <summary>Asks once more with the tag of an answer.</summary>
    public static async Task<HttpResponseMessage> AskAsync(ApiClient client, string path, string? tag = null, string accept = "application/json")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Accept", accept);
        if (tag is not null)
            request.Headers.TryAddWithoutValidation("If-None-Match", tag);
        return await client.Http.SendAsync(request);
    }

    public static async Task<string> TagAsync(ApiClient client, string path, string accept = "application/json")
    {
        using var answer = await AskAsync(client, path, accept: accept);
        Assert.Equal(200, (int)answer.StatusCode);
        return answer.Headers.ETag!.ToString();
    }

    public static async Task<int> StatusAsync(ApiClient client, string path, string tag)
    {
        using var answer = await AskAsync(client, path, tag);
        return (int)answer.StatusCode;
    }
}
