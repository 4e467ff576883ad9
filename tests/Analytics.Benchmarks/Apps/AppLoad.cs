namespace Analytics.Benchmarks.Apps;

/// <summary>A request to come: so many facts of an app's list, from one moment to another (microseconds since 1970).</summary>
readonly record struct AppBatch(AppList List, int App, int Facts, long From, long To);

/// <summary>A set of facts on its way: every app tells of each of its lists four times a day.</summary>
sealed class AppLoad(AppSet set, IEnumerable<AppBatch> plan)
{
    public const int Connections = 8;

    const int LongestList = 10_000;
    static readonly TimeSpan Between = TimeSpan.FromHours(6);

    readonly AppsPost[] posts = [.. Enumerable.Range(0, Connections).Select(_ => new AppsPost(set.Workspace.Key, set.Apps))];
    readonly IEnumerator<AppBatch> batches = plan.GetEnumerator();
    readonly Lock gate = new();

    /// <summary>About so many facts of the days that end now, in the order of their times; of one list only when it is named.</summary>
    public static IEnumerable<AppBatch> Plan(long facts, int days, AppList? only)
    {
        var now = Clock.Microseconds();
        var start = now - now % TimeSpan.MicrosecondsPerDay - (days - 1) * TimeSpan.MicrosecondsPerDay;
        var step = Between.Ticks / TimeSpan.TicksPerMicrosecond;
        var steps = (now - start + step - 1) / step;
        var owed = new double[AppWorld.Apps, AppList.All.Length];
        var random = new Randomness(1);
        for (var app = 0; app < AppWorld.Apps; app++)
            for (var list = 0; list < AppList.All.Length; list++)
                owed[app, list] = random.Fraction();

        for (var from = start; from < now; from += step)
            for (var app = 0; app < AppWorld.Apps; app++)
                for (var list = 0; list < AppList.All.Length; list++)
                {
                    if (only is not null && only != AppList.All[list])
                        continue;
                    owed[app, list] += facts * AppWorld.ShareOf(app) * (only is null ? AppList.All[list].Share : 1) / steps;
                    for (; owed[app, list] >= 1; owed[app, list] -= Math.Min(LongestList, Math.Floor(owed[app, list])))
                        yield return new(
                            AppList.All[list], app, (int)Math.Min(LongestList, owed[app, list]), from, Math.Min(now, from + step));
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
}
