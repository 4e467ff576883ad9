using System.Text.Json;
using Microsoft.Playwright;

namespace Analytics.Tests.Web;

/// <summary>
/// A task of a page's main thread, in milliseconds: on the clock, which stops for nobody, and on the processor, where other programs do
/// not disturb it.
/// </summary>
sealed record PageTask(double OnClock, double OnProcessor);

/// <summary>What a page's main thread does, as Chromium itself traces it: every task, however short. One page at a time is watched.</summary>
sealed class MainThread
{
    const string Here = "the thread that is watched";

    // The tasks, and the mark by which the page's own thread is found among those of others.
    static readonly string[] Categories = ["disabled-by-default-devtools.timeline", "blink.user_timing"];

    readonly IPage page;
    readonly ICDPSession session;
    readonly TaskCompletionSource whole = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly List<(string Thread, PageTask Task)> tasks = [];
    string watched = "";

    MainThread(IPage page, ICDPSession session)
    {
        this.page = page;
        this.session = session;
        session.Event("Tracing.dataCollected").OnEvent += (_, told) => Take(told!.Value.GetProperty("value"));
        session.Event("Tracing.tracingComplete").OnEvent += (_, _) => whole.TrySetResult();
    }

    public static async Task<MainThread> WatchAsync(IPage page)
    {
        var thread = new MainThread(page, await page.Context.NewCDPSessionAsync(page));
        await thread.session.SendAsync("Tracing.start", new()
        {
            ["transferMode"] = "ReportEvents",
            ["traceConfig"] = new { includedCategories = Categories, excludedCategories = (string[])["*"] },
        });
        return thread;
    }

    /// <summary>The tasks since then, of the thread that the page runs on now: another one may have had the page before it.</summary>
    public async Task<IReadOnlyList<PageTask>> EndAsync()
    {
        await page.EvaluateAsync("name => performance.mark(name)", Here);
        await session.SendAsync("Tracing.end");
        await whole.Task.WaitAsync(TimeSpan.FromMinutes(1));
        await session.DetachAsync();
        return watched.Length > 0
            ? [.. tasks.Where(each => each.Thread == watched).Select(each => each.Task)]
            : throw new InvalidOperationException("The trace has nothing of the page.");
    }

    void Take(JsonElement events)
    {
        foreach (var each in events.EnumerateArray())
        {
            var name = each.GetProperty("name").GetString();
            if (name == Here)
                watched = ThreadOf(each);
            else if (name == "RunTask")
                tasks.Add((ThreadOf(each), new(Milliseconds(each, "dur"), Milliseconds(each, "tdur"))));
        }
    }

    static string ThreadOf(JsonElement each) => $"{each.GetProperty("pid")} {each.GetProperty("tid")}";

    static double Milliseconds(JsonElement each, string name) =>
        each.TryGetProperty(name, out var microseconds) ? microseconds.GetDouble() / 1_000 : 0;
}
