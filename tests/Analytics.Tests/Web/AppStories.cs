using System.Text.Json;
using System.Text.RegularExpressions;
using Analytics.Tests.Features.Apps;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Analytics.Tests.Web;

/// <summary>The pages of apps: what they came to, one of them, and its tables.</summary>
public sealed partial class AppStories(AnalyticsApi api, Chromium chromium) : Story(api, chromium)
{
    const string Days = "from=2026-03-11&to=2026-03-13";
    const string Asked = "from=2026-03-11&to=2026-03-14";

    static readonly DateTimeOffset Morning = Some.Day.AddHours(9);

    [Fact]
    public async Task The_numbers_of_apps_are_the_APIs()
    {
        // Where it is the next day already: days of apps are those of UTC all the same.
        var workspace = await Api.NewWorkspaceAsync("Pacific/Kiritimati");
        await workspace.NewAppAsync("test:web", "Web");
        await workspace.NewAppAsync("test:mobile", "Mobile");
        await SomeApp.TellAsync(workspace, "test:web", Morning);
        await SomeApp.TellAsync(workspace, "test:mobile", Morning, 9_007_199_254_740_993, "phone");
        var visitor = await SignedInAsync(workspace);

        await visitor.GoAsync($"{workspace.Slug}/apps?{Days}");

        var all = await workspace.GetAsync($"/statistics/org/{workspace.Id}/?{Asked}&accumulate=true&ratios=true&breakdown=app");
        await TilesAsync(await visitor.ShownAsync("apps-glance"), all.GetProperty("data")[2], "mau", "storage", "bandwidth", "bandwidth_per_user", "storage_per_app");
        await Expect(visitor.Panel("apps-glance").Tile("mau")).ToHaveAttributeAsync("data-value", "6");
        await Expect(visitor.Panel("apps-glance").Tile("bandwidth")).ToHaveAttributeAsync("data-value", "54043195534445958");
        Assert.Equal(
            ["Wednesday 11 Mar 2026 | 2", "Thursday 12 Mar 2026 | 4", "Friday 13 Mar 2026 | 6"],
            await (await visitor.ShownAsync("apps-mau")).RowsAsync(3));
        Assert.Equal(
            ["test:mobile | 3", "test:web | 3"],
            (await (await visitor.ShownAsync("apps-use")).Locator("tbody tr").EvaluateAllAsync<string[]>(
                "rows => rows.map(row => [...row.cells].slice(0, 2).map(cell => cell.innerText).join(' | '))")));

        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Web", Exact = true }).ClickAsync();

        var one = await workspace.GetAsync($"/statistics/app/test:web/?{Asked}&ratios=true");
        await TilesAsync(await visitor.ShownAsync("app-glance"), one.GetProperty("data"), "mau", "storage", "bandwidth", "bandwidth_per_user");
        Assert.Equal(
            ["Wednesday 11 Mar 2026 | 1,000,000 B", "Thursday 12 Mar 2026 | 2,000,000 B", "Friday 13 Mar 2026 | 3,000,000 B"],
            await (await visitor.ShownAsync("app-bandwidth")).RowsAsync(3));
    }

    [Fact]
    public async Task A_table_is_looked_through_page_by_page_and_values_stand_as_they_were_sent()
    {
        const string Table = "<img src=x onerror=\"document.title='run'\">";
        var workspace = await Api.NewWorkspaceAsync();
        var id = await workspace.NewAppAsync("test:web", "Web");
        await using var schema = await AppSchema.OfAsync(workspace, id,
            $"""
            create table {Quoted(Table)} (id bigint primary key, amount numeric, bytes bytea, "__proto__" json, "<b>" text);
            insert into {Quoted(Table)} select 9007199254740992 + n, case n when 2 then 'NaN' else n + 0.10 end, decode('00ff', 'hex'),
                json_build_object('<i>', 12345678901234567890.5), case n when 1 then '<script>document.title=1</script>' when 3 then '' end
            from generate_series(1, 30) n
            """,
            "create table empty (n int)");
        var visitor = await SignedInAsync(workspace);
        await visitor.GoAsync($"{workspace.Slug}/apps/{id}/tables");

        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = Table, Exact = true }).ClickAsync();

        var rows = visitor.Panel("app-rows").Locator("tbody tr");
        await Expect(rows).ToHaveCountAsync(25);
        Assert.Equal(["#", "id", "amount", "bytes", "__proto__", "<b>"], await visitor.Panel("app-rows").Locator("th").AllInnerTextsAsync());
        Assert.Equal(
            ["1", "9007199254740993", "1.10", "\\x00ff", "{\"<i>\": 12345678901234567890.5}", "<script>document.title=1</script>"],
            await rows.First.Locator("td").AllInnerTextsAsync());
        await Expect(rows.Nth(1).Locator("td").Nth(2)).ToHaveTextAsync("NaN");
        await Expect(rows.Nth(2).Locator("td").Nth(5)).ToHaveTextAsync("\"\"");
        await Expect(rows.Nth(3).Locator("td").Nth(5)).ToHaveTextAsync("null");

        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Next" }).ClickAsync();
        await Expect(rows).ToHaveCountAsync(5);
        await Expect(rows.First.Locator("td").Nth(1)).ToHaveTextAsync("9007199254741018");
        await Expect(visitor.Page.GetByText("26–30 of 30")).ToBeVisibleAsync();
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "26" }).ClickAsync();
        await Expect(visitor.Page.GetByRole(AriaRole.Dialog, new() { Name = "Row 26" })).ToContainTextAsync("numeric");
        await visitor.Page.Keyboard.PressAsync("Escape");
        await visitor.Page.GoBackAsync();
        await Expect(rows).ToHaveCountAsync(25);
        Assert.Equal(0, await visitor.Page.Locator("main img, main script").CountAsync());

        await visitor.GoAsync($"{workspace.Slug}/apps/{id}/tables/empty");
        await Expect(visitor.Panel("app-rows")).ToContainTextAsync("The table has no rows.");
    }

    [Fact]
    public async Task An_app_is_made_gets_its_Postgres_workspace_and_goes_by_its_name()
    {
        var workspace = await Api.NewWorkspaceAsync();
        var visitor = await SignedInAsync(workspace);
        visitor.Foresees("400 POST /api/apps");
        await visitor.GoAsync($"{workspace.Slug}/apps");
        await Expect(visitor.Panel("apps-list")).ToContainTextAsync("No apps yet.");

        await Button(visitor, "New app").ClickAsync();
        await visitor.Page.GetByLabel("Name", new() { Exact = true }).FillAsync("Web & <co>");
        await visitor.Page.GetByLabel("Natural id").FillAsync("no owner");
        await Button(visitor, "Make the app").ClickAsync();
        await Expect(visitor.Page.GetByText("Must be owner:slug")).ToBeVisibleAsync();
        await visitor.Page.GetByLabel("Natural id").FillAsync("test:a/b%");
        await visitor.Page.GetByLabel("Quota", new() { Exact = true }).FillAsync("1.5");
        await Button(visitor, "Make the app").ClickAsync();

        await Expect(await visitor.ShownAsync("app-record")).ToContainTextAsync("1.5 GiB");
        await Expect(await visitor.ShownAsync("app-quota")).ToContainTextAsync("The app has no Postgres workspace yet.");
        await Button(visitor, "Make the Postgres workspace").ClickAsync();
        await Button(visitor, "Make it").ClickAsync();
        await Expect(visitor.Page.GetByLabel("Connection string")).ToHaveValueAsync(Uri());
        await visitor.Page.Keyboard.PressAsync("Escape");
        await Expect(Button(visitor, "New credentials")).ToBeVisibleAsync();
        await Expect((await visitor.ShownAsync("app-quota")).Tile("tableCount")).ToHaveAttributeAsync("data-value", "0");

        await Button(visitor, "Delete").ClickAsync();
        var question = visitor.Page.GetByRole(AriaRole.Dialog, new() { Name = "Delete the app" });
        var sure = question.GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true });
        await Expect(sure).ToBeDisabledAsync();
        await question.GetByRole(AriaRole.Textbox).FillAsync("Web & <co>");
        await sure.ClickAsync();
        await Expect(visitor.Panel("apps-list")).ToContainTextAsync("No apps yet.");
        Assert.Empty((await workspace.GetAsync("/api/apps")).GetProperty("data").EnumerateArray());
    }

    static async Task TilesAsync(ILocator panel, JsonElement day, params string[] figures)
    {
        foreach (var figure in figures)
            await Expect(panel.Tile(figure)).ToHaveAttributeAsync("data-value", day.GetProperty(figure).GetRawText());
    }

    static ILocator Button(Visitor visitor, string name) => visitor.Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    [GeneratedRegex("^postgresql://", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Uri();
}
