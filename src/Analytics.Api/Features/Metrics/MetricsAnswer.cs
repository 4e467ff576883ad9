using System.Text.Json;
using System.Text.Json.Serialization;
using Analytics.Http;

namespace Analytics.Features.Metrics;

/// <summary>
/// Metrics per calendar bucket and over the whole range, and what each of them is. When comparing also those of the range before,
/// and how far the totals moved.
/// </summary>
/// <param name="Periods">A row a bucket, empty ones too.</param>
/// <param name="Totals">The metrics over the whole range, by slug.</param>
/// <param name="Metrics">What each metric is, by slug.</param>
/// <param name="Previous">The range before, when comparing.</param>
/// <param name="Change">When comparing, by slug: (total - previous) / |previous|, null when the previous total is 0.</param>
public sealed record MetricsAnswer(
    IReadOnlyList<MetricsPeriod> Periods,
    IReadOnlyDictionary<string, ExactNumber> Totals,
    IReadOnlyDictionary<string, MetricDescription> Metrics,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] MetricsOfRange? Previous,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, ExactNumber?>? Change);

/// <summary>The metrics of one range.</summary>
/// <param name="Periods">A row a bucket, empty ones too.</param>
/// <param name="Totals">The metrics over the whole range, by slug.</param>
public sealed record MetricsOfRange(IReadOnlyList<MetricsPeriod> Periods, IReadOnlyDictionary<string, ExactNumber> Totals);

/// <summary>A metric: <c>type</c> is scalar, currency (cents), currency_sub_cent or percentage (a fraction 0..1).</summary>
public sealed record MetricDescription(string Slug, string DisplayName, MetricType Type);

/// <summary>A calendar bucket with a member for each metric. Partial when it is not over yet or cut by the range.</summary>
[JsonConverter(typeof(MetricsPeriodConverter))]
public sealed record MetricsPeriod(DateTimeOffset Timestamp, bool Partial, IReadOnlyDictionary<string, ExactNumber> Values);

/// <summary>Writes a bucket's metrics beside its timestamp; <c>partial</c> only when it is.</summary>
sealed class MetricsPeriodConverter : JsonConverter<MetricsPeriod>
{
    public override MetricsPeriod Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
        throw new NotSupportedException("Periods are only written.");

    public override void Write(Utf8JsonWriter writer, MetricsPeriod value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString("timestamp", Time.Rfc3339.Format(value.Timestamp));
        if (value.Partial)
            writer.WriteBoolean("partial", true);
        foreach (var (slug, number) in value.Values)
        {
            writer.WritePropertyName(slug);
            number.WriteTo(writer);
        }

        writer.WriteEndObject();
    }
}
