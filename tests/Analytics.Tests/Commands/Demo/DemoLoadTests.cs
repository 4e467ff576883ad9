using System.Text.Json;
using Analytics.Commands.Demo;
using Analytics.Commands.Demo.Life;
using Microsoft.Extensions.Time.Testing;

namespace Analytics.Tests.Commands.Demo;

/// <summary>The demo is brought up to now by whatever starts there are, and every fact of it comes once.</summary>
public sealed class DemoLoadTests(AnalyticsApi api)
{
    const int Days = 9;
    static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task A_start_after_days_adds_what_came_about_since()
    {
        var workspace = await api.NewWorkspaceAsync();

        var first = await LoadAsync(workspace, Now.AddDays(-4));
        var second = await LoadAsync(workspace, Now);

        Assert.All(first.Facts.Concat(second.Facts), part => Assert.True(part.Value > 0, $"No {part.Key} were added."));
        await HasAllAsync(
            workspace, Now.AddDays(-4), first.Facts["events"] + second.Facts["events"], first.Facts["requests"] + second.Facts["requests"]);
    }

    [Fact]
    public async Task A_second_start_adds_nothing()
    {
        var workspace = await api.NewWorkspaceAsync();
        var first = await LoadAsync(workspace, Now);

        var second = await LoadAsync(workspace, Now);

        Assert.All(second.Facts, part => Assert.Equal(0, part.Value));
        await HasAllAsync(workspace, Now, first.Facts["events"], first.Facts["requests"]);
    }

    [Theory]
    [InlineData("/api/events/ingest")]
    [InlineData("/api/requests/ingest")]
    public async Task One_that_was_killed_half_way_is_finished_by_the_next(string where)
    {
        var workspace = await api.NewWorkspaceAsync();
        using var http = new HttpClient(new KilledAt(where, batches: 3)) { BaseAddress = api.Address };
        await Assert.ThrowsAsync<HttpRequestException>(() => LoadAsync(new DemoClient(http, workspace.Key!), Now));

        var second = await LoadAsync(workspace, Now);

        await HasAllAsync(workspace, Now, null, second.Facts["requests"]);
    }

    [Fact]
    public async Task Its_events_have_labels_but_for_those_that_somebody_named()
    {
        var workspace = await api.NewWorkspaceAsync();
        await LoadAsync(workspace, Now.AddDays(-1));
        var named = (await TypesAsync(workspace)).Single(type => type.GetProperty("name").GetString() == "file.scanned");
        await workspace.PatchAsync($"/api/event-types/{named.GetProperty("id").GetGuid()}", new { label = "Scans" });

        await LoadAsync(workspace, Now);

        var labels = (await TypesAsync(workspace))
            .ToDictionary(type => type.GetProperty("name").GetString()!, type => type.GetProperty("label").GetString()!);
        Assert.Equal("Scans", labels["file.scanned"]);
        Assert.Equal("Question to the assistant", labels["assistant.question"]);
        Assert.Equal(["customer.created"], labels.Where(type => type.Key == type.Value).Select(type => type.Key));
    }

    [Fact]
    public async Task It_has_reports_alerts_and_a_webhook_that_is_told_nothing_and_each_once()
    {
        var workspace = await api.NewWorkspaceAsync();
        await LoadAsync(workspace, Now.AddDays(-1));

        await LoadAsync(workspace, Now);

        var reports = await AllAsync(workspace, "/api/v1/analytics/reports");
        Assert.Equal(2, reports.Count);
        Assert.Equal("week", Assert.Single(reports, report => report.GetProperty("schedule").ValueKind != JsonValueKind.Null)
            .GetProperty("schedule").GetProperty("every").GetString());
        foreach (var report in reports)
            Assert.NotEqual(0, (await workspace.GetAsync($"/api/v1/analytics/reports/{report.GetProperty("id").GetGuid()}/run"))
                .GetProperty("rows").GetArrayLength());
        Assert.Equal(3, (await AllAsync(workspace, "/api/v1/alerts")).Count);
        Assert.False(Assert.Single(await AllAsync(workspace, "/api/v1/webhooks")).GetProperty("enabled").GetBoolean());
    }

    static async Task<List<JsonElement>> AllAsync(WorkspaceClient workspace, string route) =>
        [.. (await workspace.GetAsync(route)).GetProperty("data").EnumerateArray()];

    static Task<DemoLoaded> LoadAsync(WorkspaceClient workspace, DateTimeOffset now) =>
        LoadAsync(new DemoClient(workspace.Http, workspace.Key!), now);

    static Task<DemoLoaded> LoadAsync(DemoClient client, DateTimeOffset now) =>
        new DemoLoad(client, new FakeTimeProvider(now), Days).RunAsync(usable: _ => Task.CompletedTask, TestContext.Current.CancellationToken);

    // What is stored, by the rollups, is what happens by the story from the first day that was loaded up to now.
    static async Task HasAllAsync(WorkspaceClient workspace, DateTimeOffset first, long? eventsSent, long? requestsSent)
    {
        var from = Rhythm.At(Rhythm.DayOf(first).AddDays(1 - Days), 0);
        var story = new Story(Rhythm.DayOf(
            (await workspace.GetAsync($"/api/workspaces/{workspace.Id}")).GetProperty("created_at").GetDateTimeOffset()));
        var expected = story.Parts.SelectMany(part => part.Between(from, Now)).GroupBy(day => day.Line.Route, day => day.Facts)
            .ToDictionary(route => route.Key, route => route.SelectMany(facts => facts).ToList());

        var types = await TypesAsync(workspace);
        var stored = types.Where(type => type.GetProperty("name").GetString() is not ("customer.created" or "sync.finished"))
            .ToDictionary(type => type.GetProperty("name").GetString()!, type => type.GetProperty("occurrences").GetInt32());
        var requests = await workspace.GetAsync($"/api/requests/endpoints?from={from.AddDays(-9):yyyy-MM-dd}&limit=1000");

        Assert.Equal(
            expected["api/events/ingest"].CountBy(NameOf).OrderBy(name => name.Key, StringComparer.Ordinal),
            stored.OrderBy(name => name.Key, StringComparer.Ordinal));
        Assert.Equal(
            expected["api/requests/ingest"].Count,
            requests.GetProperty("data").EnumerateArray().Sum(row => row.GetProperty("count").GetInt32()));
        Assert.Equal(expected["api/events/ingest"].Count, eventsSent ?? expected["api/events/ingest"].Count);
        Assert.Equal(expected["api/requests/ingest"].Count, requestsSent);
        foreach (var app in Apps.All)
        {
            var stats = await workspace.GetAsync($"/api/apps/{app.NaturalId}/stats");
            Assert.Equal(expected[$"api/apps/{app.NaturalId}/views"].Count, stats.GetProperty("totalViews").GetInt32());
            Assert.Equal(
                expected[$"api/apps/{app.NaturalId}/invocations"].Count, stats.GetProperty("api").GetProperty("totalInvocations").GetInt32());
        }
    }

    static string NameOf(object body) => JsonSerializer.SerializeToElement(body).GetProperty("name").GetString()!;

    static async Task<List<JsonElement>> TypesAsync(WorkspaceClient workspace) =>
        [.. (await workspace.GetAsync("/api/event-types?limit=1000")).GetProperty("data").EnumerateArray()];

    // The last batch that goes out may have been stored: its sender does not know.
    sealed class KilledAt(string where, int batches) : DelegatingHandler(new SocketsHttpHandler())
    {
        int sent;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var answer = await base.SendAsync(request, cancellationToken);
            return request.RequestUri!.AbsolutePath != where || Interlocked.Increment(ref sent) < batches
                ? answer
                : throw new HttpRequestException("Killed.");
        }
    }
}
