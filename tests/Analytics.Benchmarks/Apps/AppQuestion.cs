using System.Globalization;

namespace Analytics.Benchmarks.Apps;

/// <summary>Which facts a question is about.</summary>
enum AppScope
{
    /// <summary>All kinds of facts of 90 days.</summary>
    Mixed,

    /// <summary>Very many devices.</summary>
    Crowd,

    /// <summary>Two workspaces with very many devices each, as their user sees them.</summary>
    User,
}

/// <summary>A question about apps.</summary>
/// <param name="Name">What the report calls it.</param>
/// <param name="Of">Which facts it is about.</param>
/// <param name="Goal">In milliseconds; null where none was set.</param>
/// <param name="Path">The request; every variant differs in range or app.</param>
sealed record AppQuestion(string Name, AppScope Of, double? Goal, Func<AppSet, int, string> Path)
{
    const int Days = 90;

    public bool IsHeadline { get; init; }

    public static readonly AppQuestion[] All =
    [
        new("org of 90 days", AppScope.Mixed, 50, (set, v) => Org(set, v)) { IsHeadline = true },
        new("org of 90 days by app", AppScope.Mixed, 50, (set, v) => $"{Org(set, v)}&breakdown=app") { IsHeadline = true },
        new("org of 90 days, compared", AppScope.Mixed, 50, (set, v) => $"{Org(set, v)}&compare=previous_period"),
        new("org of 90 days with ratios", AppScope.Mixed, 50, (set, v) => $"{Org(set, v)}&ratios=true"),
        new("org of 90 days by app with ratios, compared", AppScope.Mixed, 50,
            (set, v) => $"{Org(set, v)}&breakdown=app&ratios=true&compare=previous_period"),
        new("app of 90 days", AppScope.Mixed, 50, (set, v) => $"/statistics/app/{App(set, v)}/?{Range(v)}"),
        new("an app's stats", AppScope.Mixed, 50, (set, v) => $"/api/apps/{App(set, v)}/stats"),
        new("an app's invocations", AppScope.Mixed, 50, (set, v) => $"/api/apps/{App(set, v)}/stats/api"),
        new("org of 90 days, many devices", AppScope.Crowd, 100, (set, v) => Org(set, v)) { IsHeadline = true },
        new("org of 90 days by app, many devices", AppScope.Crowd, null, (set, v) => $"{Org(set, v)}&breakdown=app"),
        new("app of 90 days, many devices", AppScope.Crowd, null, (set, v) => $"/statistics/app/{App(set, v)}/?{Range(v)}"),
        new("user of 90 days, two workspaces of many devices", AppScope.User, null, (_, v) => $"/statistics/user/?{Range(v)}"),
    ];

    static string Org(AppSet set, int variant) => $"/statistics/org/{set.Workspace.Id}/?{Range(variant)}";

    // The busiest ones first.
    static Guid App(AppSet set, int variant) => set.Apps[variant % AppWorld.Apps];

    // The longest range that ends today or at one of the days before.
    static string Range(int variant) => Range(AppLedger.Today.AddDays(1 - variant % 4), Days - variant / 4 % 3);

    /// <summary>The parameters of so many days before the end.</summary>
    public static string Range(DateOnly end, int days) => $"from={Text(end.AddDays(-days))}&to={Text(end)}";

    static string Text(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
