using Analytics.Tests.Web;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Chromium))]

namespace Analytics.Tests.Web;

/// <summary>One real browser for the whole run, started when the first story wants it.</summary>
public sealed class Chromium : IAsyncLifetime
{
    readonly Lazy<Task<(IPlaywright Driver, IBrowser Browser)>> started = new(StartAsync);

    /// <summary>Somebody with a browser of their own: nothing of it is shared with others.</summary>
    public async Task<Visitor> NewVisitorAsync(Uri service, Surroundings surroundings)
    {
        var (_, browser) = await started.Value;
        var context = await browser.NewContextAsync(new()
        {
            BaseURL = service.ToString(),
            TimezoneId = surroundings.Zone,
            Locale = surroundings.Locale,
            ColorScheme = surroundings.IsDark ? ColorScheme.Dark : ColorScheme.Light,
            ViewportSize = new() { Width = surroundings.Width, Height = surroundings.Height },
            JavaScriptEnabled = surroundings.HasScripts,
            IgnoreHTTPSErrors = surroundings.TrustsAnybody,
        });
        return await Visitor.OfAsync(context, service);
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (!started.IsValueCreated)
            return;
        var (driver, browser) = await started.Value;
        await browser.DisposeAsync();
        driver.Dispose();
    }

    static async Task<(IPlaywright Driver, IBrowser Browser)> StartAsync()
    {
        var driver = await Playwright.CreateAsync();
        // The machine is busy with the other tests.
        Assertions.SetDefaultExpectTimeout(60_000);
        return (driver, await ChromiumProgram.StartAsync(driver));
    }
}

/// <summary>What a browser tells a page of where it is.</summary>
public sealed record Surroundings
{
    public string Zone { get; init; } = "UTC";

    public string Locale { get; init; } = "en-US";

    public bool IsDark { get; init; }

    public int Width { get; init; } = 1440;

    public int Height { get; init; } = 900;

    public bool HasScripts { get; init; } = true;

    /// <summary>Takes a certificate that a test has made.</summary>
    public bool TrustsAnybody { get; init; }
}
