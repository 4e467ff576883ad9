using Analytics.Tests.Web;

namespace Analytics.Benchmarks.Web;

static class Longest
{
    /// <summary>The longest of a page's tasks on the clock, and the longest on the processor: they may be two.</summary>
    public static PageTask Of(IReadOnlyList<PageTask> tasks) => new(tasks.Max(task => task.OnClock), tasks.Max(task => task.OnProcessor));
}
