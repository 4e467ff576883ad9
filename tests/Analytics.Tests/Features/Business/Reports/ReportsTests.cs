using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Analytics.Tests.Features.Business.Reports;

/// <summary>Reports are saved, found, replaced, run and deleted.</summary>
public sealed class ReportsTests(AnalyticsApi api)
{
    [Fact]
    public async Task A_report_is_told_as_it_was_saved()
    {
        var workspace = await api.NewWorkspaceAsync();
        var sent = JsonNode.Parse("""
            {"name":" Calls ","query":{"dataset":"requests","metrics":[{"aggregation":"count","field":null},{"aggregation":"p95","field":"latencyMs"}],
             "events":null,"dimensions":["endpoint"],"filters":[{"field":"statusCode","operator":"IN","value":[200,201.0]}],"from":"2026-03-01","to":"2026-04-01",
             "period":null,"interval":"day","timezone":"Asia/Kathmandu","orderBy":"-count","limit":10}}
            """)!.AsObject();

        var made = await workspace.PostAsync(SomeReports.Path, sent, 201);
        var found = await workspace.GetAsync($"{SomeReports.Path}/{made.GetProperty("id").GetGuid()}");

        Assert.Equal(made.GetRawText(), found.GetRawText());
        Assert.Equal(" Calls ", made.GetProperty("name").GetString());
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(sent["query"]!.ToJsonString()), made.GetProperty("query")), made.GetRawText());
        Assert.Equal(JsonValueKind.Null, made.GetProperty("schedule").ValueKind);
        Assert.Equal(JsonValueKind.Null, made.GetProperty("nextRunAt").ValueKind);
        Assert.Equal(made.GetProperty("createdAt").GetRawText(), made.GetProperty("updatedAt").GetRawText());
        await (await api.NewWorkspaceAsync()).GetAsync($"{SomeReports.Path}/{made.GetProperty("id").GetGuid()}", 404);
    }

    [Theory]
    [InlineData("""{}""", "/name", "/query")]
    [InlineData("""{"name":" ","query":null,"schedule":{}}""", "/name", "/query", "/schedule/at", "/schedule/every")]
    [InlineData("""{"name":"n","query":{"metrics":[{"aggregation":"count"}]},"schedule":{"every":"hour","at":"24:00","timezone":"Mars"}}""",
        "/schedule/at", "/schedule/every", "/schedule/timezone")]
    [InlineData("""{"name":"n","query":{"metrics":[{"aggregation":"count"}]},"schedule":{"every":"day","at":"9:00"}}""", "/schedule/at")]
    [InlineData("""{"name":"n","query":{"metrics":[{"aggregation":"most"}],"filters":[null]},"schedule":{"every":"day","at":"09:00:00"}}""",
        "/query/filters/0", "/query/metrics/0/aggregation", "/query/metrics/0/field", "/schedule/at")]
    [InlineData("""{"name":"n","query":{"metrics":[{"aggregation":"count"}],"period":"9y"}}""", "/query/period")]
    [InlineData("""{"name":"n","query":{"metrics":[{"aggregation":"count"}],"from":"2026-03-01","period":"1d"}}""", "/query/period")]
    public async Task All_that_is_wrong_with_a_report_is_told_at_once(string body, params string[] pointers)
    {
        var workspace = await api.NewWorkspaceAsync();
        var report = await workspace.SaveAsync(SomeReports.ByCustomer());

        foreach (var problem in (JsonElement[])[await workspace.PostAsync(SomeReports.Path, body, 400), await workspace.PutAsync(report, body, 400)])
            Assert.Equal(
                pointers,
                problem.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("pointer").GetString()).Order(StringComparer.Ordinal));
        Assert.Single(await NamesAsync(workspace, ""));
    }

    [Fact]
    public async Task A_report_takes_the_place_of_another_and_goes()
    {
        var workspace = await api.NewWorkspaceAsync();
        var report = await workspace.SaveAsync(SomeReports.ByCustomer("Before", schedule: SomeReports.Schedule("month", "06:05", "Europe/Paris")));
        var before = await workspace.GetAsync(report);
        Assert.Equal("""{"every":"month","at":"06:05","timezone":"Europe/Paris"}""", before.GetProperty("schedule").GetRawText());

        var after = await workspace.PutAsync(report, SomeReports.ByCustomer("After", "7d"));

        Assert.Equal(after.GetRawText(), (await workspace.GetAsync(report)).GetRawText());
        Assert.Equal(
            ("After", "7d", "", before.GetProperty("createdAt").GetRawText()),
            (after.GetProperty("name").GetString(), after.GetProperty("query").GetProperty("period").GetString(), $"{after.GetProperty("schedule")}{after.GetProperty("nextRunAt")}",
                after.GetProperty("createdAt").GetRawText()));
        Assert.True(after.GetProperty("updatedAt").GetDateTimeOffset() > before.GetProperty("updatedAt").GetDateTimeOffset());
        await workspace.DeleteAsync(report);
        foreach (var path in (string[])["", "/run", "/runs"])
            await workspace.GetAsync(report + path, 404);
        await workspace.DeleteAsync(report, 404);
        await workspace.PutAsync(report, SomeReports.ByCustomer(), 404);
        await workspace.PostAsync($"{report}/links", null, 404);
    }

    [Fact]
    public async Task Reports_are_listed_the_latest_first_or_as_it_is_asked()
    {
        var workspace = await api.NewWorkspaceAsync();
        foreach (var (name, schedule) in new[] { ("Costs 50%", null), ("calls", SomeReports.Schedule("day", "10:00")), ("Calls_", SomeReports.Schedule("month", "10:00")) })
            await workspace.SaveAsync(SomeReports.ByCustomer(name, schedule: schedule));

        Assert.Equal(["Calls_", "calls", "Costs 50%"], await NamesAsync(workspace, ""));
        Assert.Equal(["Calls_", "Costs 50%", "calls"], (await NamesAsync(workspace, "?sort=name")).Order(StringComparer.Ordinal));
        Assert.Equal("Costs 50%", (await NamesAsync(workspace, "?sort=nextRunAt"))[^1]);
        Assert.Equal("Costs 50%", (await NamesAsync(workspace, "?sort=-nextRunAt"))[^1]);
        Assert.Equal(["Calls_", "calls"], await NamesAsync(workspace, "?q=CALL"));
        Assert.Equal(["Calls_"], await NamesAsync(workspace, "?q=_"));
        Assert.Equal(["Costs 50%"], await NamesAsync(workspace, "?q=%25"));
        var first = await workspace.GetAsync($"{SomeReports.Path}?limit=2");
        var cursor = first.GetProperty("meta").GetProperty("nextCursor").GetString();
        Assert.Equal(["Costs 50%"], await NamesAsync(workspace, $"?limit=2&cursor={cursor}"));
        await workspace.GetAsync($"{SomeReports.Path}?sort=query", 400);
    }

    [Fact]
    public async Task A_workspace_has_at_most_five_hundred_reports()
    {
        var workspace = await api.NewWorkspaceAsync();
        var report = await workspace.SaveAsync(SomeReports.ByCustomer());
        await using (var copy = api.Store.CreateCommand("""
            insert into reports (workspace_id, id, name, query, created_at, updated_at)
            select workspace_id, gen_random_uuid(), reports.name, query, reports.created_at, updated_at
            from reports
            join workspaces using (workspace_id)
            cross join generate_series(1, 499)
            where workspaces.id = $1
            """))
        {
            copy.Parameters.Add(new() { Value = workspace.Id });
            Assert.Equal(499, await copy.ExecuteNonQueryAsync());
        }

        await workspace.PostAsync(SomeReports.Path, SomeReports.ByCustomer(), 409);
        await workspace.PutAsync(report, SomeReports.ByCustomer("Other"));
        await workspace.DeleteAsync(report);
        await workspace.PostAsync(SomeReports.Path, SomeReports.ByCustomer(), 201);
    }

    [Fact]
    public async Task A_run_is_what_its_question_answers_and_up_to_date()
    {
        var workspace = await api.NewWorkspaceAsync();
        var now = TimeProvider.System.GetUtcNow();
        await workspace.IngestAsync(Some.Event(at: now), Some.Event(at: now), Some.Event(at: now, customer: "=bob"), Some.Event("other", now), Some.Event(at: now.AddDays(-40)));
        var report = await workspace.SaveAsync(SomeReports.ByCustomer());

        var run = await workspace.GetAsync($"{report}/run");
        var asked = await workspace.PostAsync("/api/v1/analytics/query", SomeReports.ByCustomer()["query"]!.DeepClone());

        Assert.Equal(asked.GetRawText(), run.GetRawText());
        Assert.Equal(["acme 2", "=bob 1"], run.Rows());
        Assert.Equal(["customer,count", "acme,2", "'=bob,1"], await LinesAsync(workspace, $"{report}/run?format=csv"));
        await workspace.IngestAsync(Some.Event(at: now, customer: "=bob"), Some.Event(at: now, customer: "=bob"));
        Assert.Equal(["=bob 3", "acme 2"], (await workspace.GetAsync($"{report}/run")).Rows());
    }

    [Fact]
    public async Task A_number_far_from_one_stays_as_it_was_sent()
    {
        var workspace = await api.NewWorkspaceAsync();
        var told = SomeReports.ByCustomer();
        told["query"]!["filters"] = JsonNode.Parse("""[{"field":"n","operator":"GREATER_THAN","value":1e150}]""");
        var report = await workspace.SaveAsync(told);

        Assert.Equal("1e150", (await workspace.GetAsync(report)).GetProperty("query").GetProperty("filters")[0].GetProperty("value").GetRawText());
        Assert.Empty((await workspace.GetAsync($"{report}/run")).Rows());
    }

    [Fact]
    public async Task Whoever_may_read_runs_reports_and_changes_none()
    {
        var workspace = await api.NewWorkspaceAsync();
        var report = await workspace.SaveAsync(SomeReports.ByCustomer());
        var reader = await workspace.WithScopesAsync("stats:read");
        var (_, member) = await api.NewUserAsync((workspace, "member"));
        var portal = await workspace.BoundToAsync(await workspace.NewCustomerAsync("acme"));

        foreach (var path in (string[])["", "/run", "/runs"])
        {
            await reader.GetAsync(report + path);
            await portal.GetAsync(report + path, 403);
        }

        await reader.PutAsync(report, SomeReports.ByCustomer(), 403);
        await reader.DeleteAsync(report, 403);
        await portal.PostAsync($"{report}/links", null, 403);
        await portal.GetAsync(SomeReports.Path, 403);
        await member.PutAsync(report, SomeReports.ByCustomer("Theirs"));
    }

    [Fact]
    public async Task A_report_without_a_schedule_has_no_runs()
    {
        var workspace = await api.NewWorkspaceAsync();
        var report = await workspace.SaveAsync(SomeReports.ByCustomer());

        Assert.Empty(await workspace.RunsAsync(report));
        await workspace.GetAsync($"{report}/runs/{Guid.NewGuid()}", 404);
    }

    static async Task<string[]> NamesAsync(ApiClient client, string query) =>
        [.. (await client.GetAsync(SomeReports.Path + query)).GetProperty("data").EnumerateArray().Select(row => row.GetProperty("name").GetString()!)];

    static async Task<string[]> LinesAsync(ApiClient client, string path)
    {
        using var answer = await client.AskAsync(HttpMethod.Get, path);
        Assert.Equal((HttpStatusCode.OK, "text/csv; charset=utf-8"), (answer.StatusCode, answer.Content.Headers.ContentType?.ToString()));
        return (await answer.Content.ReadAsStringAsync()).TrimEnd().Split("\r\n");
    }
}
