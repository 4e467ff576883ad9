using Analytics.Tests.Features.Metrics;
using Analytics.Tests.Features.Requests;
using Microsoft.Playwright;
using static Analytics.Tests.Web.SomeSales;
using static Microsoft.Playwright.Assertions;

namespace Analytics.Tests.Web;

public sealed class CsvStories(AnalyticsApi api, Chromium chromium) : Story(api, chromium)
{
    [Fact]
    public async Task A_panel_downloads_as_the_APIs_own_CSV()
    {
        var noon = Noon.Now();
        var workspace = await Api.NewWorkspaceAsync(noon.Zone);
        await workspace.IngestAsync(
            Cost(noon.Morning(), 3.25m), Cost(noon.Morning(1), 5),
            Share("s", noon.Morning(1), 1_000), Payment("s", noon.Morning(1), 1_000));
        var visitor = await SignedInAsync(workspace);
        await visitor.GoAsync($"{workspace.Slug}/overview?period=7d&interval=day");

        var lines = await DownloadAsync(visitor, "overview-money");

        var asked = $"start_date={noon.Date(6)}&end_date={noon.Date()}&interval=day&metrics=file_share_revenue&metrics=costs";
        Assert.Equal(await workspace.LinesAsync($"{Dashboard.Route}?{asked}&format=csv"), lines);
        Assert.Equal("timestamp,partial,file_share_revenue,costs", lines[0]);
        Assert.Equal(
            [.. Enumerable.Repeat(",,0,0", 5), ",,1000,5", ",true,0,3.25"],
            lines[1..].Select(line => line[line.IndexOf(',', StringComparison.Ordinal)..]));
        Assert.Equal(
            Enumerable.Range(-6, 7).Select(day => noon.Midnight.AddDays(day)),
            lines[1..].Select(line => DateTimeOffset.Parse(line.Split(',')[0])));
    }

    [Fact]
    public async Task A_name_that_is_a_formula_is_text_on_the_page_and_harmless_in_the_file()
    {
        const string Formula = "=HYPERLINK(\"http://evil.example\")";
        var workspace = await Api.NewWorkspaceAsync();
        await workspace.NewCustomerAsync("=1+1", Formula);
        var visitor = await SignedInAsync(workspace);
        await visitor.GoAsync($"{workspace.Slug}/customers");
        var list = await visitor.ShownAsync("customers");
        await Expect(list.GetByRole(AriaRole.Link, new() { Name = Formula, Exact = true })).ToBeVisibleAsync();

        var lines = await DownloadAsync(visitor, "customers");

        Assert.Equal(await workspace.LinesAsync("/api/customers?format=csv"), lines);
        Assert.Contains(",'=1+1,\"'=HYPERLINK(\"\"http://evil.example\"\")\",", Assert.Single(lines[1..]));
    }

    static async Task<string[]> DownloadAsync(Visitor visitor, string id)
    {
        var item = await (await visitor.ShownAsync(id)).ItemAsync("Download CSV");
        var download = await visitor.Page.RunAndWaitForDownloadAsync(() => item.ClickAsync());
        Assert.EndsWith(".csv", download.SuggestedFilename);
        return (await File.ReadAllTextAsync(await download.PathAsync())).TrimEnd().Split("\r\n");
    }
}
