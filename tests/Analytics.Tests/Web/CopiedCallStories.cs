using System.Diagnostics;
using System.Text.RegularExpressions;
using Analytics.Tests.Architecture;
using Analytics.Tests.Features.Requests;
using Microsoft.Playwright;
using static Analytics.Tests.Web.SomeSales;
using static Microsoft.Playwright.Assertions;

namespace Analytics.Tests.Web;

public sealed partial class CopiedCallStories(AnalyticsApi api, Chromium chromium) : Story(api, chromium)
{
    const string Range = "from=2026-03-09&to=2026-03-13&compare=previous";

    // Somebody without a record, whose name a shell and an address would take apart.
    const string Ghost = "o'neil & sons/1";

    // What the page gets, by address, and what it copies.
    const string Listen = """
        window.answers = {};
        const own = window.fetch;
        window.fetch = async (url, init) => {
          const answer = await own(url, init);
          answers[new URL(url, location).href] = await answer.clone().text();
          return answer;
        };
        navigator.clipboard.writeText = async (text) => { window.copied = text; };
        """;

    const string Named = "links => links.map(link => `${link.textContent}: ${link.href}`)";

    readonly HashSet<string> copied = [];

    [Fact]
    public async Task The_command_that_a_panel_copies_answers_what_the_panel_shows()
    {
        var workspace = await Api.NewWorkspaceAsync("Europe/Paris");
        var details = await FillAsync(workspace);
        var visitor = await SignedInAsync(workspace);
        await visitor.Context.AddInitScriptAsync(Listen);

        // Every page of the rail and every tab of it, and what lies behind lists.
        await OpenAsync(visitor, $"{workspace.Slug}/overview?{Range}");
        var pages = await LinksAsync(visitor, "nav[aria-label=Pages] a");
        Assert.Contains(pages, page => page.Contains("/overview", StringComparison.Ordinal));
        foreach (var page in pages)
        {
            await OpenAsync(visitor, page);
            var tabs = await LinksAsync(visitor, "main nav.tabs a");
            await CopyAllAsync(visitor, workspace.Key!);
            foreach (var tab in tabs.Skip(1))
            {
                await OpenAsync(visitor, tab);
                await CopyAllAsync(visitor, workspace.Key!);
            }
        }

        foreach (var (address, panel) in details)
        {
            await OpenAsync(visitor, $"{workspace.Slug}/{address}");
            await visitor.ShownAsync(panel);
            await CopyAllAsync(visitor, workspace.Key!);
        }

        Assert.Equal(Catalogue().Order(), copied.Order());
    }

    /// <summary>Something for every panel; gives the addresses of details, each with a panel that it has.</summary>
    static async Task<(string Address, string Panel)[]> FillAsync(WorkspaceClient workspace)
    {
        var morning = Some.Day.AddHours(9);
        var acme = await workspace.NewCustomerAsync("acme", "Acme");
        var gone = await workspace.NewCustomerAsync("gone", "Gone");
        var job = (await workspace.DeleteAsync($"/api/customers/{gone}", 202)).GetProperty("job_id").GetString();
        await Until.HoldsAsync(async () => await StatusAsync(workspace, job) == "done", "The erasure does not end.");
        await workspace.IngestAsync(
            Some.Event("order.placed", morning, "root", "acme", cost: 1.25m),
            Some.Event("model.called", morning.AddSeconds(1), "child", "acme", parent: "root", cost: 0.25m),
            Cost(morning.AddDays(-6), 7), Cost(morning, 5, customer: Ghost),
            Share("s", morning, 1_000), Payment("s", morning, 1_000), Download("s", morning));
        await workspace.SendAsync(Enumerable.Range(-7, 10).SelectMany(day => Enumerable.Range(0, 50).Select(at =>
            new Sent(morning.AddDays(day).AddSeconds(at), Latency: day < -2 ? 10 : 1_500 + at, Status: (short)(at % 9 == 0 ? 500 : 200)))));
        await SomeApp.AddAsync(workspace);
        var (report, alert, webhook) = await SomeQuestions.AddAsync(workspace);
        var ada = new { email = $"{Guid.NewGuid():n}@example.com", name = "Ada", role = "viewer" };
        await workspace.PostAsync($"/api/workspaces/{workspace.Id}/invitations", ada, 201);
        var found = (await workspace.GetAsync("/api/events?external_id=child")).GetProperty("data")[0].GetProperty("id").GetString();
        return
        [
            ($"metrics/costs?{Range}", "metrics-one"), ($"events?{Range}&name=order.placed", "events-spread"),
            ($"events/browse/{found}?{Range}", "events-trace"),
            ($"api/endpoints?{Range}&endpoint=GET%3A%2Forders%2F%3Aid", "api-endpoint-recent"),
            ($"apps/{SomeApp.Segment}?{Range}", "app-record"), ($"apps/{SomeApp.Segment}/invocations", "app-recent"),
            ($"apps/{SomeApp.Segment}/tables", "app-tables"), ($"apps/{SomeApp.Segment}/tables/{SomeApp.Table}", "app-rows"),
            ($"customers/{acme}?{Range}", "customer-record"),
            ($"customers/~{Uri.EscapeDataString(Ghost)}?{Range}", "customer-record-by-external-id"),
            ($"customers/erasures/{job}", "erasure"), (report, "report-run"), (alert, "alert-preview"), (webhook, "webhook-deliveries"),
        ];
    }

    static async Task<string?> StatusAsync(WorkspaceClient workspace, string? job) =>
        (await workspace.GetAsync($"/api/erasures/{job}")).GetProperty("status").GetString();

    static async Task OpenAsync(Visitor visitor, string address)
    {
        await visitor.GoAsync(address);
        await Expect(visitor.Page.Locator("main > :not(.notice)").First).ToBeVisibleAsync();
    }

    /// <summary>The addresses of links, below <c>ui/</c>.</summary>
    static async Task<string[]> LinksAsync(Visitor visitor, string links)
    {
        var found = await visitor.Page.Locator(links).EvaluateAllAsync<string[]>("links => links.map(link => link.href)");
        return [.. found.Select(link => link[(link.IndexOf("/ui/", StringComparison.Ordinal) + 4)..])];
    }

    /// <summary>Every panel that is there; of a drawer those in it, since it covers the others.</summary>
    async Task CopyAllAsync(Visitor visitor, string key)
    {
        await Expect(visitor.Page.Locator("[data-panel] [data-state=loading]")).ToHaveCountAsync(0);
        await Expect(visitor.Page.Locator("[data-panel] [data-state=failed]")).ToHaveCountAsync(0);
        var drawer = visitor.Page.Locator("dialog[open]");
        var here = await drawer.CountAsync() > 0 ? drawer : visitor.Page.Locator("main");
        foreach (var panel in await here.Locator("[data-panel]").AllAsync())
        {
            var id = (await panel.GetAttributeAsync("data-panel"))!;
            foreach (var command in await CopyAsync(visitor, panel))
                await AssertSameAsync(visitor, id, command, key);
            copied.Add(id);
        }
    }

    /// <summary>The commands of a panel; its other links are to the same call.</summary>
    static async Task<string[]> CopyAsync(Visitor visitor, ILocator panel)
    {
        var item = await panel.ItemAsync("Copy as curl");
        var links = await panel.GetByRole(AriaRole.Menu).Locator("a").EvaluateAllAsync<string[]>(Named);
        await item.ClickAsync();
        var commands = (await visitor.Page.EvaluateAsync<string>("() => window.copied")).Split('\n');
        // What is asked for by a body has no link.
        if (!commands[0].Contains(" -d '", StringComparison.Ordinal))
            Assert.Contains($"Open JSON: {AddressOf(commands[0])}", links);
        foreach (var link in links.Where(link => link.StartsWith("Download CSV: ", StringComparison.Ordinal)))
        {
            var csv = await visitor.Context.APIRequest.GetAsync(link["Download CSV: ".Length..]);
            Assert.Equal((200, "text/csv; charset=utf-8"), (csv.Status, csv.Headers["content-type"]));
        }

        return commands;
    }

    static string AddressOf(string command) => Address().Match(command).Groups["address"].Value.Replace(@"'\''", "'");

    /// <summary>The command gives, to the letter, what the page got from the address that it names.</summary>
    static async Task AssertSameAsync(Visitor visitor, string id, string command, string key)
    {
        var address = AddressOf(command);
        string? shown = null;
        await Until.HoldsAsync(
            async () => (shown = await visitor.Page.EvaluateAsync<string?>("address => window.answers[address]", address)) is not null,
            $"{id} copies {address}, which the page never asked for.");
        Assert.Equal(shown, await RunAsync(command, key));
    }

    static async Task<string> RunAsync(string command, string key)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", command])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        start.Environment["ANALYTICS_KEY"] = key;
        using var process = Process.Start(start)!;
        var (answer, said) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{command} ended with {process.ExitCode}: {await said}");
        return await answer;
    }

    /// <summary>The panels that the sources of the page declare.</summary>
    static IEnumerable<string> Catalogue() =>
        Directory.EnumerateFiles(Path.Combine(SourceFiles.Root, "../Analytics.Web/src/pages"), "panels.ts", SearchOption.AllDirectories)
            .SelectMany(file => Declared().Matches(File.ReadAllText(file)))
            .Select(match => match.Groups["id"].Value);

    [GeneratedRegex(" '(?<address>http.*)'$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Address();

    [GeneratedRegex("^ +id: \"(?<id>[a-z-]+)\",$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Declared();
}
