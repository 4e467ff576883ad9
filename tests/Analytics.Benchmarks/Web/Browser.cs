using System.Reflection;
using Analytics.Tests.Web;
using Microsoft.Playwright;

namespace Analytics.Benchmarks.Web;

/// <summary>A real browser, and people in front of it who have signed in to the service.</summary>
sealed class Browser : IAsyncDisposable
{
    const string DriverPath = "PLAYWRIGHT_DRIVER_SEARCH_PATH";

    readonly IPlaywright driver;
    readonly IBrowser browser;
    readonly Uri service;

    Browser(IPlaywright driver, IBrowser browser, Uri service) => (this.driver, this.browser, this.service) = (driver, browser, service);

    public string Version => browser.Version;

    public static async Task<Browser> StartAsync(Uri service)
    {
        // Its driver, which is large, runs where the package lies.
        if (Environment.GetEnvironmentVariable(DriverPath) is null or "")
            Environment.SetEnvironmentVariable(DriverPath, Package);
        var started = await Playwright.CreateAsync();
        return new(started, await ChromiumProgram.StartAsync(started), service);
    }

    /// <summary>Somebody whose browser has nothing of the page yet, signed in with a key.</summary>
    public async Task<IBrowserContext> SignedInAsync(string key)
    {
        var context = await browser.NewContextAsync(new() { BaseURL = $"{service}", ViewportSize = new() { Width = 1440, Height = 900 } });
        var answer = await context.APIRequest.PostAsync(
            "api/session", new() { DataObject = new { key }, Headers = new Dictionary<string, string> { ["Sec-Fetch-Site"] = "same-origin" } });
        return answer.Status == 201
            ? context
            : throw new InvalidOperationException($"Signing in answered {answer.Status}: {await answer.TextAsync()}");
    }

    /// <summary>An address of the page.</summary>
    public Uri Address(string page) => new(service, "ui/" + page);

    public async ValueTask DisposeAsync()
    {
        await browser.DisposeAsync();
        driver.Dispose();
    }

    static string Package => typeof(Browser).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(each => each.Key == "PlaywrightPackage").Value!;
}
