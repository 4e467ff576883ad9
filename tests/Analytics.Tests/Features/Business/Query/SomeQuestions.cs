using System.Text.Json;

namespace Analytics.Tests.Features.Business.Query;

/// <summary>Questions as the route takes them, and the rows they are answered by.</summary>
static class SomeQuestions
{
    public const string Route = "/api/v1/analytics/query";
    public const string March = "\"from\":\"2026-03-01\",\"to\":\"2026-04-01\"";

    /// <summary>The whole answer: on a machine that stands still for seconds there is a part of it at first.</summary>
    public static async Task<JsonElement> AskAsync(WorkspaceClient workspace, string members, string time = March)
    {
        JsonElement answer = default;
        await Until.HoldsAsync(
            async () => !(answer = await workspace.PostAsync(Route, $"{{{time},{members}}}")).GetProperty("partial").GetBoolean(),
            "The answer is never whole.");
        return answer;
    }

    public static void AssertRows(JsonElement answer, params string[] rows) =>
        Assert.Equal(rows, answer.GetProperty("rows").EnumerateArray().Select(row => row.GetRawText()));
}
