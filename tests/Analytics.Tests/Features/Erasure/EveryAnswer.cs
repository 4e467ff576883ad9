using System.Text.RegularExpressions;
using Analytics.Contract;
using Analytics.Features.Export;
using Analytics.Tests.Contract;
using Analytics.Tests.Features.Business.Alerts;
using Analytics.Tests.Features.Business.Reports;

namespace Analytics.Tests.Features.Erasure;

/// <summary>All that a workspace's key can read, by every route that there is.</summary>
sealed partial class EveryAnswer(WorkspaceClient workspace)
{
    /// <summary>A month with the person's facts; what happens now, as changes of customers and keys, is in what has no range.</summary>
    const string March = "start_date=2026-03-01&end_date=2026-03-31&interval=day&from=2026-03-01&to=2026-04-01&date=2026-03-11";

    static readonly string[] Queries =
    [
        .. from range in (string[])[$"{March}&limit=1000", March, "limit=1000"] from format in (string[])["", "&format=csv"] select range + format,
    ];

    // A stream never ends, users' own keys and links are no workspace key's.
    static bool IsRead(KnownRoute route) => route.Method == "GET" && route.Access is RequireScopeAttribute { LinkInPath: null }
        && !route.Path.Contains("/stream", StringComparison.Ordinal);

    /// <summary>Every answer by its address.</summary>
    public async Task<Dictionary<string, string>> ReadAsync()
    {
        var answers = new Dictionary<string, string>();
        var ids = await IdsAsync();
        foreach (var route in EndpointTable.Of(workspace.Api).Where(IsRead))
            foreach (var path in await PathsOfAsync(route, ids))
            {
                var before = answers.Count;
                foreach (var query in Queries)
                    if (await AnswerAsync($"{path}?{query}") is { } answer)
                        answers.Add($"{path}?{query}", answer);
                Assert.True(answers.Count > before, $"{path} answers none of the questions.");
            }

        return answers;
    }

    async Task<string?> AnswerAsync(string address)
    {
        using var answer = await workspace.AskAsync(HttpMethod.Get, address);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True((int)answer.StatusCode is 200 or 400, $"{address} answered {(int)answer.StatusCode}: {text}");
        return (int)answer.StatusCode == 200 ? text : null;
    }

    async Task<IEnumerable<string>> PathsOfAsync(KnownRoute route, Dictionary<string, string[]> ids)
    {
        if (!route.Path.Contains('{', StringComparison.Ordinal))
            return [route.Path];
        if (route.Path == $"{SomeReports.Path}/{{id}}/runs/{{run}}")
            return await RunsAsync(ids[$"{SomeReports.Path}/"]);
        var begin = route.Path[..route.Path.IndexOf('{', StringComparison.Ordinal)];
        Assert.True(ids.TryGetValue(begin, out var known), $"{route}: say in IdsAsync what {begin} holds.");
        return known.Select(id => Parameter().Replace(route.Path, Uri.EscapeDataString(id)));
    }

    /// <summary>For each route with a parameter: all that it may stand for.</summary>
    async Task<Dictionary<string, string[]>> IdsAsync() => new()
    {
        ["/api/workspaces/"] = [$"{workspace.Id}"],
        ["/api/users/"] = await TextsAsync("/api/users", "id"),
        ["/api/customers/"] = await TextsAsync("/api/customers", "id"),
        ["/api/events/"] = await TextsAsync("/api/events?limit=1000", "id"),
        ["/api/event-types/"] = await TextsAsync("/api/event-types?limit=1000", "id"),
        ["/api/requests/customers/"] = await TextsAsync("/api/requests/customers?from=2026-03-01&to=2026-04-01&date=2026-03-11", "customerId"),
        ["/api/export/"] = [.. ExportKinds.NamesOfFacts],
        ["/api/apps/"] = await TextsAsync("/api/apps", "id"),
        ["/api/erasures/"] = await ErasuresAsync(),
        ["/statistics/app/"] = await TextsAsync("/api/apps", "id"),
        ["/statistics/org/"] = [workspace.Slug],
        [$"{SomeAlerts.Path}/"] = await TextsAsync(SomeAlerts.Path, "id"),
        ["/api/v1/billable-units/"] = await TextsAsync("/api/v1/billable-units", "key"),
        ["/api/v1/products/"] = await TextsAsync("/api/v1/products", "key"),
        ["/api/v1/webhooks/"] = await TextsAsync("/api/v1/webhooks", "id"),
        [$"{SomeReports.Path}/"] = await TextsAsync(SomeReports.Path, "id"),
    };

    async Task<string[]> TextsAsync(string path, string member) =>
        [.. (await workspace.GetAsync(path)).GetProperty("data").EnumerateArray().Select(row => row.GetProperty(member).GetString()!)];

    async Task<IEnumerable<string>> RunsAsync(string[] reports)
    {
        var runs = new List<string>();
        foreach (var report in reports)
            runs.AddRange((await TextsAsync($"{SomeReports.Path}/{report}/runs", "id")).Select(run => $"{SomeReports.Path}/{report}/runs/{run}"));
        return runs;
    }

    // The log tells of those that there were.
    async Task<string[]> ErasuresAsync() =>
        [.. (await workspace.GetAsync("/api/v1/events?type=customer.erased")).GetProperty("data").EnumerateArray()
            .Select(record => record.GetProperty("payload").GetProperty("jobId").GetString()!)];

    [GeneratedRegex(@"\{[^}]+\}", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Parameter();
}
