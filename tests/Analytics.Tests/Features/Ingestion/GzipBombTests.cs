using System.Runtime.Versioning;
using Analytics.Tests.Faults;

namespace Analytics.Tests.Features.Ingestion;

/// <summary>What a small body that unpacks to a large one costs. All that the process allocates meanwhile is counted, so it is alone.</summary>
[Collection<Alone>, UnsupportedOSPlatform("windows")]
public sealed class GzipBombTests(AnalyticsApi api)
{
    [Fact]
    public async Task A_gzip_bomb_stops_at_the_limit()
    {
        var workspace = await api.NewWorkspaceAsync();
        var bomb = IngestBodyTests.Zip(new byte[200 << 20]);
        var allocated = new List<long>();
        for (var round = 0; round < 3; round++)
        {
            var before = GC.GetTotalAllocatedBytes();
            await workspace.PostAsync("/api/events/ingest", IngestBodyTests.Packed(bomb), 413);
            allocated.Add(GC.GetTotalAllocatedBytes() - before);
        }

        Assert.InRange(allocated.Min(), 0, 100 << 20);
    }
}
