using System.Text.Json;
using Analytics.Tests.Oracle.Requests;

namespace Analytics.Tests.Oracle.Apps;

/// <summary>Asks questions of section 7 and compares the answers, and their CSV, with the model.</summary>
sealed class StatisticsAgreement(AppWorld world, string about)
{
    public async Task AssertAsync(string moment, IEnumerable<StatisticsQuestion> questions)
    {
        var wrong = new List<string>();
        foreach (var question in questions)
        {
            var answer = await question.Scope.Client.GetAsync(question.Path);
            if (Canonical.Difference(question.Answer(world), answer) is { } difference)
                wrong.Add($"{question.Path}: {difference}");
            else
                wrong.AddRange((await CsvDifferencesAsync(question, answer)).Select(one => $"{question.Path}: {one}"));
        }

        Assert.True(wrong is [], $"{about}, {moment}: {wrong.Count} answers are wrong\n{string.Join('\n', wrong.Take(12))}");
    }

    static async Task<List<string>> CsvDifferencesAsync(StatisticsQuestion question, JsonElement answer)
    {
        using var csv = await question.Scope.Client.AskAsync(HttpMethod.Get, $"{question.Path}&format=csv");
        Assert.Equal(("text/csv", 200), (csv.Content.Headers.ContentType?.MediaType, (int)csv.StatusCode));
        var table = CsvTable.Of(await csv.Content.ReadAsStringAsync());
        var data = answer.GetProperty("data");
        List<JsonElement> rows = question.Scope.App is null ? [.. data.EnumerateArray()] : [data];
        var header = "date,mau,storage,bandwidth" + (question.HasRatios ? ",bandwidth_per_user,storage_per_app" : "");
        Assert.Equal(header, string.Join(',', table.Header));
        return table.Differences(rows);
    }
}
