using System.Text.Json;
using NodaTime;

namespace Analytics.Tests.Oracle.Requests;

sealed record TimeseriesQuestion(RequestsRange Range, string Interval) : RequestsQuestion
{
    public string? Endpoint { get; init; }

    /// <summary>By either id.</summary>
    public string? Customer { get; init; }

    protected override string Route => "timeseries";

    protected override IEnumerable<(string Name, string Value)> Parameters =>
        [.. Range.Parameters, ("interval", Interval), .. Named("endpoint", Endpoint), .. Named("customerId", Customer)];

    protected override void Compare(Asked asked, JsonElement answer, AnswerComparison comparison)
    {
        var (from, to) = Range.At(asked.Now);
        var buckets = Buckets(Range.Zone, Interval, from, to);
        var rows = comparison.Items(answer, "data");
        comparison.Same("number of buckets", buckets.Count, rows.Count);
        var name = Customer is null ? null : asked.World.NameOf(Customer);
        var chosen = asked.Of((from, to))
            .FindAll(request => (Endpoint is null || request.Endpoint == Endpoint) && (name is null || request.Customer == name));
        var exact = new Counted(chosen).Latencies.Length <= Estimate.ExactValues;
        var inside = chosen.ToLookup(request => buckets.FindLastIndex(bucket => bucket.From <= request.At));
        foreach (var (at, (bucket, row)) in buckets.Zip(rows).Index())
            CompareRow(bucket, new(inside[at]), exact, row, asked.Now, comparison);
    }

    /// <summary>Minutes are the same in every zone; the others are those of its calendar.</summary>
    public static List<CalendarBucket> Buckets(string zone, string interval, Instant from, Instant to)
    {
        if (interval != "minute")
            return Calendar.Buckets(zone, interval, from, to);
        var minute = Duration.FromMinutes(1);
        var buckets = new List<CalendarBucket>();
        for (var start = Instant.FromUnixTimeSeconds(from.ToUnixTimeSeconds() / 60 * 60); start < to; start += minute)
            buckets.Add(new(start, Instant.Max(start, from), Instant.Min(start + minute, to), start + minute));
        return buckets;
    }

    static void CompareRow(CalendarBucket bucket, Counted counted, bool exact, JsonElement row, Instant now, AnswerComparison comparison)
    {
        var at = $"{bucket.Start}";
        string[] members = ["timestamp", "count", "errors", "avgLatency", "p50", "p95", "p99", "bytes"];
        comparison.Members(at, row, bucket.IsPartial(now) ? [.. members, "partial"] : members);
        if (bucket.IsPartial(now))
            comparison.Text(at, bool.TrueString, row, "partial");
        comparison.Time(at, bucket.Start, row, "timestamp");
        comparison.Whole(at, counted.Count, row, "count");
        comparison.Whole(at, counted.Errors, row, "errors");
        comparison.Average(at, counted, row, "avgLatency");
        foreach (var p in (int[])[50, 95, 99])
            comparison.Percentile(at, counted, p, exact, row);
        comparison.Whole(at, counted.Bytes, row, "bytes");
    }
}
