using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using Analytics.PrivatePostgres;
using Analytics.Tests.Faults;
using Analytics.Tests.Features.Sessions;

namespace Analytics.Tests.Commands;

/// <summary>What whoever starts a fresh service sees of it.</summary>
[UnsupportedOSPlatform("windows")]
public sealed partial class DemoStartTests : IAsyncDisposable
{
    readonly string directory = Path.Combine(Path.GetTempPath(), $"analytics-demo-{Environment.ProcessId}-{Guid.NewGuid():n}");
    readonly int port = ClusterConfiguration.FreePort();
    Process? process;

    public DemoStartTests() => Directory.CreateDirectory(directory);

    public async ValueTask DisposeAsync()
    {
        if (process is { HasExited: false })
            process.Kill();
        await new PostgresProcesses(Path.Combine(directory, "postgres")).KillAsync();
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task Every_start_prints_a_link_that_signs_in_to_the_demo()
    {
        var links = new List<string>();
        for (var start = 0; start < 2; start++)
        {
            var output = await StartAsync(("ANALYTICS_DEMO", "1"), ("Analytics__DemoDays", "2"), ("Analytics__PathBase", "/under"));
            links.Add(Link().Match(output).Value);
            Assert.StartsWith($"http://127.0.0.1:{port}/under/ui/open#code_", links[^1]);
            Assert.Contains($"http://127.0.0.1:{port}/under/swagger", output);
            Assert.Contains(await File.ReadAllTextAsync(Path.Combine(directory, "demo-key")), output);
            var browser = new Browser(new Uri($"http://127.0.0.1:{port}/under/"));
            var session = await browser.SignInAsync(new { code = links[^1].Split('#')[1] });
            Assert.Equal("demo", session.GetProperty("workspaces")[0].GetProperty("slug").GetString());
            Assert.NotEmpty((await browser.GetAsync("api/events?limit=1")).GetProperty("data").EnumerateArray());
            await EndAsync();
        }

        Assert.NotEqual(links[0], links[1]);
    }

    [Fact]
    public async Task Without_a_demo_the_start_says_how_to_get_in()
    {
        var output = await StartAsync(("ANALYTICS_DEMO", "0"));
        await EndAsync();

        Assert.Contains($"curl -s http://127.0.0.1:{port}/api/workspaces -H \"Authorization: Bearer $ROOT_KEY\"", output);
        Assert.Contains("./run.sh link --workspace acme", output);
    }

    /// <summary>What it prints until it has greeted.</summary>
    async Task<string> StartAsync(params (string Name, string Value)[] settings)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Analytics.Api.dll")])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            Environment =
            {
                ["ANALYTICS_DATA_DIR"] = directory, ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}",
                // As in the tests' own process: most code runs a few times only.
                ["DOTNET_TieredPGO"] = "0",
            },
        };
        start.Environment.Remove("ConnectionStrings__Postgres");
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        process = Process.Start(start)!;
        // The first start fills the demo.
        using var patience = new CancellationTokenSource(5 * Until.Patience);
        var output = "";
        do
            output += await process.StandardOutput.ReadLineAsync(patience.Token) + "\n";
        while (!output.EndsWith("\n\n", StringComparison.Ordinal) || !output.Contains("curl", StringComparison.Ordinal));
        return output;
    }

    async Task EndAsync()
    {
        await new Command("/bin/sh", "-c", "kill -s TERM \"$0\"", $"{process!.Id}").RunAsync(CancellationToken.None);
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
    }

    [GeneratedRegex("http://[^ ]+/ui/open#[^ \n]+", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Link();
}
