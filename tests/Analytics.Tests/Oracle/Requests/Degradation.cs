using NodaTime;

namespace Analytics.Tests.Oracle.Requests;

/// <summary>Between which bounds an answer may be.</summary>
readonly record struct Bounds(decimal Low, decimal High);

/// <summary>An endpoint's hour by a measure, beside its baseline; whether it is degraded is null when the bounds do not tell.</summary>
sealed record MeasuredHour(long Hour, Bounds Baseline, Bounds Current, bool? IsDegraded);

/// <summary>Consecutive degraded hours of an endpoint by a measure; certain unless what percentiles may be off decides.</summary>
sealed record Degradation(string Endpoint, string Measure, List<MeasuredHour> Hours)
{
    public bool IsCertain => Hours.TrueForAll(hour => hour.IsDegraded == true);

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

    IEnumerable<Degradation> Of(string measure, Func<Counted, Bounds> value, Func<Bounds, Bounds, bool?> compare)
    {
        Degradation? last = null;
        foreach (var (hour, counted) in hours)
        {
            var current = value(counted);
            if (Baseline(hour, value) is not { } baseline || compare(current, baseline) == false)
                continue;
            var measured = new MeasuredHour(hour, baseline, current, compare(current, baseline));
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
    Bounds? Baseline(long hour, Func<Counted, Bounds> value)
    {
        List<long> same = [.. Enumerable.Range(1, 4).Select(week => hour - (week * Week)).Where(hours.ContainsKey)];
        if (same.Count < 2)
            same = [.. hours.Keys.Where(other => other < hour && other >= hour - Week)];
        var values = same.ConvertAll(other => value(hours[other]));
        return values.Count == 0 ? null : new(Median(values.ConvertAll(one => one.Low)), Median(values.ConvertAll(one => one.High)));
    }

    static decimal Median(List<decimal> values)
    {
        values.Sort();
        return (values[(values.Count - 1) / 2] + values[values.Count / 2]) / 2;
    }

    // Percentiles may be read from what approximates them, however few requests an hour has.
    static Bounds P95Of(Counted counted)
    {
        var p95 = Estimate.Of(counted.Latencies, 95, exact: false);
        return new((decimal)p95.Low / Estimate.OfMillisecond, (decimal)p95.High / Estimate.OfMillisecond);
    }

    static Bounds RateOf(Counted counted) => new(100m * counted.ServerErrors / counted.Count, 100m * counted.ServerErrors / counted.Count);

    static bool? IsTwice(Bounds current, Bounds baseline) =>
        current.Low >= 2 * baseline.High ? true : current.High < 2 * baseline.Low ? false : null;

    static bool? IsFivePointsAbove(Bounds current, Bounds baseline) =>
        Math.Abs(current.Low - baseline.Low - 5) < 0.000001m ? null : current.Low >= baseline.Low + 5;
}
