namespace Analytics.Features.AppStatistics;

/// <summary>What is asked, checked and understood.</summary>
/// <param name="Days">The days.</param>
/// <param name="Previous">Those they are compared with.</param>
/// <param name="Accumulate">Whether bandwidth runs on from the first day.</param>
/// <param name="Ratios">Whether each day says averages, too.</param>
/// <param name="ByApp">Whether apps are told apart, too.</param>
sealed record StatisticsQuestion(StatisticsDays Days, StatisticsDays? Previous, bool Accumulate, bool Ratios, bool ByApp)
{
    public static StatisticsQuestion Of(AppStatisticsRequest request) => Of(request, accumulate: true, byApp: false);

    public static StatisticsQuestion Of(ScopeStatisticsRequest request) =>
        Of(request, request.Accumulate, request.Breakdown is not null);

    static StatisticsQuestion Of(StatisticsRequest request, bool accumulate, bool byApp)
    {
        var days = StatisticsDays.Of(request);
        return new(days, days.ComparedBy(request.Compare), accumulate, request.Ratios, byApp);
    }

    /// <summary>All days that are asked for.</summary>
    public IEnumerable<StatisticsDays> Ranges => Previous is { } previous ? [Days, previous] : [Days];

    /// <summary>The rows of some days.</summary>
    public List<StatisticsRow> Rows(StatisticsDays days, IReadOnlyList<DayFigures> figures)
    {
        var rows = new List<StatisticsRow>(days.Count);
        Int128 running = 0;
        for (var place = 0; place < days.Count; place++)
        {
            running = Accumulate ? running + figures[place].Bandwidth : figures[place].Bandwidth;
            rows.Add(StatisticsRow.Of(days.DateOf(place), figures[place] with { Bandwidth = running }, Ratios));
        }

        return rows;
    }
}
