using Analytics.Contract;
using Analytics.Storage.Schema;
using Analytics.Time;

namespace Analytics.Features.Metrics;

/// <summary>What is asked, understood: every problem of the parameters has been told.</summary>
sealed record MetricsQuestion(
    MetricsRange Range, MetricsRange? ComparedWith, DateTimeOffset Now,
    IReadOnlyList<Metric> Metrics, string[] Shares, Guid[] Customers, string[] ExternalCustomers)
{
    /// <summary>What <c>compare</c> may say.</summary>
    public static readonly string[] Comparisons = ["previous_period", "previous_year"];

    /// <summary>The ranges to be read.</summary>
    public IEnumerable<MetricsRange> Ranges => ComparedWith is { } before ? [Range, before] : [Range];

    public static MetricsQuestion Of(MetricsRequest request, Workspace workspace, DateTimeOffset now)
    {
        var problems = new List<TimeProblem>();
        var interval = Intervals.OfCalendar(request.Interval, problems);
        var zone = Zones.Find(request.Timezone ?? workspace.Timezone, problems);
        var range = TimeRange.FromDates(request.StartDate, request.EndDate, zone, problems);
        if (range is not null && interval is { } known)
            range.CheckFits(known, problems);
        var customers = Ids(request.CustomerId, problems);
        var metrics = MetricsOf(request.Metrics, problems);
        if (request.Compare is { Length: > 0 } compare && !Comparisons.Contains(compare))
            problems.Add(new("compare", "invalid", $"compare must be {string.Join(" or ", Comparisons)}."));

        if (problems.Count > 0)
            throw ProblemException.Invalid([.. problems.Select(p => new Problem(p.Parameter, p.Code, p.Message))]);
        return new MetricsQuestion(
            new(range!, interval!.Value), ComparedRange(request.Compare, range!, interval.Value), now, metrics,
            [.. request.ShareId.OfType<string>()], customers, [.. request.ExternalCustomerId.OfType<string>()]);
    }

    static MetricsRange? ComparedRange(string? compare, TimeRange range, Interval interval) => compare switch
    {
        "previous_period" => new(Comparison.PreviousPeriod(range, interval), interval),
        "previous_year" => new(Comparison.PreviousYear(range), interval),
        _ => null,
    };

    static Guid[] Ids(string[] texts, List<TimeProblem> problems)
    {
        var ids = new List<Guid>();
        foreach (var text in texts)
            if (Guid.TryParseExact(text, "D", out var id))
                ids.Add(id);
            else
                problems.Add(new("customer_id", "invalid", $"'{text}' is no UUID."));
        return [.. ids];
    }

    // In the catalogue's order, whatever the order of the question.
    static IReadOnlyList<Metric> MetricsOf(string?[] slugs, List<TimeProblem> problems)
    {
        if (slugs is [])
            return MetricCatalogue.All;
        var asked = new HashSet<Metric>();
        foreach (var slug in slugs.Select(slug => slug ?? ""))
            if (MetricCatalogue.Find(slug) is { } metric)
                asked.Add(metric);
            else
                problems.Add(new("metrics", "unknown_metric", $"There is no metric '{slug}'."));
        return [.. MetricCatalogue.All.Where(asked.Contains)];
    }
}

/// <summary>A range and the calendar buckets it is cut into; none when its only date never was in that zone.</summary>
sealed record MetricsRange(TimeRange Whole, Interval Interval)
{
    public IReadOnlyList<Bucket> Buckets { get; } = Time.Buckets.Of(Whole, Interval);
}
