namespace Analytics.Tests.Oracle.Apps;

/// <summary>Whose statistics: the route that is asked, by whom, and the workspaces or the app that it is about.</summary>
sealed record StatisticsScope(string Route, ApiClient Client, IReadOnlyList<WorkspaceClient> Workspaces, ToldApp? App = null);

/// <summary>A question of section 7, and what the model answers.</summary>
sealed record StatisticsQuestion(StatisticsScope Scope, DateOnly From, DateOnly To)
{
    public bool IsAccumulated { get; init; }
    public bool HasRatios { get; init; }
    public bool IsByApp { get; init; }

    /// <summary><c>previous_period</c>, <c>previous_year</c> or nothing.</summary>
    public string? Compare { get; init; }

    public string Path => $"/statistics/{Scope.Route}/?from={StatisticsCount.Text(From)}&to={StatisticsCount.Text(To)}"
        + (IsAccumulated ? "&accumulate=true" : "") + (HasRatios ? "&ratios=true" : "") + (IsByApp ? "&breakdown=app" : "")
        + (Compare is null ? "" : $"&compare={Compare}");

    /// <summary>The answer as JSON, to the byte but for the order of members, and of apps in a breakdown.</summary>
    public string Answer(AppWorld world)
    {
        var count = new StatisticsCount(world, Scope.App is { } app ? [app] : world.AppsOf(Scope.Workspaces));
        var answer = $$"""{"data":{{Data(count, From, To)}}""";
        if (IsByApp && Scope.App is null)
        {
            var listed = world.AppsOf(Scope.Workspaces, isListed: true);
            answer += $""","by_app":[{string.Join(',', listed.Select(one => ByApp(world, one)))}]""";
        }

        if (Compare is not null)
            answer += $""","previous":{Data(count, Before(From), To == From ? Before(To) : Before(To.AddDays(-1)).AddDays(1))}""";
        return answer + "}";
    }

    string ByApp(AppWorld world, ToldApp app) =>
        $$"""{"app_id":"{{app.Id}}","natural_id":"{{app.NaturalId}}","data":{{Data(new(world, [app]), From, To)}}}""";

    // An app has one row: its last day, with the bandwidth of them all.
    string Data(StatisticsCount count, DateOnly from, DateOnly to)
    {
        if (Scope.App is not null)
            return count.Row(from, to.AddDays(-1), HasRatios);
        var days = Enumerable.Range(from.DayNumber, to.DayNumber - from.DayNumber).Select(DateOnly.FromDayNumber);
        return $"[{string.Join(',', days.Select(day => count.Row(IsAccumulated ? from : day, day, HasRatios)))}]";
    }

    // The end does not count: what counts is the last day, a year before, be it a leap year's.
    DateOnly Before(DateOnly date) => Compare == "previous_year" ? date.AddYears(-1) : date.AddDays(From.DayNumber - To.DayNumber);
}
