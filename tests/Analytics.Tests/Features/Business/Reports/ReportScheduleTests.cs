using System.Net;
using System.Text.Json;
using Analytics.Storage;
using Analytics.Tests.Commands;
using Analytics.Tests.Features.Streams;

namespace Analytics.Tests.Features.Business.Reports;

/// <summary>Reports run by themselves when they are due; each run is kept and told once, whatever happens to nodes.</summary>
[Collection<Timed>]
public sealed class ReportScheduleTests(TimedApi timed)
{
    [Fact]
    public async Task A_report_runs_when_its_workspaces_clocks_say_so_is_kept_and_told()
    {
        var workspace = await timed.Api.NewWorkspaceAsync("Asia/Kathmandu");
        await workspace.IngestAsync(Some.Event(at: timed.Now), Some.Event(at: timed.Now), Some.Event(at: timed.Now, customer: "=bob"));
        var due = NextMinute();
        var report = await workspace.SaveAsync(SomeReports.ByCustomer("Tasks", schedule: SomeReports.Schedule("day", ShownInKathmandu(due))));
        Assert.Equal(due, await NextRunAsync(workspace, report));

        MoveTo(due);
        await SettledAsync(workspace, report, runs: 1);

        var run = Assert.Single(await workspace.RunsAsync(report));
        Assert.Equal(["id", "at", "status", "rows"], run.EnumerateObject().Select(member => member.Name));
        Assert.Equal((due, "ok", 2), (run.GetProperty("at").GetDateTimeOffset(), run.GetProperty("status").GetString(), run.GetProperty("rows").GetInt32()));
        var kept = $"{report}/runs/{run.GetProperty("id").GetGuid()}";
        await workspace.IngestAsync(Some.Event(at: timed.Now));
        Assert.Equal("""{"columns":["customer","count"],"rows":[["acme",2],["=bob",1]],"partial":false,"scannedFrom":null}""", (await workspace.GetAsync(kept)).GetRawText());
        using var rows = await workspace.AskAsync(HttpMethod.Get, kept + "?format=csv");
        Assert.Equal((HttpStatusCode.OK, "customer,count\r\nacme,2\r\n'=bob,1\r\n"), (rows.StatusCode, await rows.Content.ReadAsStringAsync()));

        var told = Assert.Single(await ToldAsync(workspace));
        Assert.Equal(
            ["report.ready", "USAGE", "system", "INFO", null, null, "report", report.Split('/')[^1], null],
            ((string[])["eventType", "category", "source", "severity", "actorType", "actorId", "targetType", "targetId", "correlationId"])
                .Select(member => told.GetProperty(member).GetString()));
        var expected = $$"""
            {"reportId":"{{report.Split('/')[^1]}}","runId":"{{run.GetProperty("id").GetGuid()}}","name":"Tasks","at":{{run.GetProperty("at").GetRawText()}},
             "status":"ok","rows":2}
            """;
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(expected), told.GetProperty("payload")), told.GetRawText());
        Assert.Equal(due.AddDays(1), await NextRunAsync(workspace, report));
    }

    [Fact]
    public async Task A_run_counts_what_its_question_asked_for_when_it_was_due()
    {
        var workspace = await timed.Api.NewWorkspaceAsync();
        var report = await workspace.SaveAsync(SomeReports.ByCustomer(period: "24h", schedule: SomeReports.Schedule("day", Shown(NextMinute()))));
        var last = (await NextRunAsync(workspace, report)).AddDays(-1);
        await workspace.IngestAsync(
            Some.Event(at: last.AddHours(-25), customer: "before"), Some.Event(at: last.AddHours(-1)), Some.Event(at: last.AddHours(2), customer: "later"));

        // As if no node had been there for days: the last time that was due is made up for, those before it are not.
        await MissedAsync(report, days: 4);
        await SettledAsync(workspace, report, runs: 1);

        var run = Assert.Single(await workspace.RunsAsync(report));
        Assert.Equal(last, run.GetProperty("at").GetDateTimeOffset());
        Assert.Equal(["acme 1"], (await workspace.GetAsync($"{report}/runs/{run.GetProperty("id").GetGuid()}")).Rows());
        Assert.Single(await ToldAsync(workspace));
        Assert.Equal(last.AddDays(1), await NextRunAsync(workspace, report));
    }

    [Fact]
    public async Task The_last_thirty_runs_are_kept()
    {
        var workspace = await timed.Api.NewWorkspaceAsync();
        var due = NextMinute();
        var report = await workspace.SaveAsync(SomeReports.ByCustomer(schedule: SomeReports.Schedule("day", Shown(due))));
        await timed.Api.Store.ExecuteAsync(
            """
            insert into report_runs (workspace_id, report_id, id, at, status, rows, answer)
            select workspace_id, id, gen_random_uuid(), due_at - day * interval '1 day', 'ok', 0, '{"columns":[],"rows":[],"partial":false}'
            from reports
            cross join generate_series(1, 34) day
            where id = $1
            """,
            [Guid.Parse(report.Split('/')[^1])], default);

        MoveTo(due);
        await SettledAsync(workspace, report, runs: 30);

        Assert.Equal(
            Enumerable.Range(0, 30).Select(day => due.AddDays(-day)),
            (await workspace.RunsAsync(report)).Select(run => run.GetProperty("at").GetDateTimeOffset()));
    }

    [Fact]
    public async Task A_question_that_is_refused_is_a_run_that_failed_and_says_why()
    {
        var workspace = await timed.Api.NewWorkspaceAsync();
        var due = NextMinute();
        var report = await workspace.SaveAsync(SomeReports.ByCustomer(schedule: SomeReports.Schedule("day", Shown(due))));
        await timed.Api.Store.ExecuteAsync(
            """update reports set query = jsonb_set(query::jsonb, '{period}', '"9y"')::json where id = $1""", [Guid.Parse(report.Split('/')[^1])], default);

        MoveTo(due);
        await SettledAsync(workspace, report, runs: 1);

        var run = Assert.Single(await workspace.RunsAsync(report));
        Assert.Equal(("failed", 0), (run.GetProperty("status").GetString(), run.GetProperty("rows").GetInt32()));
        var kept = await workspace.GetAsync($"{report}/runs/{run.GetProperty("id").GetGuid()}", 400);
        Assert.Equal("period", Assert.Single(kept.GetProperty("errors").EnumerateArray()).GetProperty("pointer").GetString()!.Trim('/'));
        Assert.Equal("failed", Assert.Single(await ToldAsync(workspace)).GetProperty("payload").GetProperty("status").GetString());
        Assert.Equal(due.AddDays(1), await NextRunAsync(workspace, report));
    }

    [Fact]
    public async Task A_report_that_gets_another_schedule_runs_by_that_and_one_that_loses_it_does_not_run()
    {
        var workspace = await timed.Api.NewWorkspaceAsync();
        var due = NextMinute();
        var daily = SomeReports.Schedule("day", Shown(due));
        string[] reports = [.. await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => workspace.SaveAsync(SomeReports.ByCustomer(schedule: daily))))];
        await workspace.PutAsync(reports[0], SomeReports.ByCustomer("Other", schedule: daily));
        await workspace.PutAsync(reports[1], SomeReports.ByCustomer(schedule: SomeReports.Schedule("day", Shown(due.AddMinutes(2)))));
        await workspace.PutAsync(reports[2], SomeReports.ByCustomer());

        MoveTo(due);
        await SettledAsync(workspace, reports[0], runs: 1);
        Assert.Empty(await workspace.RunsAsync(reports[1]));
        MoveTo(due.AddMinutes(2));
        await SettledAsync(workspace, reports[1], runs: 1);

        Assert.Equal(due.AddMinutes(2), Assert.Single(await workspace.RunsAsync(reports[1])).GetProperty("at").GetDateTimeOffset());
        Assert.Empty(await workspace.RunsAsync(reports[2]));
        Assert.Equal(2, (await ToldAsync(workspace)).Length);
    }

    [Fact]
    public async Task A_schedule_without_a_zone_follows_its_workspace()
    {
        var workspace = await timed.Api.NewWorkspaceAsync("Asia/Kathmandu");
        var free = await workspace.SaveAsync(SomeReports.ByCustomer(schedule: SomeReports.Schedule("day", "03:00")));
        var bound = await workspace.SaveAsync(SomeReports.ByCustomer(schedule: SomeReports.Schedule("day", "03:00", "Asia/Kathmandu")));
        var before = await NextRunAsync(workspace, free);
        Assert.Equal((before, new TimeSpan(21, 15, 0)), (await NextRunAsync(workspace, bound), before.TimeOfDay));

        await workspace.PatchAsync($"/api/workspaces/{workspace.Id}", new { timezone = "Asia/Tokyo" });

        Assert.Equal((before, new TimeSpan(18, 0, 0)), (await NextRunAsync(workspace, bound), (await NextRunAsync(workspace, free)).TimeOfDay));
    }

    [Fact]
    public async Task While_a_customer_is_erased_no_report_runs()
    {
        var workspace = await timed.Api.NewWorkspaceAsync();
        var key = await RandomLife.KeyOfAsync(workspace);
        var due = NextMinute();
        var report = await workspace.SaveAsync(SomeReports.ByCustomer(schedule: SomeReports.Schedule("day", Shown(due))));
        // One that does not get on.
        await timed.Api.Store.ExecuteAsync(
            """
            insert into erasures (workspace_id, job_id, pseudonym, people, status, requested_at, again_at)
            values ($1, gen_random_uuid(), gen_random_uuid(), '{}', 'running', now(), 'infinity')
            """,
            [key], default);
        var other = await timed.Api.NewWorkspaceAsync();
        var free = await other.SaveAsync(SomeReports.ByCustomer(schedule: SomeReports.Schedule("day", Shown(due))));

        MoveTo(due);
        await SettledAsync(other, free, runs: 1);
        Assert.Empty(await workspace.RunsAsync(report));

        await timed.Api.Store.ExecuteAsync("update erasures set status = 'done' where workspace_id = $1", [key], default);
        await SettledAsync(workspace, report, runs: 1);
        Assert.Equal(due, Assert.Single(await workspace.RunsAsync(report)).GetProperty("at").GetDateTimeOffset());
    }

    [Fact]
    public async Task Two_nodes_run_each_report_once()
    {
        const int count = 20;
        var workspace = await timed.Api.NewWorkspaceAsync();
        var key = await RandomLife.KeyOfAsync(workspace);
        var due = NextMinute();
        for (var n = 0; n < count; n++)
            await workspace.SaveAsync(SomeReports.ByCustomer($"{n}", schedule: SomeReports.Schedule("day", Shown(due))));
        await using (var second = await Node.StartAsync(timed.Api, timed.Clock))
        {
            MoveTo(due);
            // As if nodes were so slow that others take over all the time.
            await timed.Clock.RunAsync(Until.HoldsAsync(
                async () =>
                {
                    await timed.Api.Store.ExecuteAsync("update reports set again_at = due_at where workspace_id = $1", [key], default);
                    return await CountAsync("report_runs", key) == count && await CountAsync("outbox", key) == 0;
                },
                "Not all reports run."));
        }

        Assert.Equal(
            Enumerable.Range(0, count).Select(n => $"{n}").Order(),
            (await ToldAsync(workspace)).Select(record => record.GetProperty("payload").GetProperty("name").GetString()!).Order());
        Assert.Equal(count, await CountAsync("report_runs", key));
    }

    DateTimeOffset NextMinute() => new DateTimeOffset(timed.Now.Ticks - timed.Now.Ticks % TimeSpan.TicksPerMinute, TimeSpan.Zero).AddMinutes(2);

    static string Shown(DateTimeOffset instant) => $"{instant:HH:mm}";

    static string ShownInKathmandu(DateTimeOffset instant) => Shown(instant.ToOffset(new TimeSpan(5, 45, 0)));

    /// <summary>Moves the clock to a time, and on until jobs have looked.</summary>
    void MoveTo(DateTimeOffset due) => timed.Clock.Advance(due - timed.Now + TimeSpan.FromSeconds(10));

    /// <summary>
    /// Waits until a report has so many runs and everything is told. The store is asked: while the clock runs the service gives up soon on
    /// a question that the machine holds up.
    /// </summary>
    async Task SettledAsync(WorkspaceClient workspace, string report, int runs)
    {
        var key = await RandomLife.KeyOfAsync(workspace);
        await timed.Clock.RunAsync(Until.HoldsAsync(
            async () => await timed.Api.Store.ScalarAsync<bool>("""
                select due_at > $3
                    and (select count(*) from report_runs where workspace_id = $1 and report_id = reports.id) = $4
                    and not exists (select from outbox where workspace_id = $1)
                from reports
                where workspace_id = $1 and id = $2
                """, [key, Guid.Parse(report.Split('/')[^1]), timed.Now.UtcDateTime, (long)runs], default),
            "The report does not run."));
    }

    async Task MissedAsync(string report, int days) => await timed.Api.Store.ExecuteAsync(
        "update reports set due_at = due_at - $2 * interval '1 day', again_at = due_at - $2 * interval '1 day' where id = $1",
        [Guid.Parse(report.Split('/')[^1]), days], default);

    static async Task<DateTimeOffset> NextRunAsync(ApiClient client, string report) =>
        (await client.GetAsync(report)).GetProperty("nextRunAt").GetDateTimeOffset();

    Task<long> CountAsync(string table, int workspace) =>
        timed.Api.Store.ScalarAsync<long>($"select count(*) from {table} where workspace_id = $1", [workspace], default);

    static async Task<JsonElement[]> ToldAsync(ApiClient client) =>
        [.. (await client.GetAsync("/api/v1/events?type=report.ready&limit=100")).GetProperty("data").EnumerateArray()];
}
