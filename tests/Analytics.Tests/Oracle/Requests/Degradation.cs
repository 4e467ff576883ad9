using NodaTime;

namespace Analytics.Tests.Oracle.Requests;

/// <summary>What an hour of an endpoint is by a measure beside its baseline, both between two bounds; <see cref="Is"/> null when these do not tell.</summary>
sealed record MeasuredHour(long Hour, (decimal Low, decimal High) Baseline, (decimal Low, decimal High) Current, bool? Is);

/// <summary>Consecutive degraded hours of an endpoint by a measure; certain unless what percentiles may be off decides.</summary>
sealed record Degradation(string Endpoint, string Measure, List<MeasuredHour> Hours)
{
    public bool IsCertain => Hours.TrueForAll(hour => hour.Is == true);

    public Instant Since => Instant.FromUnixTimeSeconds(Hours[0].Hour * 3600);

    public Instant End => Instant.FromUnixTimeSeconds((Hours[^1].Hour + 1) * 3600);
}

/// <summary>An endpoint's UTC hours with enough requests, each beside its baseline.</summary>
sealed class Baselines(string endpoint, IEnumerable<SeenRequest> requests)
{
    public const string P95 = "p95";
    public const string ServerErrorRate = "serverErrorRate";
    const int Enough = 50;
    const int Week = 168;

    readonly SortedDictionary<long, Counted> hours = new(requests
        .GroupBy(request => request.At.ToUnixTimeSeconds() / 3600)
        .Where(hour => hour.Count() >= Enough)
        .ToDictionary(hour => hour.Key, hour => new Counted(hour)));

    public IEnumerable<Degradation> Degradations() => Of(P95, P95Of, IsTwice).Concat(Of(ServerErrorRate, RateOf, IsFivePointsAbove));

    IEnumerable<Degradation> Of(
        string measure, Func<Counted, (decimal Low, decimal High)> value, Func<(decimal Low, decimal High), (decimal Low, decimal High), bool?> compare)
    {
        Degradation? last = null;
        foreach (var (hour, counted) in hours)
        {
            var (baseline, current) = (Baseline(hour, value), value(counted));
            if (baseline is not { } known || compare(current, known) is var found && found == false)
                continue;
            var measured = new MeasuredHour(hour, known, current, compare(current, known));
            if (last is not null && last.Hours[^1].Hour == hour - 1)
                last.Hours.Add(measured);
            else
            {
                if (last is not null)
                    yield return last;
                last = new(endpoint, measure, [measured]);
            }
        }

        if (last is not null)
            yield return last;
    }

    // The same hour of the four weeks before; all of the seven days before where that is fewer than two.
    (decimal Low, decimal High)? Baseline(long hour, Func<Counted, (decimal Low, decimal High)> value)
    {
        List<long> same = [.. Enumerable.Range(1, 4).Select(week => hour - (week * Week)).Where(hours.ContainsKey)];
        if (same.Count < 2)
            same = [.. hours.Keys.Where(other => other < hour && other >= hour - Week)];
        var values = same.ConvertAll(other => value(hours[other]));
        return values.Count == 0 ? null : (Median(values.ConvertAll(one => one.Low)), Median(values.ConvertAll(one => one.High)));
    }

    static decimal Median(List<decimal> values)
    {
        values.Sort();
        return (values[(values.Count - 1) / 2] + values[values.Count / 2]) / 2;
    }

    // Percentiles may be read from what approximates them, however few requests an hour has.
    static (decimal Low, decimal High) P95Of(Counted counted)
    {
        var p95 = Estimate.Of(counted.Latencies, 95, exact: false);
        return ((decimal)p95.Low / Estimate.OfMillisecond, (decimal)p95.High / Estimate.OfMillisecond);
    }

    static (decimal Low, decimal High) RateOf(Counted counted) =>
        (100m * counted.ServerErrors / counted.Count, 100m * counted.ServerErrors / counted.Count);

    static bool? IsTwice((decimal Low, decimal High) current, (decimal Low, decimal High) baseline) =>
        current.Low >= 2 * baseline.High ? true : current.High < 2 * baseline.Low ? false : null;

    static bool? IsFivePointsAbove((decimal Low, decimal High) current, (decimal Low, decimal High) baseline) =>
        Math.Abs(current.Low - baseline.Low - 5) < 0.000001m ? null : current.Low >= baseline.Low + 5;
}
