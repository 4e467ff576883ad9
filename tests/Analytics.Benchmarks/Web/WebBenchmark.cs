using System.Text.Json;
using Analytics.Tests.Web;

namespace Analytics.Benchmarks.Web;

/// <summary>
/// What do readers of the dashboard wait for? A real browser on the real service with the demo's 90 days: how much script there is to
/// load, when numbers are on screen, and what holds the page up while somebody points at charts or follows the live log.
/// </summary>
public static class WebBenchmark
{
    const string Part = "Dashboard";
    const int Visits = 9;
    const int Tries = 3;
    const int Hours = 31 * 24;

    public static async Task RunAsync(Run run, CancellationToken cancel)
    {
        run.Start($"{Part}: {Visits} visits of Overview, {Tries} times over charts of {Hours} buckets, {Tries} times 10 000 live events; {Machine.Load}");
        await using var service = await run.StartServiceAsync("web", cancel);
        var key = await service.LoadDemoAsync(run.Options, cancel);
        await Settling.WaitAsync(service, cancel);
        await using var browser = await Browser.StartAsync(new($"http://127.0.0.1:{service.Port}/"));
        await TellScriptAsync(run, cancel);
        await OpenAsync(run, browser, key);
        // Its three charts, and as many lines again of the time before; Overview's three, and its six sparks, which nobody points at.
        var range = LastDays();
        await HoverAsync(run, browser, key, "API usage", $"demo/api?{range}&compare=previous");
        await HoverAsync(run, browser, key, "Overview", $"demo?{range}");
        await LiveLog.RunAsync(run, service, browser, Tries, cancel);
        Report.Say($"  Chromium {browser.Version}; {Machine.Load}");
    }

    static string LastDays()
    {
        var today = TimeProvider.System.GetUtcNow();
        return $"from={today.AddDays(1 - 31):yyyy-MM-dd}&to={today:yyyy-MM-dd}&interval=hour&tz=UTC";
    }

    static async Task TellScriptAsync(Run run, CancellationToken cancel)
    {
        await using var manifest = File.OpenRead(Path.Combine(ServiceUnderTest.FolderOf(run.Options), "web", "manifest.json"));
        using var document = await JsonDocument.ParseAsync(manifest, cancellationToken: cancel);
        var sizes = document.RootElement.GetProperty("sizes");
        run.Report.Add(new(Part, "script of the first load, gzipped", KilobytesOf("firstLoad"), "kB", Goal: Goal.AtMost(90),
            Note: $"all script {Report.Short(KilobytesOf("allScript"))}, style {Report.Short(KilobytesOf("style"))}", Headline: true));

        double KilobytesOf(string name) => sizes.GetProperty(name).GetDouble() / 1_000;
    }

    static async Task OpenAsync(Run run, Browser browser, string key)
    {
        var (first, again) = (new List<Opening>(), new List<Opening>());
        for (var visit = 0; visit <= Visits; visit++)
        {
            await using var visitor = await browser.SignedInAsync(key);
            await Opening.PrepareAsync(visitor);
            first.Add(await Opening.OfAsync(visitor, browser.Address("demo")));
            again.Add(await Opening.OfAsync(visitor, browser.Address("demo")));
        }

        // A service that has just started has code to compile: its very first visitor counts for itself.
        Tell(run.Report, "nothing cached", first[1..], headline: false);
        Tell(run.Report, "a visit before", again[1..], headline: true);
        run.Report.Add(new(Part, "Overview, the first visitor of a service: numbers on screen", first[0].Numbers, "ms"));
    }

    static void Tell(Report report, string how, List<Opening> openings, bool headline)
    {
        report.Add(new(Part, $"Overview, {how}: first paint, median", MedianOf(each => each.FirstPaint), "ms", Goal: Goal.AtMost(300),
            Note: $"something of the page {Report.Short(MedianOf(each => each.FirstContent))}, {RangeOf(each => each.FirstPaint)}"));
        report.Add(new(Part, $"Overview, {how}: numbers on screen, median", MedianOf(each => each.Numbers), "ms", Goal: Goal.AtMost(700),
            Note: RangeOf(each => each.Numbers), Headline: headline));

        double MedianOf(Func<Opening, double> of) => Spread.Median([.. openings.Select(of)]);
        string RangeOf(Func<Opening, double> of) => $"{Report.Short(openings.Min(of))} to {Report.Short(openings.Max(of))}";
    }

    static async Task HoverAsync(Run run, Browser browser, string key, string name, string address)
    {
        await using var visitor = await browser.SignedInAsync(key);
        var page = await visitor.NewPageAsync();
        await page.GotoAsync(browser.Address(address).ToString());
        var longest = new List<PageTask>();
        for (var time = 0; time < Tries; time++)
            longest.Add(Longest.Of(await Hover.OverAsync(page, charts: 3, steps: Hours)));
        run.Report.Add(new(Part, $"{name}, pointing at {Hours} buckets: longest task, best of three", longest.Min(each => each.OnClock), "ms",
            Goal: Goal.AtMost(50), Note: $"{Report.Short(longest.Min(each => each.OnProcessor))} ms of the processor", Headline: name == "API usage"));
    }
}
