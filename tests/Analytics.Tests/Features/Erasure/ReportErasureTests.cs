using System.Text.Json.Nodes;
using Analytics.Storage;
using Analytics.Tests.Features.Business.Reports;

namespace Analytics.Tests.Features.Erasure;

/// <summary>Saved reports and their kept runs after an erasure: nobody is named, what others have in common stays, and every number.</summary>
public sealed class ReportErasureTests(AnalyticsApi api)
{
    [Fact]
    public async Task Names_of_an_erased_person_leave_runs_and_questions()
    {
        var workspace = await api.NewWorkspaceAsync();
        var id = await workspace.NewCustomerAsync("acme-1");
        await workspace.PatchAsync($"/api/customers/{id}", new { external_id = "acme-2" });
        await workspace.NewCustomerAsync("acme-11");
        await workspace.IngestAsync(Done("acme-1"), Done("acme-2"), Done("acme-2"), Done("acme-11"), Done("acme-11"), Done("acme-11"), Done("acme-11"));
        var report = await workspace.SaveAsync(Report("acme-2 beside acme-11", ["customer"], new JsonObject
        {
            ["field"] = "customer", ["operator"] = "IN", ["value"] = new JsonArray("acme-1", "acme-2", "acme-11", $"{id}"),
        }));
        var run = await api.MissedRunAsync(workspace, report);
        Assert.Contains("acme-2", string.Join('|', (await workspace.GetAsync(run)).Rows()));
        await Until.HoldsAsync(async () => await ToldAsync(workspace) is [_], "The run is not told.");

        await workspace.EraseAsync(id);

        var rows = (await workspace.GetAsync(run)).Rows();
        var (pseudonym, former) = (rows[1].Split(' ')[0], rows[2].Split(' ')[0]);
        Assert.NotEqual(pseudonym, former);
        Assert.True(Guid.TryParse(pseudonym, out var other) && other != id, pseudonym);
        Assert.Equal("acme-11 4", rows[0]);
        Assert.DoesNotContain(rows, row => row.Split(' ')[0] is "acme-1" or "acme-2");
        Assert.Equal(7, rows.Sum(row => int.Parse(row.Split(' ')[^1])));
        var saved = await workspace.GetAsync(report);
        Assert.Equal($"{pseudonym} beside acme-11", saved.GetProperty("name").GetString());
        Assert.Equal(
            [former, pseudonym, "acme-11", pseudonym],
            saved.GetProperty("query").GetProperty("filters")[0].GetProperty("value").EnumerateArray().Select(value => value.GetString()!));
        Assert.Equal([$"{pseudonym} beside acme-11"], await ToldAsync(workspace));
    }

    [Fact]
    public async Task Texts_that_only_an_erased_person_had_leave_runs_and_those_of_others_stay()
    {
        var workspace = await api.NewWorkspaceAsync();
        var (ann, bob) = (await workspace.NewCustomerAsync("ann"), await workspace.NewCustomerAsync("bob"));
        await workspace.IngestAsync(
            Done("ann", "pro"), Done("bob", "pro"), Done("ann", "ann's"), Done("ann", "ann's"), Done("ann", "both"), Done("ann", "both"), Done("ann", "both"),
            Done("bob", "both"), Done("cid", "pro"), Done("ann"));
        var run = await api.MissedRunAsync(workspace, await workspace.SaveAsync(Report("Plans", ["plan"])));
        Assert.Equal(["both 4", "pro 3", "ann's 2", " 1"], (await workspace.GetAsync(run)).Rows());

        await workspace.EraseAsync(ann);
        Assert.Equal(["both 4", "pro 3", " 2", " 1"], (await workspace.GetAsync(run)).Rows());

        // What the two had in common is nobody's now; what a third had too stays.
        await workspace.EraseAsync(bob);
        Assert.Equal([" 4", "pro 3", " 2", " 1"], (await workspace.GetAsync(run)).Rows());
    }

    [Fact]
    public async Task An_erasure_does_not_wait_for_kept_runs_and_records_and_reaches_each_of_them()
    {
        var workspace = await api.NewWorkspaceAsync();
        var ann = await workspace.NewCustomerAsync("ann-first");
        await workspace.IngestAsync(Done("ann-first", "ann's plan"), Done("ann-first", "ann's plan"), Done("bob", "ann-first"));
        var report = await workspace.SaveAsync(Report("Plans of ann-first", ["plan"]));
        await api.MissedRunAsync(workspace, report);
        await Until.HoldsAsync(async () => await ToldAsync(workspace) is [_], "The run is not told.");
        // Many more; of some it is not known whose their rows are.
        await api.Store.ExecuteAsync("""
            insert into report_runs (workspace_id, report_id, id, at, status, rows, answer, text_columns, owners)
            select
                workspace_id, report_id, gen_random_uuid(), at - n * interval '1 day', status, rows, answer, text_columns,
                case when n % 3 = 0 then '[["*"], ["*"]]' else owners end
            from report_runs
            cross join generate_series(1, 45) n
            where report_id = $1
            """, [Guid.Parse(report.Split('/')[^1])], default);
        string? job;
        await using (var held = await api.Store.OpenConnectionAsync(TestContext.Current.CancellationToken))
        {
            await using var rows = await held.BeginTransactionAsync(TestContext.Current.CancellationToken);
            foreach (var table in (string[])["report_runs", "audit"])
                await held.ExecuteAsync($"select from {table} where workspace_id = $1 for update", [await workspace.NumberAsync()], default);

            job = (await workspace.DeleteAsync($"/api/customers/{ann}", 202).WaitAsync(Until.Patience)).GetProperty("job_id").GetString();
        }

        await workspace.ErasedAsync(job!);

        var name = (await workspace.GetAsync(report)).GetProperty("name").GetString()!;
        var pseudonym = name.Split(' ')[^1];
        Assert.Equal([$"Plans of {pseudonym}"], await ToldAsync(workspace));
        var runs = await workspace.RunsAsync(report);
        Assert.Equal(46, runs.Length);
        foreach (var run in runs)
        {
            var told = (await workspace.GetAsync($"{report}/runs/{run.GetProperty("id").GetGuid()}")).Rows();
            Assert.Equal(" 2", told[0]);
            Assert.Equal($"{pseudonym} 1", told[1]);
        }
    }

    [Fact]
    public async Task A_question_about_an_erased_person_comes_to_the_same_before_and_after()
    {
        var workspace = await api.NewWorkspaceAsync();
        var id = await workspace.NewCustomerAsync("acme-1");
        await workspace.IngestAsync(Done("acme-1"), Done("acme-11"));
        await workspace.PatchAsync($"/api/customers/{id}", new { external_id = "acme-2" });
        await workspace.IngestAsync(Done("acme-2"), Some.Event(at: Some.Day, customerId: id));
        var reports = new List<string>();
        foreach (var names in (string[][])[[$"{id}", "acme-1"], ["acme-1"], ["acme-2"], [$"{id}"], [$"{id}", "acme-11"]])
            foreach (var filter in (string[])["IN", "NOT_IN"])
                reports.Add(await workspace.SaveAsync(Report("Asked", ["customer"], new JsonObject
                {
                    ["field"] = "customer", ["operator"] = filter, ["value"] = new JsonArray([.. names.Select(name => JsonValue.Create(name))]),
                })));
        var before = await ResultsAsync(workspace, reports);
        Assert.Equal(["1 2", "1", "1", "1 2", "2", "1 1", "2", "1 1", "1 2", "1"], before);

        await workspace.EraseAsync(id);

        Assert.Equal(before, await ResultsAsync(workspace, reports));
    }

    [Fact]
    public async Task The_name_and_the_email_leave_every_part_of_a_question_however_they_are_written()
    {
        var workspace = await api.NewWorkspaceAsync();
        var id = (await workspace.PostAsync(
            "/api/customers", new { external_id = "cid-1", name = "Jean-Medor Secret", email = "Jean@Mail.example" }, 201)).GetProperty("id").GetGuid();
        var asked = Report("Report of JEAN-MEDOR secret (jean@mail.EXAMPLE)", ["customer", "jean@mail.example"], new JsonObject
        {
            ["field"] = "who", ["operator"] = "IN", ["value"] = new JsonArray(" JEAN@mail.example ", "Jean-Medor Secret", "Jean-Medor Secrets"),
        });
        asked["query"]!["events"] = new JsonArray("cid-1", "task.done");
        asked["query"]!["metrics"] = new JsonArray(new JsonObject { ["aggregation"] = "sum", ["field"] = "jean@MAIL.example" });
        asked["query"]!["orderBy"] = "-sum(jean@MAIL.example)";
        var report = await workspace.SaveAsync(asked);
        await api.MissedRunAsync(workspace, report);
        await Until.HoldsAsync(async () => await ToldAsync(workspace) is [_], "The run is not told.");

        await workspace.EraseAsync(id);

        var saved = await workspace.GetAsync(report);
        var query = saved.GetProperty("query");
        var pseudonym = query.GetProperty("events")[0].GetString();
        Assert.True(Guid.TryParse(pseudonym, out _), pseudonym);
        Assert.Equal($"Report of {pseudonym} ({pseudonym})", saved.GetProperty("name").GetString());
        Assert.Equal([$"Report of {pseudonym} ({pseudonym})"], await ToldAsync(workspace));
        Assert.Equal(["customer", pseudonym], query.GetProperty("dimensions").EnumerateArray().Select(dimension => dimension.GetString()));
        Assert.Equal(pseudonym, query.GetProperty("metrics")[0].GetProperty("field").GetString());
        Assert.Equal($"-sum({pseudonym})", query.GetProperty("orderBy").GetString());
        Assert.Equal(
            [pseudonym, pseudonym, "Jean-Medor Secrets"],
            query.GetProperty("filters")[0].GetProperty("value").EnumerateArray().Select(value => value.GetString()));
        Assert.Empty(await workspace.TablesWithAsync(["jean@mail.example", "Jean-Medor Secret\""]));
    }

    [Fact]
    public async Task Words_that_an_erased_person_is_called_by_too_mean_in_questions_and_runs_what_they_meant()
    {
        var workspace = await api.NewWorkspaceAsync();
        var id = (await workspace.PostAsync("/api/customers", new { external_id = "success", name = "Anthropic" }, 201)).GetProperty("id").GetGuid();
        var (plan, seven) = (await workspace.NewCustomerAsync("plan"), await workspace.NewCustomerAsync("42"));
        var done = new JsonObject
        {
            ["status"] = "success", ["plan"] = "pro", ["success"] = 1, ["floor"] = "42",
            ["_llm"] = new JsonObject { ["vendor"] = "anthropic", ["model"] = "m", ["input_tokens"] = 1, ["output_tokens"] = 1 },
        };
        await workspace.IngestAsync(
            Some.Event(at: Some.Day, externalId: "1", customer: "bob", metadata: done), Some.Event(at: Some.Day, externalId: "2", customer: "cid", metadata: done),
            Some.Event("success", Some.Day, "3", "42", metadata: done));
        var asked = Report(
            "Asked", ["name", "plan", "_llm.vendor", "floor", "customer"], Filter("_llm.vendor", "anthropic"), Filter("status", "success"),
            Filter("floor", "42"));
        asked["query"]!["events"] = new JsonArray("task.done", "success");
        asked["query"]!["metrics"]!.AsArray().Add(new JsonObject { ["aggregation"] = "sum", ["field"] = "success" });
        asked["query"]!["orderBy"] = "-sum(success)";
        var report = await workspace.SaveAsync(asked);
        var run = await api.MissedRunAsync(workspace, report);
        var (before, rows) = ((await workspace.GetAsync(report)).GetProperty("query").GetRawText(), (await workspace.GetAsync(run)).Rows().Order().ToList());
        Assert.Equal(3, rows.Count);

        foreach (var erased in (Guid[])[id, plan, seven])
            await workspace.EraseAsync(erased);

        Assert.Equal(before, (await workspace.GetAsync(report)).GetProperty("query").GetRawText());
        var after = (await workspace.GetAsync(run)).Rows().Order().ToList();
        Assert.Equal(rows.Where(row => !row.StartsWith("success", StringComparison.Ordinal)), after.Where(row => !row.StartsWith("success", StringComparison.Ordinal)));
        // Its texts went, and what stays in its event stays here; it is named no more.
        Assert.Matches("^success  anthropic  [0-9a-f-]{36} 1 1$", after.Single(row => row.StartsWith("success", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Short_ids_in_a_reports_name_are_words_like_any()
    {
        var workspace = await api.NewWorkspaceAsync();
        var id = await workspace.NewCustomerAsync("7");
        var report = await workspace.SaveAsync(Report("Last 7 days", ["customer"]));

        await workspace.EraseAsync(id);

        Assert.Equal("Last 7 days", (await workspace.GetAsync(report)).GetProperty("name").GetString());
    }

    /// <summary>The counts that reports come to now, the smallest first.</summary>
    static async Task<List<string>> ResultsAsync(WorkspaceClient workspace, List<string> reports)
    {
        var results = new List<string>();
        foreach (var report in reports)
            results.Add(string.Join(' ', (await workspace.GetAsync($"{report}/run")).Rows().Select(row => row.Split(' ')[^1]).Order()));
        return results;
    }

    static JsonObject Done(string customer, string? plan = null) =>
        Some.Event(at: Some.Day, customer: customer, metadata: plan is null ? null : new() { ["plan"] = plan });

    static JsonObject Filter(string field, string value) => new() { ["field"] = field, ["operator"] = "EQUALS", ["value"] = value };

    static JsonObject Report(string name, string[] dimensions, params JsonObject[] filters)
    {
        var report = SomeReports.ByCustomer(name, schedule: SomeReports.Schedule("day", "03:00"));
        report["query"] = new JsonObject
        {
            ["metrics"] = new JsonArray(new JsonObject { ["aggregation"] = "count" }), ["events"] = new JsonArray("task.done"),
            ["dimensions"] = new JsonArray([.. dimensions.Select(dimension => JsonValue.Create(dimension))]), ["filters"] = new JsonArray(filters),
            ["from"] = "2026-03-01", ["to"] = "2026-04-01",
        };
        return report;
    }

    /// <summary>The names of the reports that were told as ready.</summary>
    static async Task<string[]> ToldAsync(ApiClient client) => [.. (await client.GetAsync("/api/v1/events?type=report.ready")).GetProperty("data")
        .EnumerateArray().Select(record => record.GetProperty("payload").GetProperty("name").GetString()!)];
}
