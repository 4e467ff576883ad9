using NodaTime;
using NodaTime.Text;

namespace Analytics.Tests.Oracle.Metrics;

/// <summary>A question to the metrics route. What is empty is not asked.</summary>
sealed record MetricsQuestion(string Zone, string Interval, LocalDate First, LocalDate Last)
{
    public const string PreviousPeriod = "previous_period";
    public const string PreviousYear = "previous_year";

    public string[] Shares { get; init; } = [];
    public Guid[] Customers { get; init; } = [];
    public string[] ExternalCustomers { get; init; } = [];
    public string[] Metrics { get; init; } = [];
    public string? Compare { get; init; }

    /// <summary>The customer whose portal asks.</summary>
    public Guid? Portal { get; init; }

    /// <summary>The metrics that are answered.</summary>
    public string[] Answered => Metrics is []
        ? [.. KnownMetrics.All.Keys]
        : [.. Metrics.Select(slug => slug == KnownMetrics.AlsoActiveUsers ? "active_users" : slug).Distinct()];

    public Chosen Choose(World world, Ledger ledger) => new(
        ledger,
        [.. ledger.Shares.Where(share => Chooses(world, share.Id, share.Owner))],
        [.. ledger.Entries.Where(entry => Chooses(world, entry.Share, entry.Person))],
        [.. ledger.Bookings.Where(booking => Chooses(world, booking.Share, booking.Person))]);

    public List<CalendarBucket> Buckets() => Calendar.Buckets(Zone, Interval, First, Last);

    /// <summary>The buckets it is compared with: the range moved back by its buckets, or by a year.</summary>
    public List<CalendarBucket> PreviousBuckets()
    {
        var buckets = Buckets();
        if (Compare == PreviousYear)
            return Moved("year", 1);
        if (Interval != "hour")
            return Moved(Interval, buckets.Count);
        // A date starts with an hour; no hour is longer than one.
        var before = Calendar.Buckets(Zone, Interval, buckets[0].From - Duration.FromHours(buckets.Count), buckets[0].From);
        return [.. before.TakeLast(buckets.Count)];
    }

    public string ToPath()
    {
        var pattern = LocalDatePattern.Iso;
        var parts = new List<(string, string)>
        {
            ("start_date", pattern.Format(First)), ("end_date", pattern.Format(Last)), ("interval", Interval), ("timezone", Zone),
        };
        parts.AddRange(Shares.Select(share => ("share_id", share)));
        parts.AddRange(Customers.Select(customer => ("customer_id", customer.ToString())));
        parts.AddRange(ExternalCustomers.Select(customer => ("external_customer_id", customer)));
        parts.AddRange(Metrics.Select(slug => ("metrics", slug)));
        if (Compare is not null)
            parts.Add(("compare", Compare));
        return "/api/metrics?" + string.Join('&', parts.Select(part => $"{part.Item1}={Uri.EscapeDataString(part.Item2)}"));
    }

    bool Chooses(World world, string? share, string? person) =>
        (Shares is [] || (share is not null && Shares.Contains(share)))
        && (Customers is [] || Customers.Any(customer => person == customer.ToString()))
        && (ExternalCustomers is [] || ExternalCustomers.Any(external => person == world.PersonOf(external)))
        && (Portal is null || person == Portal.ToString());

    List<CalendarBucket> Moved(string interval, int count)
    {
        var (first, end) = (Back(First, interval, count), Back(Last.PlusDays(1), interval, count));

        // An end, which is not in the range, on a day that a shorter month has not: all of that month is in.
        if (end.Day < Last.PlusDays(1).Day && interval is "month" or "year")
            end = end.PlusDays(1);
        return Calendar.Buckets(Zone, Interval, first, end.PlusDays(-1));
    }

    static LocalDate Back(LocalDate date, string interval, int count) => interval switch
    {
        "day" => date.PlusDays(-count),
        "week" => date.PlusWeeks(-count),
        "month" => date.PlusMonths(-count),
        _ => date.PlusYears(-count),
    };
}
