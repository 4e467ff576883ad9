using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Analytics.Tests.Architecture;

namespace Analytics.Tests.Client;

/// <summary>The lines for any other stack, as they stand in the client's README.</summary>
public sealed partial class RecipeTests(AnalyticsApi api) : IDisposable
{
    readonly DirectoryInfo place = Directory.CreateTempSubdirectory("analytics-recipe-");

    [Fact]
    public async Task The_recipe_brings_what_a_server_wrote_and_counts_it_once()
    {
        var workspace = await api.NewWorkspaceAsync();
        // More than one batch, and a line that breaks a rule.
        Write(Enumerable.Range(0, 1_500).Select(number => Line(number, 200)).Append(Line(1_500, 99)));
        using (Start(workspace.Key!))
        {
            await workspace.CountsRequestsAsync(1_500);
            // Written once more, as by a server that does not know whether it had: and something new.
            Write(Enumerable.Range(1_000, 700).Select(number => Line(number, 200)));
            await workspace.CountsRequestsAsync(1_700);
            await Until.HoldsAsync(() => Left() == 0, "Not all lines are taken.");
        }

        Assert.Equal([KeyValuePair.Create("GET:/orders/{id}", 1_700L)], await workspace.EndpointsAsync());
    }

    [Fact]
    public async Task The_recipe_keeps_what_the_service_does_not_take()
    {
        Write([Line(1, 200)]);
        using (Start("ak_wrong"))
            await Until.HoldsAsync(() => File.Exists(Path.Combine(place.FullName, "sending.jsonl")), "Nothing is tried.");
        Assert.Equal(1, Left());
        var workspace = await api.NewWorkspaceAsync();
        using (Start(workspace.Key!))
            await workspace.CountsRequestsAsync(1);
    }

    public void Dispose() => place.Delete(recursive: true);

    static string Line(int number, int statusCode) => JsonSerializer.Serialize(
        new { requestId = $"r{number}", method = "GET", path = $"/orders/{number}", route = "/orders/{id}", statusCode, latencyMs = 12.5 });

    void Write(IEnumerable<string> lines) => File.AppendAllLines(Path.Combine(place.FullName, "requests.jsonl"), lines);

    int Left() => place.GetFiles("*.jsonl").Sum(file => File.ReadLines(file.FullName).Count());

    Running Start(string key)
    {
        var readme = File.ReadAllText(Path.Combine(SourceFiles.Root, "../Analytics.Client/README.md"));
        var recipe = Recipe().Match(readme[readme.IndexOf("## Any other stack", StringComparison.Ordinal)..]).Groups["recipe"].Value;
        // As it stands, but for the seconds between its turns.
        var start = new ProcessStartInfo("bash", ["-c", "sleep() { command sleep 0.05; }\n" + recipe])
        {
            WorkingDirectory = place.FullName,
        };
        start.Environment["URL"] = api.Address.ToString().TrimEnd('/');
        start.Environment["KEY"] = key;
        return new Running(Process.Start(start)!);
    }

    [GeneratedRegex("```sh\n(?<recipe>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Recipe();

    sealed class Running(Process process) : IDisposable
    {
        public void Dispose()
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            process.Dispose();
        }
    }
}
