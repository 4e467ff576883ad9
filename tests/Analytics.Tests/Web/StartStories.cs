using System.Diagnostics;
using Analytics.Tenancy;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Analytics.Tests.Web;

public sealed class StartStories(AnalyticsApi api, Chromium chromium) : Story(api, chromium)
{
    [Fact]
    public async Task The_lines_for_the_first_event_run_as_they_stand_and_everybodys_page_turns_when_it_comes()
    {
        var workspace = await Api.NewWorkspaceAsync();
        var admin = await SignedInAsync(workspace);
        var reader = await SignedInAsync(await workspace.WithScopesAsync(Scopes.EventsRead, Scopes.MetricsRead, Scopes.StreamRead));
        foreach (var visitor in (Visitor[])[admin, reader])
        {
            await visitor.GoAsync(workspace.Slug);
            await Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Name = "Send the first event" })).ToBeVisibleAsync();
        }

        // Who may not make keys is told what to have.
        await Expect(reader.Page.GetByText("an admin of this workspace makes one")).ToBeVisibleAsync();
        Assert.Contains("\"Authorization: Bearer $ANALYTICS_KEY\"", await CodeAsync(reader));
        await admin.Page.GetByRole(AriaRole.Button, new() { Name = "Make a key for it" }).ClickAsync();
        await Expect(admin.Page.GetByText("The key stands in the lines below")).ToBeVisibleAsync();
        var lines = await CodeAsync(admin);
        Assert.Contains($"curl {Api.Address}api/events/ingest", lines);

        Assert.Equal("""{"inserted":1,"duplicates":0}""", await RunAsync(lines));

        await Expect(admin.Page.GetByText("The first event is here: order.placed")).ToBeVisibleAsync();
        foreach (var visitor in (Visitor[])[admin, reader])
            await Expect(visitor.Panel("overview-events").Locator("[data-state=shown]")).ToContainTextAsync("order.placed");
        var sent = Assert.Single((await workspace.GetAsync("/api/events")).GetProperty("data").EnumerateArray().ToArray());
        Assert.Equal(("order.placed", "acme"), (sent.GetProperty("name").GetString(), sent.GetProperty("external_customer_id").GetString()));
        await MaySendOnlyAsync(lines);
    }

    static async Task<string> CodeAsync(Visitor visitor) => await visitor.Page.Locator(".start-code code").InnerTextAsync();

    /// <summary>Pasted into a shell.</summary>
    static async Task<string> RunAsync(string lines)
    {
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", lines])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        })!;
        var said = shell.StandardError.ReadToEndAsync();
        var answer = await shell.StandardOutput.ReadToEndAsync();
        await shell.WaitForExitAsync();
        Assert.True(shell.ExitCode == 0, await said);
        return answer;
    }

    async Task MaySendOnlyAsync(string lines)
    {
        const string Before = "Bearer ";
        var key = lines[(lines.IndexOf(Before, StringComparison.Ordinal) + Before.Length)..].Split('"')[0];
        await Api.With(key).GetAsync("/api/events", 403);
    }
}
