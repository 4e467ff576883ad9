using Microsoft.Playwright;

namespace Analytics.Tests.Web;

/// <summary>The browser's program: Debian's, or the one that CHROMIUM names.</summary>
static class ChromiumProgram
{
    const string Installed = "/usr/bin/chromium";

    static readonly string[] Flags =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync",
    ];

    public static Task<IBrowser> StartAsync(IPlaywright driver) => driver.Chromium.LaunchAsync(new()
    {
        Headless = true,
        ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") is { Length: > 0 } named ? named : Installed,
        Args = Flags,
    });
}
