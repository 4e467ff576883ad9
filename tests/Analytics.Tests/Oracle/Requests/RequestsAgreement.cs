using System.Text.Json;
using System.Text.Json.Nodes;
using NodaTime;

namespace Analytics.Tests.Oracle.Requests;

/// <summary>
/// Asks a service whose clock stands still what the model knows, and compares every number of the answers, all pages of them; and
/// every CSV with its JSON.
/// </summary>
sealed class RequestsAgreement(WorkspaceClient workspace, RequestWorld world, string about)
{
    readonly Dictionary<Guid, WorkspaceClient> portals = [];

    Instant Now => Instant.FromDateTimeOffset(workspace.Api.Clock.GetUtcNow());

    /// <summary>Asks everything in turn and tells all that differs; <paramref name="moment"/> says when, for whoever reads it.</summary>
    public async Task AssertAsync(string moment, IEnumerable<RequestsQuestion> questions)
    {
        var wrong = new List<string>();
        foreach (var question in questions)
        {
            var client = question.Portal is { } customer ? await PortalAsync(customer) : workspace;
            var path = question.ToPath();
            var first = await client.GetAsync(path);
            List<string> differences =
            [
                .. question.Differences(world, Now, await WholeAsync(client, path, first, question)),
                .. question.CsvDifferences(world, Now, first, CsvTable.Of(await CsvAsync(client, path))),
            ];
            if (differences is not [])
                wrong.Add($"""
                    {path}{(question.Portal is null ? "" : ", by a portal key")}
                        {string.Join("\n    ", differences.Take(6))}
                        {differences.Count} in all
                    """);
        }

        Assert.True(wrong is [], $"{about}, {moment}: {wrong.Count} answers are wrong\n{string.Join('\n', wrong.Take(12))}");
    }

    /// <summary>An answer with the rows of all pages after the first.</summary>
    static async Task<JsonElement> WholeAsync(WorkspaceClient client, string path, JsonElement first, RequestsQuestion question)
    {
        if (!first.TryGetProperty("meta", out var meta))
            return first;
        var rows = new JsonArray();
        for (var page = first; ; meta = page.GetProperty("meta"))
        {
            var data = page.GetProperty("data").EnumerateArray().ToList();
            data.ForEach(row => rows.Add(JsonNode.Parse(row.GetRawText())));
            var next = meta.GetProperty("nextCursor").GetString();
            AssertPage(question, data.Count, next is null, path);
            if (next is null)
                return JsonElement.Parse(new JsonObject { ["data"] = rows }.ToJsonString());
            page = await client.GetAsync($"{path}&cursor={Uri.EscapeDataString(next)}");
        }
    }

    // Pages are full but for the last, which is not empty; those that go by time may be shorter.
    static void AssertPage(RequestsQuestion question, int rows, bool isLast, string path)
    {
        var limit = question.Limit ?? RequestsQuestion.UsualLimit;
        var isRight = rows <= limit && (isLast || rows == limit || question is RecentQuestion);
        Assert.True(isRight, $"A page of {rows} rows, {(isLast ? "the last" : "not the last")}: {path}");
    }

    static async Task<string> CsvAsync(WorkspaceClient client, string path)
    {
        using var answer = await client.AskAsync(HttpMethod.Get, $"{path}&format=csv");
        Assert.Equal(("text/csv", 200), (answer.Content.Headers.ContentType?.MediaType, (int)answer.StatusCode));
        return await answer.Content.ReadAsStringAsync();
    }

    async Task<WorkspaceClient> PortalAsync(Guid customer)
    {
        if (!portals.TryGetValue(customer, out var portal))
            portals.Add(customer, portal = await workspace.BoundToAsync(customer, Analytics.Tenancy.Scopes.StatsRead));
        return portal;
    }
}
