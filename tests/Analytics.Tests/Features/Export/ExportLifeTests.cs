using System.Text.Json;
using System.Text.Json.Nodes;
using Analytics.Features.Export;
using Analytics.Storage;
using Analytics.Tests.Features.Requests;
using Analytics.Tests.Features.Streams;

namespace Analytics.Tests.Features.Export;

/// <summary>What happens while an export lasts: facts, a client that does not read, a key that is revoked, something that fails.</summary>
public sealed class ExportLifeTests(AnalyticsApi api)
{
    const int Large = 9_000;

    [Theory, MemberData(nameof(Kinds))]
    public async Task It_has_what_was_there_when_it_began(string name)
    {
        var workspace = await api.NewWorkspaceAsync();
        var app = await workspace.NewAppAsync();
        await SendAsync(workspace, app, Some.Day, 600);
        var before = await workspace.IdsAsync(name);
        var reader = await workspace.BeginExportAsync(name);

        // Some stand before those that were there, some among them, some behind.
        foreach (var at in (DateTimeOffset[])[Some.Day.AddDays(-9), Some.Day.AddMicroseconds(5), Some.Day.AddDays(9)])
            await SendAsync(workspace, app, at, 20);
        var told = (await reader.LinesAsync()).Select(Exported.IdOf);

        Assert.True(before.Count >= 600);
        Assert.Equal(before, told);
        Assert.True((await workspace.IdsAsync(name)).Count >= before.Count + 60);
    }

    [Fact]
    public async Task Events_stand_in_their_traces_as_they_did_when_it_began()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(
            Some.Event(at: Some.Day, externalId: "root"), Some.Event(at: Some.Day.AddSeconds(1), externalId: "child", parent: "root"),
            Some.Event(at: Some.Day.AddSeconds(2), externalId: "below", parent: "child"), Some.Event(at: Some.Day.AddSeconds(3), externalId: "alone"),
            Some.Event(at: Some.Day.AddSeconds(4), externalId: "orphan", parent: "late"), Some.Event(at: Some.Day.AddSeconds(5), parent: "orphan"));
        var before = await workspace.ExportAsync("events");
        var reader = await workspace.BeginExportAsync("events");

        // Children of all, and a parent that hangs another trace below the first one.
        await workspace.IngestAsync(
            ((string[])["root", "child", "below", "alone", "orphan"]).Select(parent => Some.Event(parent: parent))
                .Append(Some.Event(externalId: "late", parent: "below")));
        var told = await reader.LinesAsync();

        Assert.Equal(before.Select(line => line.GetRawText()), told.Select(line => line.GetRawText()));
        var after = (await workspace.ExportAsync("events"))[0];
        Assert.Equal((2, 2), (before[0].GetProperty("descendant_count").GetInt32(), told[0].GetProperty("descendant_count").GetInt32()));
        Assert.Equal(9, after.GetProperty("descendant_count").GetInt32());
    }

    [Fact]
    public async Task It_says_what_people_are_called_by_now_and_names_nobody_who_was_erased()
    {
        var workspace = await api.NewWorkspaceAsync();
        var (ann, bob) = (await workspace.NewCustomerAsync("ann-secret"), await workspace.NewCustomerAsync("bob"));
        await workspace.IngestAsync(Enumerable.Range(0, 4_000).Select(n => Some.Event(
            at: Some.Day.AddMinutes(n), customer: (n % 3) switch { 0 => "ann-secret", 1 => "bob", _ => "carl" })));
        var reader = await workspace.BeginExportAsync("events");
        await using var pages = reader.PagesAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.True(await pages.MoveNextAsync());
        Assert.True(await pages.MoveNextAsync());

        await workspace.DeleteAsync($"/api/customers/{ann}", 202);
        await workspace.PatchAsync($"/api/customers/{bob}", new { external_id = "robert" });
        var carl = await workspace.NewCustomerAsync("carl");

        // The third was read before it was asked for.
        Assert.True(await pages.MoveNextAsync());
        var told = new List<JsonElement>();
        while (await pages.MoveNextAsync())
            told.AddRange(await ExportSteps.LinesAsync([pages.Current]));
        Assert.NotEmpty(told);
        var people = string.Concat(told.Select(PersonOf));
        Assert.DoesNotContain("ann-secret", people, StringComparison.Ordinal);
        Assert.DoesNotContain($"{ann}", people, StringComparison.Ordinal);
        Assert.All(
            told.Where(line => line.GetProperty("external_customer_id").GetString() == "carl"),
            line => Assert.Equal(carl, line.GetProperty("customer_id").GetGuid()));
        var ids = told.Select(Exported.IdOf).ToHashSet();
        Assert.Equal(
            (await workspace.ExportAsync("events")).Where(line => ids.Contains(Exported.IdOf(line))).Select(PersonOf), told.Select(PersonOf));

        static string PersonOf(JsonElement line) => $"{line.GetProperty("customer_id")} {line.GetProperty("external_customer_id")}";
    }

    public static TheoryData<string> Kinds => [.. ExportKinds.NamesOfFacts, "log"];

    [Fact]
    public async Task It_waits_for_its_client_and_keeps_nobody_else_from_the_store()
    {
        var workspace = await LargeAsync();
        using var slow = await SlowClient.OpenAsync(workspace, "/api/export/events");
        await slow.ReadLinesAsync(10);

        await Until.HoldsAsync(async () => await OpenTransactionsAsync() == 0, "An export keeps a transaction open.");
        await workspace.IngestAsync(Some.Events(10, at: Some.Day.AddDays(200)));

        Assert.Equal(Large - 10, await slow.ReadLinesAsync(int.MaxValue));
    }

    [Fact]
    public async Task It_ends_with_its_key_and_not_as_if_it_were_whole()
    {
        var workspace = await LargeAsync();
        var key = await workspace.WithScopesAsync("events:read");
        using var slow = await SlowClient.OpenAsync(key, "/api/export/events");
        await slow.ReadLinesAsync(10);

        await api.Root.DeleteAsync($"/api/workspaces/{workspace.Id}/keys/{key.KeyId}");

        await Until.HoldsAsync(() => Task.FromResult(slow.IsCutOff), "The export goes on.");
        await Assert.ThrowsAnyAsync<IOException>(() => slow.ReadLinesAsync(int.MaxValue));
    }

    [Theory, InlineData(""), InlineData("?format=csv")]
    public async Task One_that_fails_on_the_way_does_not_look_whole(string query)
    {
        var workspace = await LargeAsync();
        var number = (await Oracle.Upkeep.OfAsync(workspace)).Workspace;
        // A type that nobody has ever heard of.
        await api.Store.ExecuteAsync(
            "update events set type = 999999 where workspace_id = $1 and id = (select max(id::text)::uuid from events where workspace_id = $1)",
            [number], default);
        using var client = await SlowClient.OpenAsync(workspace, $"/api/export/events{query}");

        await Assert.ThrowsAnyAsync<IOException>(() => client.ReadLinesAsync(int.MaxValue));
    }

    [Fact]
    public async Task A_workspace_has_so_many_at_once()
    {
        var workspace = await LargeAsync();
        var open = new List<SlowClient>();
        try
        {
            var status = 200;
            while (status == 200 && open.Count < 16)
            {
                open.Add(await SlowClient.OpenAsync(workspace, "/api/export/events"));
                status = open[^1].Status;
            }

            Assert.Equal(429, status);
            Assert.InRange(open.Count, 5, 13);
        }
        finally
        {
            open.ForEach(client => client.Dispose());
        }

        await Until.HoldsAsync(async () =>
        {
            using var answer = await workspace.AskAsync(HttpMethod.Head, "/api/export/events");
            return answer.IsSuccessStatusCode;
        }, "Exports whose clients are gone keep their places.");
    }

    // Of some megabytes: more than anything between the service and its client holds.
    async Task<WorkspaceClient> LargeAsync()
    {
        var workspace = await api.NewWorkspaceAsync();
        var text = new string('x', 2_000);
        foreach (var batch in Enumerable.Range(0, Large).Chunk(3_000))
            await workspace.IngestAsync(batch.Select(n => Some.Event(at: Some.Day.AddSeconds(n), metadata: new() { ["text"] = text })));
        return workspace;
    }

    async Task<long> OpenTransactionsAsync() => await api.Store.ScalarAsync<long>("""
        select count(*)
        from pg_stat_activity
        where application_name = 'analytics-exports'
          and state <> 'idle'
        """, [], default);

    static async Task SendAsync(WorkspaceClient workspace, Guid app, DateTimeOffset first, int count)
    {
        await workspace.IngestAsync(Enumerable.Range(0, count).Select(n => Some.Event(at: first.AddMinutes(n))));
        await workspace.TellAsync(Enumerable.Range(0, count).Select(n => SomeRequests.Request(at: first.AddMinutes(n))));
        await Telling.TellAsync(workspace, 0, count);
        foreach (var (list, fact) in ((string, JsonObject)[])
        [
            ("views", []), ("devices", new() { ["deviceId"] = "d" }), ("downloads", new() { ["bytes"] = 1 }),
        ])
            await SendAsync(list, list, "timestamp", fact);
        await SendAsync("storage", "changes", "timestamp", new() { ["bytes"] = -1 });
        await SendAsync("invocations", "invocations", "startedAt", new()
        {
            ["method"] = "GET", ["path"] = "/", ["username"] = null, ["durationMs"] = 1, ["statusCode"] = 200, ["memoryPeakBytes"] = 1,
        });

        Task SendAsync(string route, string list, string time, JsonObject fact) => workspace.PostAsync($"/api/apps/{app}/{route}", new JsonObject
        {
            [list] = new JsonArray([.. Enumerable.Range(0, count).Select(n =>
            {
                var one = (JsonObject)fact.DeepClone();
                one[time] = first.AddMinutes(n).UtcDateTime.ToString("O");
                return (JsonNode)one;
            })]),
        });
    }
}
