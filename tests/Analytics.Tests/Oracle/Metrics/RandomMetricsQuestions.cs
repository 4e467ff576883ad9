using NodaTime;

namespace Analytics.Tests.Oracle.Metrics;

/// <summary>Questions about a life, made up from a seed: every zone with every interval, before, over and after now.</summary>
sealed class RandomMetricsQuestions(MetricsLife life, int seed)
{
    static readonly string[] Zones = ["UTC", "Europe/Paris", "Asia/Kathmandu", "America/St_Johns"];
    static readonly string[] Intervals = ["hour", "day", "week", "month", "year"];

    readonly Random random = new(seed);

    public List<MetricsQuestion> Some(int count) =>
        [.. Enumerable.Range(0, count).Select(at => One(Zones[at % Zones.Length], Intervals[at / Zones.Length % Intervals.Length]))];

    MetricsQuestion One(string zone, string interval)
    {
        var (first, last) = Range(interval);
        var question = new MetricsQuestion(zone, interval, first, last)
        {
            Metrics = random.Next(3) == 0 ? Of([.. KnownMetrics.All.Keys, KnownMetrics.AlsoActiveUsers], 5) : [],
            Compare = random.Next(4) switch { 0 => MetricsQuestion.PreviousPeriod, 1 => MetricsQuestion.PreviousYear, _ => null },
        };
        return Filtered(question, random.Next(16));
    }

    // One at a time for the most part, else hardly anything would be left.
    MetricsQuestion Filtered(MetricsQuestion question, int by) => by switch
    {
        < 7 => question,
        < 10 => question with { Shares = Of([.. Enumerable.Range(0, 40).Select(RandomShares.IdOf), "never created", "nothing of it"], 5) },
        < 12 => question with { Customers = Of([.. life.Customers, .. life.Erased, Guid.NewGuid()], 4) },
        < 14 => question with { ExternalCustomers = Of([.. Enumerable.Range(0, EventPlan.People).Select(person => $"person {person}"), "nobody"], 5) },
        14 => question with { Portal = life.Customers[random.Next(life.Customers.Length)] },
        _ => Filtered(Filtered(Filtered(question, random.Next(7, 10)), random.Next(10, 14)), random.Next(10, 16)) with
        {
            Shares = Of([.. Enumerable.Range(0, 500).Select(RandomShares.IdOf)], 200),
        },
    };

    (LocalDate First, LocalDate Last) Range(string interval)
    {
        var today = SystemClock.Instance.GetCurrentInstant().InUtc().Date;
        var days = interval switch
        {
            "hour" => random.Next(3),
            "day" => random.Next(40),
            "week" => random.Next(100),
            "month" => random.Next(60, 330),
            _ => random.Next(200, 360),
        };
        var near = random.Next(3) == 0 ? today.PlusDays(random.Next(-1, 3)) : MetricsMoments.Days[random.Next(MetricsMoments.Days.Length)];

        // Years are few, so that the calendars the model walks through hold those before, too.
        var first = interval == "year" ? LocalDate.Max(near.PlusDays(-random.Next(days)), new(2026, 1, 1)) : near.PlusDays(-random.Next(days + 1));
        return (first, first.PlusDays(days));
    }

    T[] Of<T>(T[] all, int most)
    {
        var mixed = all.ToArray();
        random.Shuffle(mixed);
        return mixed[..Math.Min(mixed.Length, 1 + random.Next(most))];
    }
}
