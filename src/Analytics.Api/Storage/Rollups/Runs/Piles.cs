namespace Analytics.Storage.Rollups.Runs;

/// <summary>Which of a rollup's runs are to become one.</summary>
static class Piles
{
    /// <summary>Runs of a size that are merged into one of the next size.</summary>
    public const int FanOut = 4;

    /// <summary>Those of the smallest size of which there are enough; none when there are enough of no size.</summary>
    public static List<Run> Full(List<Run> runs) =>
        runs.GroupBy(run => run.Tier).OrderBy(tier => tier.Key).FirstOrDefault(tier => tier.Count() >= FanOut)?.ToList() ?? [];

    /// <summary>
    /// The smallest, up to the largest one that is at most so many times as large as all before it: what is left are a few runs, each
    /// much larger than the last. None when there is only one of them.
    /// </summary>
    public static List<Run> Small(List<Run> runs, int times)
    {
        List<Run> bySize = [.. runs.OrderBy(run => run.Bytes)];
        var (count, before) = (0, 0L);
        for (var at = 0; at < bySize.Count; before += bySize[at++].Bytes)
            if (at > 0 && bySize[at].Bytes <= times * before)
                count = at + 1;
        return bySize[..count];
    }
}
