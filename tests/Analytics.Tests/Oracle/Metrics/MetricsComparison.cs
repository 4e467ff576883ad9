using System.Numerics;
using System.Text.Json;
using NodaTime;
using NodaTime.Text;

namespace Analytics.Tests.Oracle.Metrics;

/// <summary>An answer beside what the model says at an instant.</summary>
sealed class MetricsComparison
{
    readonly List<string> differences = [];
    readonly MetricsQuestion question;
    readonly Chosen chosen;
    readonly Instant now;

    MetricsComparison(MetricsQuestion question, Chosen chosen, Instant now) => (this.question, this.chosen, this.now) = (question, chosen, now);

    public static List<string> Differences(MetricsQuestion question, Chosen chosen, Instant now, JsonElement answer)
    {
        var comparison = new MetricsComparison(question, chosen, now);
        comparison.CompareCatalogue(answer.GetProperty("metrics"));
        var totals = comparison.CompareRange(question.Buckets(), answer, "");
        if (question.Compare is null)
            comparison.Same("no previous", false, answer.TryGetProperty("previous", out _) || answer.TryGetProperty("change", out _));
        else
            comparison.CompareChange(totals, comparison.CompareRange(question.PreviousBuckets(), answer.GetProperty("previous"), "previous "), answer);
        return comparison.differences;
    }

    void CompareCatalogue(JsonElement metrics)
    {
        SameMembers("metrics", question.Answered, metrics);
        foreach (var metric in metrics.EnumerateObject().Where(metric => KnownMetrics.All.ContainsKey(metric.Name)))
        {
            Same($"slug of {metric.Name}", metric.Name, metric.Value.GetProperty("slug").GetString());
            Same($"type of {metric.Name}", KnownMetrics.All[metric.Name].Type, metric.Value.GetProperty("type").GetString());
            Same($"{metric.Name} has a display name", true, metric.Value.GetProperty("display_name").GetString() is { Length: > 0 });
        }
    }

    /// <summary>Compares periods and totals, and returns the totals as they should be.</summary>
    Dictionary<string, BigInteger> CompareRange(List<CalendarBucket> buckets, JsonElement answer, string of)
    {
        var periods = answer.GetProperty("periods").EnumerateArray().ToList();
        Same($"{of}number of periods", buckets.Count, periods.Count);
        foreach (var (bucket, period) in buckets.Zip(periods))
        {
            var at = $"{of}period {bucket.Start}";
            Same($"{at} timestamp", bucket.Start, OffsetDateTimePattern.Rfc3339.Parse(period.GetProperty("timestamp").GetString()!).Value.ToInstant());
            Same($"{at} partial", bucket.IsPartial(now), period.TryGetProperty("partial", out var partial) && partial.GetBoolean());
            SameMembers(at, question.Answered, period, "timestamp", "partial");
            CompareValues(new MetricsWindow(chosen, bucket.From, bucket.To, now), period, at);
        }

        var totals = answer.GetProperty("totals");
        SameMembers($"{of}totals", question.Answered, totals);
        return CompareValues(new MetricsWindow(chosen, buckets[0].From, buckets[^1].To, now), totals, $"{of}totals");
    }

    Dictionary<string, BigInteger> CompareValues(MetricsWindow window, JsonElement row, string at)
    {
        var expected = question.Answered.ToDictionary(slug => slug, slug => KnownMetrics.All[slug].Value(window));
        foreach (var (slug, value) in expected)
            CompareNumber($"{at} {slug}", value, row, slug);
        return expected;
    }

    void CompareChange(Dictionary<string, BigInteger> totals, Dictionary<string, BigInteger> previous, JsonElement answer)
    {
        var change = answer.GetProperty("change");
        SameMembers("change", question.Answered, change);
        foreach (var slug in question.Answered)
            CompareNumber($"change of {slug}", Quotient.Change(totals[slug], previous[slug]), change, slug);
    }

    void CompareNumber(string what, BigInteger? expected, JsonElement row, string member)
    {
        if (!row.TryGetProperty(member, out var value))
            return;
        var answered = value.ValueKind == JsonValueKind.Number ? Units.OfNumber(value.GetRawText()) : null;
        if (answered != expected || value.ValueKind is not (JsonValueKind.Number or JsonValueKind.Null))
            differences.Add($"{what}: expected {(expected is { } units ? Units.Show(units) : "null")}, got {value.GetRawText()}");
    }

    void SameMembers(string what, IEnumerable<string> expected, JsonElement row, params string[] besides) => Same(
        $"{what} members",
        string.Join(' ', expected.Order(StringComparer.Ordinal)),
        string.Join(' ', row.EnumerateObject().Select(member => member.Name).Except(besides).Order(StringComparer.Ordinal)));

    void Same<T>(string what, T expected, T answered)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, answered))
            differences.Add($"{what}: expected {expected}, got {answered}");
    }
}
