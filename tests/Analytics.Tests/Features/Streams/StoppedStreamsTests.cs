using System.Runtime.Versioning;
using Analytics.Tests.Faults;

namespace Analytics.Tests.Features.Streams;

/// <summary>A service that is told to end has five seconds of real time: nothing else is on the machine.</summary>
[Collection<Alone>, UnsupportedOSPlatform("windows")]
public sealed class StoppedStreamsTests(ServiceProcess service, ITestOutputHelper output)
{
    [Fact]
    public async Task SIGTERM_with_500_open_streams_under_load_stores_everything_acknowledged_and_ends_within_5_s()
    {
        var workspace = await service.NewWorkspaceAsync();
        var streams = await ManyStreamsTests.AtOnceAsync(500, _ => OpenStream.OpenAsync(workspace.Client(Until.Patience), "/api/v1/events/stream"));
        var load = Load.On(workspace, new LoadShape(), seed: 5);
        await load.GoesOnAsync();

        var (code, took) = await service.TerminateAsync();

        output.WriteLine($"ended with {code} after {took}: {load}");
        Assert.Equal(0, code);
        Assert.InRange(took, TimeSpan.Zero, ServiceProcess.LongestEnd);
        foreach (var stream in streams)
        {
            await stream.EndsAsync();
            await stream.DisposeAsync();
        }

        await service.StartAsync();
        await load.GoesOnAsync();
        await workspace.HoldsExactlyAsync(await load.FinishAsync());
    }
}
