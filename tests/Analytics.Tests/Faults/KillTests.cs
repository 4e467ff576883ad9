using System.Runtime.Versioning;

namespace Analytics.Tests.Faults;

[Collection<Faults>, UnsupportedOSPlatform("windows")]
public sealed class KillTests(ServiceProcess service, ITestOutputHelper output)
{
    [Fact]
    public async Task Killing_the_service_loses_nothing_and_counts_nothing_twice()
    {
        var workspace = await service.NewWorkspaceAsync();
        var load = Load.On(workspace, new LoadShape(), seed: 1);
        for (var round = 0; round < Faults.Rounds; round++)
        {
            await load.GoesOnAsync(500 + Random.Shared.Next(1_500));
            await service.KillAsync();
            output.WriteLine($"ready again after {await service.StartAsync()}: {load}");
        }

        await load.GoesOnAsync();
        var sent = await load.FinishAsync();
        output.WriteLine($"{sent.Count} events: {load}");
        await workspace.HoldsExactlyAsync(sent);
    }

    [Fact]
    public async Task SIGTERM_under_load_stores_everything_acknowledged_and_ends_within_5_s()
    {
        var workspace = await service.NewWorkspaceAsync();
        var load = Load.On(workspace, new LoadShape(), seed: 2);
        var ends = new List<TimeSpan>();
        for (var round = 0; round < Faults.Rounds; round++)
        {
            await load.GoesOnAsync(500 + Random.Shared.Next(1_000));
            var (code, took) = await service.TerminateAsync();
            output.WriteLine($"ended with {code} after {took}: {load}");
            Assert.Equal(0, code);
            ends.Add(took);
            await service.StartAsync();
        }

        // Other tests may hold one of them up.
        Assert.InRange(ends.Min(), TimeSpan.Zero, ServiceProcess.LongestEnd);
        Assert.InRange(ends.Max(), TimeSpan.Zero, TimeSpan.FromSeconds(30));

        await load.GoesOnAsync();
        var sent = await load.FinishAsync();
        await workspace.HoldsExactlyAsync(sent);
    }
}
