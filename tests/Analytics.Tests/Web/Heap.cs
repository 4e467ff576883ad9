using Microsoft.Playwright;

namespace Analytics.Tests.Web;

static class Heap
{
    /// <summary>Megabytes that a page's scripts hold, once what nothing needs is gone.</summary>
    public static async Task<double> MegabytesAsync(IPage page)
    {
        var session = await page.Context.NewCDPSessionAsync(page);
        await session.SendAsync("HeapProfiler.collectGarbage");
        var used = (await session.SendAsync("Runtime.getHeapUsage"))!.Value.GetProperty("usedSize").GetDouble();
        await session.DetachAsync();
        return used / (1 << 20);
    }
}
