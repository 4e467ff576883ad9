using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Analytics.Tests.Web;

public sealed class EventStories(AnalyticsApi api, Chromium chromium) : Story(api, chromium)
{
    const string Day = "from=2026-03-11&to=2026-03-11";

    static readonly DateTimeOffset Morning = Some.Day.AddHours(9);

    /// <summary>What an answer took, in the order in which it went on.</summary>
    static readonly (string Name, string? Parent, int Second, decimal Cents)[] Trace =
    [
        ("answer.given", null, 0, 1), ("question.understood", "answer.given", 1, 2.5m), ("model.called", "answer.given", 3, 10),
        ("model.tried", "model.called", 4, 0.015625m), ("source.read", "source.found", 5, 7),
    ];

    [Fact]
    public async Task A_trace_is_in_order_adds_up_and_marks_what_waits_for_its_parent()
    {
        var workspace = await Api.NewWorkspaceAsync();
        await workspace.IngestAsync(Trace.Reverse().Select(Told));
        var visitor = await SignedInAsync(workspace);
        await visitor.GoAsync($"{workspace.Slug}/events/browse?{Day}");
        var list = await visitor.ShownAsync("events-browse");
        await Expect(Row(list, "source.read")).ToContainTextAsync("Waits for its parent");

        // Opened from the middle of the trace, which is shown from its root on.
        await Row(list, "model.called").ClickAsync();
        await ShowsAsync(visitor, workspace, "answer.given", "question.understood", "model.called", "model.tried");
        await Expect(visitor.Page.Locator(".trace .pending")).ToHaveCountAsync(0);
        await Expect(visitor.Page.Locator(".trace-time")).ToHaveTextAsync(["", "+1.0 s", "+3.0 s", "+4.0 s"]);
        var here = visitor.Page.Locator(".trace [aria-current=true]");
        await Expect(here).ToHaveTextAsync("model.called");
        await visitor.Page.Locator(".trace").GetByRole(AriaRole.Link, new() { Name = "model.tried" }).ClickAsync();
        await Expect(here).ToHaveTextAsync("model.tried");
        await Expect(visitor.Panel("events-one")).ToContainTextAsync("$0.00015625");

        await visitor.Page.Keyboard.PressAsync("Escape");
        await Row(list, "source.read").ClickAsync();
        await ShowsAsync(visitor, workspace, "source.read");
        await Expect(visitor.Page.Locator(".trace .pending")).ToHaveTextAsync("waits for its parent");

        // The parent comes, and brings what waited for it.
        await workspace.IngestAsync(Told(("source.found", "question.understood", 2, 4)));
        await visitor.Page.ReloadAsync();
        await ShowsAsync(
            visitor, workspace, "answer.given", "question.understood", "source.found", "source.read", "model.called", "model.tried");
        await Expect(visitor.Page.Locator(".trace .pending")).ToHaveCountAsync(0);
        Assert.Equal(Trace.Sum(told => told.Cents) + 4, await CentsAsync(workspace, "answer.given"));
    }

    [Fact]
    public async Task A_type_is_called_as_the_reader_wishes_and_never_nothing()
    {
        var workspace = await Api.NewWorkspaceAsync();
        await workspace.IngestAsync(Trace.Select(Told));
        var visitor = await SignedInAsync(workspace);
        visitor.Foresees("400 PATCH /api/event-types/");
        await visitor.GoAsync($"{workspace.Slug}/events/types");
        await visitor.ShownAsync("events-types");
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Change the label of model.called" }).ClickAsync();
        var form = visitor.Page.GetByRole(AriaRole.Dialog, new() { Name = "model.called" });
        var label = form.GetByLabel("Label", new() { Exact = true });

        // Blank the page refuses, and what is too long the service.
        await RefusedAsync(form, label, "   ", "Must not be blank.");
        await RefusedAsync(form, label, new string('x', 129), "128");
        Assert.Equal("model.called", await LabelAsync(workspace));

        await label.FillAsync("  Calls of <b>models</b> ");
        await label.PressAsync("Enter");
        await Expect(form).ToHaveCountAsync(0);
        await Expect(visitor.Panel("events-types").GetByRole(AriaRole.Link, new() { Name = "Calls of <b>models</b>" })).ToBeVisibleAsync();
        Assert.Equal("Calls of <b>models</b>", await LabelAsync(workspace));

        await visitor.Page.ReloadAsync();
        await Expect(visitor.Panel("events-types").GetByRole(AriaRole.Link, new() { Name = "Calls of <b>models</b>" })).ToBeVisibleAsync();
        await visitor.GoAsync($"{workspace.Slug}/events/browse?{Day}");
        await Expect(visitor.Panel("events-browse")).ToContainTextAsync("Calls of <b>models</b> model.called");
    }

    static JsonObject Told((string Name, string? Parent, int Second, decimal Cents) told) =>
        Some.Event(told.Name, Morning.AddSeconds(told.Second), told.Name, parent: told.Parent, cost: told.Cents);

    static ILocator Row(ILocator list, string name) => list.GetByRole(AriaRole.Row).Filter(new() { HasText = name });

    /// <summary>The trace shows these in this order, and with each what it and all below it cost: what the API says, and a recount.</summary>
    static async Task ShowsAsync(Visitor visitor, WorkspaceClient workspace, params string[] names)
    {
        await Expect(visitor.Page.Locator(".trace-row a")).ToHaveTextAsync(names);
        var costs = visitor.Page.Locator(".trace-cost");
        for (var at = 0; at < names.Length; at++)
        {
            var cents = await CentsAsync(workspace, names[at]);
            var dollars = (cents / 100).ToString("0.##########", CultureInfo.InvariantCulture);
            await Expect(costs.Nth(at)).ToHaveAttributeAsync("title", $"${dollars}, with all below it");
        }
    }

    static async Task<decimal> CentsAsync(WorkspaceClient workspace, string name)
    {
        var found = await workspace.GetAsync($"/api/events?name={name}&aggregate_fields=_cost.amount");
        return decimal.Parse(
            found.GetProperty("data")[0].GetProperty("aggregates").GetProperty("_cost.amount").ToString(), CultureInfo.InvariantCulture);
    }

    static async Task RefusedAsync(ILocator form, ILocator label, string text, string said)
    {
        await label.FillAsync(text);
        await form.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        var fault = form.GetByRole(AriaRole.Alert);
        await Expect(fault).ToContainTextAsync(said);
        await Expect(label).ToHaveAttributeAsync("aria-invalid", "true");
        await Expect(label).ToHaveAttributeAsync("aria-describedby", await fault.GetAttributeAsync("id") ?? "");
    }

    static async Task<string?> LabelAsync(WorkspaceClient workspace)
    {
        var types = (await workspace.GetAsync("/api/event-types?q=model.called")).GetProperty("data");
        return Assert.Single(types.EnumerateArray().ToArray()).GetProperty("label").GetString();
    }
}
