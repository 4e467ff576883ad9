using System.Text.Json;
using NodaTime;
using NodaTime.Text;

namespace Analytics.Tests.Oracle.Metrics;

/// <summary>A few events of March 2026, written by hand, for asking the model what it makes of them. Later ones have larger ids.</summary>
sealed class MetricsScene
{
    readonly Dictionary<string, string> ids = [];

    public World World { get; } = new();

    /// <summary>What is asked; the whole month unless set.</summary>
    public MetricsQuestion Question { get; init; } = new("UTC", "month", new(2026, 3, 1), new(2026, 3, 31));

    /// <summary>The instant at which everything is asked.</summary>
    public Instant Now { get; init; } = At("31T00:00");

    /// <summary>An event at <c>dayThh:mm</c> of March, with metadata as JSON without its braces.</summary>
    public MetricsScene Add(string name, string at, string metadata, string? person = null)
    {
        var told = new ToldEvent($"e{ids.Count}", name, At(at).ToDateTimeOffset()) { Metadata = $"{{{metadata}}}", ExternalCustomerId = person };
        return Add(told);
    }

    public MetricsScene Add(ToldEvent told)
    {
        ids.Add(told.ExternalId, $"{ids.Count:d8}");
        World.Tell(told);
        return this;
    }

    public MetricsScene Share(string at, string id = "s", string more = "", string? person = null) =>
        Add(ReadEvent.Created, at, $"\"share_id\":\"{id}\"{more}", person);

    /// <summary>A metric's total, as text.</summary>
    public string Total(string slug)
    {
        var buckets = Question.Buckets();
        return Value(slug, buckets[0].From, buckets[^1].To);
    }

    /// <summary>A metric's value in each bucket.</summary>
    public string[] Periods(string slug) => [.. Question.Buckets().Select(bucket => Value(slug, bucket.From, bucket.To))];

    /// <summary>What an answer says that the model does not.</summary>
    public List<string> Differences(string answer) => MetricsComparison.Differences(Question, Choose(), Now, JsonElement.Parse(answer));

    public static Instant At(string at) =>
        LocalDateTimePattern.CreateWithInvariantCulture("yyyy-MM-ddTHH:mm").Parse($"2026-03-{at}").Value.InUtc().ToInstant();

    string Value(string slug, Instant from, Instant to) => Units.Show(KnownMetrics.All[slug].Value(new MetricsWindow(Choose(), from, to, Now)));

    Chosen Choose() => Question.Choose(World, new Ledger(World, told => ids[told.ExternalId]));
}
