using System.Runtime.Versioning;
using Analytics.Tests.Http;

namespace Analytics.Tests.Faults;

/// <summary>More connections than the service may have files.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class FileLimitTests
{
    const int Files = 1_000;

    [Fact]
    public async Task Idle_connections_beyond_the_limit_of_files_keep_nobody_out_whatever_is_set()
    {
        await using var service = new ServiceProcess { Files = Files };
        await service.InitializeAsync();
        foreach (var connections in (int?[])[null, 100_000])
        {
            service.Connections = connections;
            await StaysOpenAsync(service);
            await service.TerminateAsync();
        }
    }

    static async Task StaysOpenAsync(ServiceProcess service)
    {
        var workspace = await service.NewWorkspaceAsync();
        var postmaster = service.Postgres.Postmaster();
        Assert.NotNull(postmaster);
        var idle = new List<RawConnection>();
        for (var n = 0; n < 2 * Files; n++)
            idle.Add(await RawConnection.OpenAsync(service.Address));

        var recovery = await workspace.TakesEventsAsync();

        Assert.InRange(recovery, TimeSpan.Zero, TimeSpan.FromSeconds(20));
        Assert.Equal(postmaster, service.Postgres.Postmaster());
        Assert.DoesNotContain(service.LogLines(), line => line.Contains("Postgres ended unexpectedly", StringComparison.Ordinal));
        idle.ForEach(connection => connection.Dispose());
    }
}
