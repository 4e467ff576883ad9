using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Analytics.Storage;
using Analytics.Tests.Features.Requests;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Analytics.Tests.Web;

/// <summary>What is found in the event log, and what is done with it.</summary>
public sealed class LogStories(AnalyticsApi api, Chromium chromium) : Story(api, chromium)
{
    const string Day = "from=2026-03-11&to=2026-03-11";

    static readonly DateTimeOffset Morning = Some.Day.AddHours(9);

    [Fact]
    public async Task Filters_stand_in_the_address_and_can_be_saved_under_a_name()
    {
        var workspace = await FilledAsync();
        var visitor = await SignedInAsync(workspace);
        await visitor.GoAsync($"{workspace.Slug}/log?{Day}");
        await ShowsAsync(visitor, "disk.failed", "deploy.finished", "request.completed", "job.slow", "job.done");
        // A day that is over has nothing to wait for.
        await Expect(visitor.Page.Locator(".tail-state")).ToHaveCountAsync(0);

        await visitor.Page.GetByLabel("Severity", new() { Exact = true }).SelectOptionAsync("WARN");
        await ShowsAsync(visitor, "disk.failed", "request.completed", "job.slow");
        await visitor.Page.GetByRole(AriaRole.Searchbox).FillAsync("BACKUP");
        await ShowsAsync(visitor, "disk.failed", "job.slow");
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Filter", Exact = true }).ClickAsync();
        await visitor.Page.GetByRole(AriaRole.Combobox, new() { Name = "By", Exact = true }).SelectOptionAsync("Target");
        await visitor.Page.GetByRole(AriaRole.Combobox, new() { Name = "Value" }).FillAsync("db-1");
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Add" }).ClickAsync();
        await ShowsAsync(visitor, "disk.failed");
        var address = visitor.Page.Url;
        Assert.EndsWith($"/log?{Day}&severity=WARN&q=BACKUP&targetId=db-1", address);

        await SaveAsync(visitor, "Broken disks");
        await visitor.GoAsync($"{workspace.Slug}/log?{Day}&category=API");
        await ShowsAsync(visitor, "request.completed");
        await (await SavedAsync(visitor, "Broken disks")).ClickAsync();
        await ShowsAsync(visitor, "disk.failed");
        Assert.Equal(address, visitor.Page.Url);
        await ForgetAsync(visitor, "Broken disks");
    }

    [Fact]
    public async Task A_record_leads_to_what_it_is_about()
    {
        var workspace = await FilledAsync();
        var visitor = await SignedInAsync(workspace);
        await visitor.GoAsync($"{workspace.Slug}/log?{Day}&q=job");
        await visitor.Page.Log().Rows.Last.GetByRole(AriaRole.Button).ClickAsync();
        var drawer = visitor.Page.GetByRole(AriaRole.Dialog, new() { Name = "job.done" });
        await Expect(drawer.Locator(".record-payload")).ToContainTextAsync("\"r-17\"");
        await drawer.GetByRole(AriaRole.Link, new() { Name = "Everything of this correlation" }).ClickAsync();

        await Expect(visitor.Page.Locator(".tail-type")).ToHaveTextAsync(["request.completed", "job.done"]);

        await visitor.Page.Log().Rows.First.GetByRole(AriaRole.Button).ClickAsync();
        await Expect(visitor.Page.GetByRole(AriaRole.Link, new() { Name = "GET:/orders/:id" }))
            .ToHaveAttributeAsync("href", $"/ui/{workspace.Slug}/api/endpoints?{Day}&endpoint=GET%3A%2Forders%2F%3Aid");
        await Expect(visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Customer", Exact = true })).ToBeVisibleAsync();
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();
        await visitor.Page.Log().Rows.Last.GetByRole(AriaRole.Button).ClickAsync();
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "The event and its trace" }).ClickAsync();
        await Expect((await visitor.ShownAsync("events-one")).GetByText("job.done").First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_search_that_stops_early_says_how_far_it_looked_and_goes_on_when_it_is_asked()
    {
        var workspace = await Api.NewWorkspaceAsync();
        var visitor = await SignedInAsync(workspace);
        var asked = new List<string>();
        await visitor.Page.RouteAsync(url => new Uri(url).AbsolutePath == "/api/v1/events", async route =>
        {
            var cursor = Regex.Match(route.Request.Url, "cursor=(?<page>c.)", RegexOptions.None, TimeSpan.FromSeconds(1)).Groups["page"].Value;
            asked.Add(cursor);
            var body = cursor switch
            {
                "" => """{"data":[],"nextCursor":"c1","scannedTo":"2026-03-11T12:00:00Z"}""",
                "c1" => """{"data":[],"nextCursor":"c2","scannedTo":"2026-03-11T08:00:00Z"}""",
                _ => """{"data":[],"nextCursor":null,"scannedTo":null}""",
            };
            await route.FulfillAsync(new() { ContentType = "application/json", Body = body });
        });
        await visitor.GoAsync($"{workspace.Slug}/log?{Day}&q=nothing");
        await Expect(visitor.Page.Log().Reach).ToHaveTextAsync("Searched back to 11 Mar 2026, 12:00:00 UTC");

        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Go on searching" }).ClickAsync();

        await Expect(visitor.Page.Log().Reach).ToHaveTextAsync("That is all on 2026-03-11.");
        await Expect(visitor.Page.GetByText("Nothing in this time passes the filters.")).ToBeVisibleAsync();
        Assert.Equal(["", "c1", "c2"], asked);
    }

    [Fact]
    public async Task What_comes_in_passes_the_filters_and_waits_while_the_reader_has_paused_or_looks_further_down()
    {
        var workspace = await Api.NewWorkspaceAsync();
        var now = TimeProvider.System.GetUtcNow();
        await workspace.IngestAsync(Enumerable.Range(0, 60).Select(at => Logged("old.failed", now.AddMinutes(-at))));
        var visitor = await SignedInAsync(workspace);
        var log = visitor.Page.Log();
        await visitor.GoAsync($"{workspace.Slug}/log?severity=ERROR");
        await Expect(log.State).ToHaveTextAsync("Live");
        await Expect(log.Rows).ToHaveCountAsync(60);

        await workspace.IngestAsync(Logged("job.done"), Logged("one.failed"));
        await Expect(log.Rows.First).ToContainTextAsync("one.failed");
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await workspace.IngestAsync(Logged("two.failed"), Logged("job.done"), Logged("three.failed"));
        await Expect(log.Newest).ToHaveTextAsync("2 newer");
        await Expect(log.Rows.First).ToContainTextAsync("one.failed");
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
        await Expect(log.Rows.First).ToContainTextAsync("three.failed");

        await log.Rows.Last.ScrollIntoViewIfNeededAsync();
        // The page knows that it was moved when it has been drawn.
        await visitor.Page.EvaluateAsync("() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))");
        await workspace.IngestAsync(Logged("four.failed"));
        await log.Newest.ClickAsync();
        await Expect(log.Rows.First).ToContainTextAsync("four.failed");
        await Expect(log.Rows.First).ToBeInViewportAsync();
        await Expect(log.Rows).ToHaveCountAsync(64);
        await Expect(log.Counts).ToHaveTextAsync("4 received, 0 caught up");
    }

    [Theory]
    [InlineData("log", "Export all records of the log as NDJSON", "log-*.ndjson", 5)]
    [InlineData("events/browse", "Export all events as CSV", "events-*.csv", 5)]
    [InlineData("api/recent", "Export all requests as NDJSON", "requests-*.ndjson", 1)]
    public async Task Everything_of_a_time_can_be_taken_along_as_a_file(string page, string item, string name, int lines)
    {
        var workspace = await FilledAsync();
        var visitor = await SignedInAsync(workspace);
        await visitor.GoAsync($"{workspace.Slug}/{page}?{Day}");
        await visitor.Page.Locator("main .panel [aria-haspopup=menu][aria-label$=': menu']").First.ClickAsync();

        var link = visitor.Page.GetByRole(AriaRole.Menuitem, new() { Name = item });
        var download = await visitor.Page.RunAndWaitForDownloadAsync(() => link.ClickAsync());

        var parts = name.Split('*');
        Assert.StartsWith($"{parts[0]}{workspace.Slug}-2026-03-11T000000Z-2026-03-12T000000Z", download.SuggestedFilename);
        Assert.EndsWith(parts[1], download.SuggestedFilename);
        Assert.Equal(lines, (await File.ReadAllLinesAsync(await download.PathAsync())).Length);
    }

    [Fact]
    public async Task A_badge_says_whether_the_numbers_were_verified()
    {
        const string Verified = """
            insert into verifications (workspace_id, checked_at, raw_events, rollup_rows, differences)
            values ($1, '2026-03-11T02:00:30Z', 12345, 678, $2)
            on conflict (workspace_id) do update set differences = excluded.differences
            """;
        var workspace = await Api.NewWorkspaceAsync();
        var key = await Commands.RandomLife.KeyOfAsync(workspace);
        var visitor = await SignedInAsync(workspace);
        var badge = visitor.Page.Locator(".verified");
        await visitor.GoAsync($"{workspace.Slug}/settings");
        await Expect(badge).ToHaveTextAsync("Not verified yet");

        await Api.Store.ExecuteAsync(Verified, [key, 0L], default);
        await visitor.Page.ReloadAsync();
        await Expect(badge).ToHaveTextAsync("Verified 11 Mar 02:00");
        await badge.ClickAsync();
        await Expect(visitor.Page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("Facts counted12,345Sums compared678Differences0");
        await Api.Store.ExecuteAsync(Verified, [key, 3L], default);
        await visitor.Page.ReloadAsync();
        await Expect(badge).ToHaveTextAsync("3 differences");
    }

    async Task<WorkspaceClient> FilledAsync()
    {
        var workspace = await Api.NewWorkspaceAsync();
        var target = new JsonObject { ["severity"] = "CRITICAL", ["target_type"] = "database", ["target_id"] = "db-1" };
        await workspace.IngestAsync(
            Logged("job.done", Morning, new() { ["correlation_id"] = "r-17" }),
            Logged("job.slow", Morning.AddMinutes(1), new() { ["severity"] = "WARN" }),
            Logged("deploy.finished", Morning.AddMinutes(3)), Logged("disk.failed", Morning.AddMinutes(4), target));
        var request = new Sent(Morning.AddMinutes(2), Status: 404).Body;
        request["requestId"] = "r-17";
        await workspace.PostAsync("/api/requests/ingest", new JsonObject { ["requests"] = new JsonArray(request) });
        return workspace;
    }

    static JsonObject Logged(string name, DateTimeOffset? at = null, JsonObject? said = null)
    {
        var metadata = new JsonObject { ["job"] = "nightly backup" };
        if (said is not null)
            metadata["_log"] = said;
        return Some.Event(name, at, metadata: metadata);
    }

    /// <summary>The lines' types, the newest first, and nothing else.</summary>
    static async Task ShowsAsync(Visitor visitor, params string[] types)
    {
        await Expect(visitor.Page.Locator(".tail-type")).ToHaveTextAsync(types);
        await Expect(visitor.Page.Log().Reach).ToHaveTextAsync("That is all on 2026-03-11.");
    }

    static async Task SaveAsync(Visitor visitor, string name)
    {
        await (await SavedAsync(visitor, "Save these filters")).ClickAsync();
        await visitor.Page.GetByRole(AriaRole.Textbox, new() { Name = "Name", Exact = true }).FillAsync(name);
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
    }

    /// <summary>An item of the menu of what is saved.</summary>
    static async Task<ILocator> SavedAsync(Visitor visitor, string item)
    {
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "My filters", Exact = true }).ClickAsync();
        return visitor.Page.GetByRole(AriaRole.Menuitem, new() { Name = item });
    }

    /// <summary>Renames what is saved, then deletes it.</summary>
    static async Task ForgetAsync(Visitor visitor, string name)
    {
        await (await SavedAsync(visitor, "Rename or delete")).ClickAsync();
        await visitor.Page.GetByLabel($"New name of {name}").FillAsync("Disks");
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = $"Rename {name}" }).ClickAsync();
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Delete Disks" }).ClickAsync();
        await Expect(visitor.Page.GetByText("None are left.")).ToBeVisibleAsync();
        await visitor.Page.ReloadAsync();
        await Expect(await SavedAsync(visitor, "Save these filters")).ToBeVisibleAsync();
        await Expect(visitor.Page.GetByRole(AriaRole.Menuitem)).ToHaveCountAsync(1);
    }
}
