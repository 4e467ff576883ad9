namespace Analytics.Benchmarks.Apps;

/// <summary>A request to come: so many facts of an app's list, from one moment to another (microseconds since 1970).</summary>
readonly record struct AppBatch(AppList List, int App, int Facts, long From, long To);

/// <summary>A set of facts on its way: every app tells of each of its lists once a day, one after the other.</summary>
sealed class AppLoad(AppSet set, IEnumerable<AppBatch> plan)
{
    public const int Connections = 8;

    const int LongestList = 10_000;
    const long Day = TimeSpan.MicrosecondsPerDay;

    readonly AppsPost[] posts = [.. Enumerable.Range(0, Connections).Select(_ => new AppsPost(set.Workspace.Key, set.Apps))];
    readonly IEnumerator<AppBatch> batches = plan.GetEnumerator();
    readonly Lock gate = new();

    /// <summary>About so many facts of the days that end now, in the order of their times; of one list only when it is named.</summary>
    public static IEnumerable<AppBatch> Plan(long facts, int days, AppList? only)
    {
        var now = Clock.Microseconds();
        var start = now - now % Day - (days - 1) * Day;
        var (random, owed) = (new Randomness(1), new Dictionary<(int App, AppList List), double>());
        foreach (var (app, list) in Each(only))
            owed[(app, list)] = random.Fraction();
        for (var from = start; from < now; from += Day)
        {
            var to = Math.Min(now, from + Day);
            var planned = new List<(int App, AppList List, int Facts)>();
            foreach (var (app, list) in Each(only))
            {
                var share = AppWorld.ShareOf(app) * (only is null ? list.Share : 1);
                var left = owed[(app, list)] + facts * share * (to - from) / (now - start);
                for (; left >= 1; left -= planned[^1].Facts)
                    planned.Add((app, list, (int)Math.Min(LongestList, left)));
                owed[(app, list)] = left;
            }

            var time = (to - from) / Math.Max(1, planned.Count);
            for (var at = 0; at < planned.Count; at++)
                yield return new(planned[at].List, planned[at].App, planned[at].Facts, from + at * time, from + (at + 1) * time);
        }
    }

    /// <summary>The next request, made in the connection's own buffer; null when everything was told.</summary>
    public WireRequest? Next(int connection)
    {
        lock (gate)
        {
            if (!batches.MoveNext())
                return null;
            var (batch, post) = (batches.Current, posts[connection]);
            post.Start(batch.App, batch.List);
            for (var i = 0; i < batch.Facts; i++)
            {
                var sample = set.Lane.Next(batch.List, batch.From, batch.To);
                post.Add(sample);
                set.Ledger.Add(batch.List, batch.App, sample);
            }

            return post.Finish();
        }
    }

    static IEnumerable<(int App, AppList List)> Each(AppList? only) =>
        from app in Enumerable.Range(0, AppWorld.Apps)
        from list in AppList.All
        where only is null || only == list
        select (app, list);
}
