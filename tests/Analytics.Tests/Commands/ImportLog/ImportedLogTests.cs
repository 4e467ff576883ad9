using System.Globalization;

namespace Analytics.Tests.Commands.ImportLog;

/// <summary>A log that nginx wrote, imported into the real service: it counts what goaccess and awk count in the file.</summary>
public sealed class ImportedLogTests(AnalyticsApi api, NginxLog log) : IClassFixture<NginxLog>
{
    [Fact]
    public async Task What_nginx_wrote_is_counted_as_others_count_it()
    {
        var workspace = await api.NewWorkspaceAsync();

        var first = await RunAsync(workspace, log.Path, Own("first"));
        var stored = await StoredRequests.OfAsync(workspace);
        var second = await RunAsync(workspace, log.Path, Own("second"));

        var lines = File.ReadLines(log.Path).LongCount();
        Assert.Contains(Number(lines) + " new, 0 there already, 0 not taken", first.Output);
        Assert.Contains($"0 new, {Number(lines)} there already, 0 not taken", second.Output);
        await AssertCountsAsync(stored);
        await AssertCountsAsync(await StoredRequests.OfAsync(workspace));
        AssertIsMixed(stored);
    }

    [Fact]
    public async Task Killed_half_way_and_begun_again_it_counts_the_same()
    {
        var workspace = await api.NewWorkspaceAsync();
        var state = Own("killed");
        using var process = ImportRun.Start(api.Address, workspace.Key!, "-", "--state", state);
        var bytes = await File.ReadAllBytesAsync(log.Path);
        await process.StandardInput.BaseStream.WriteAsync(bytes.AsMemory(0, bytes.Length / 2));
        await process.StandardInput.FlushAsync();
        await Until.HoldsAsync(() => File.Exists(state), "Half of the log was not sent.");

        process.Kill();
        await process.WaitForExitAsync();
        var half = (await StoredRequests.OfAsync(workspace)).ByRequest.Values.Sum();
        var rest = await RunAsync(workspace, log.Path, state);

        Assert.InRange(half, 1, File.ReadLines(log.Path).LongCount() - 1);
        Assert.Contains("  imported before", rest.Output);
        await AssertCountsAsync(await StoredRequests.OfAsync(workspace));
    }

    async Task AssertCountsAsync(StoredRequests stored)
    {
        Assert.Equal(await LogCounts.ByDayAndStatusAsync(log.Path), stored.ByDayAndStatus);
        Assert.Equal(await LogCounts.ByRequestAsync(log.Path), stored.ByRequest);
        Assert.Equal(await LogCounts.ByEndpointAsync(log.Path), stored.ByEndpoint);
    }

    // What would make the comparison easy is not so.
    static void AssertIsMixed(StoredRequests stored)
    {
        Assert.InRange(stored.ByRequest.Values.Sum(), 10_000, 12_000);
        Assert.Equal(2, stored.ByDayAndStatus.Keys.Select(key => key[..10]).Distinct().Count());
        Assert.Superset(
            new HashSet<string> { "200", "201", "204", "301", "400", "403", "404", "414", "429", "499", "500", "503" },
            stored.ByDayAndStatus.Keys.Select(key => key[11..]).ToHashSet());
        Assert.Superset(
            new HashSet<string> { "GET:/orders/:id/items/:id", "HEAD:/v1/2fa/verify", "POST:/users/:id/avatar", "INVALID:*" },
            stored.ByEndpoint.Keys.ToHashSet());
    }

    static async Task<ImportRun> RunAsync(WorkspaceClient workspace, string file, string state)
    {
        var run = await ImportRun.OfAsync(workspace.Api.Address, workspace.Key!, file, "--state", state);
        Assert.True(run.Exit == 0, run.ToString());
        return run;
    }

    string Own(string name) => $"{log.Path}.{name}-{Guid.NewGuid():n}";

    static string Number(long number) => number.ToString("n0", CultureInfo.InvariantCulture);
}
