using System.Text.Json;
using Analytics.Commands.Demo.Life;

namespace Analytics.Tests.Commands.Demo;

/// <summary>The demo's life follows from the day and from when its workspace was opened, and has something to look at on any day.</summary>
public sealed class StoryTests
{
    static readonly DateOnly Opened = new(2026, 11, 28);
    static readonly DateTimeOffset Now = new(2026, 11, 28, 12, 34, 56, TimeSpan.Zero);
    static readonly DateTimeOffset Start = Rhythm.At(Opened.AddDays(1 - Story.Days), 0);

    // The ids and times of all facts up to now, by parts.
    static readonly Lazy<Dictionary<string, List<(string Id, DateTimeOffset At)>>> Whole = new(
        () => new Story(Opened).Parts.ToDictionary(part => part.Name, part => Facts(part, Start, Now)));

    [Fact]
    public void A_day_is_the_same_whenever_it_is_made_up()
    {
        foreach (var (one, other) in Lines(new Story(Opened)).Zip(Lines(new Story(Opened))))
            foreach (var daysAgo in (int[])[0, 1, 33, 34, 35, 36, 89]) // clocks were changed 34 days ago
                Assert.Equal(Text(one.OfDay(Opened.AddDays(-daysAgo))), Text(other.OfDay(Opened.AddDays(-daysAgo))));
    }

    [Fact]
    public void Every_fact_has_an_id_of_its_own_and_lies_between_the_first_day_and_now()
    {
        foreach (var (name, facts) in Whole.Value)
        {
            Assert.True(facts.Count > 10_000, $"There are {facts.Count} {name}.");
            Assert.Equal(facts.Count, facts.Select(fact => fact.Id).Distinct(StringComparer.Ordinal).Count());
            Assert.All(facts, fact => Assert.InRange(fact.At, Start, Now.AddTicks(-1)));
        }
    }

    [Fact]
    public void What_happens_in_stretches_is_what_happens_in_one()
    {
        foreach (var part in new Story(Opened).Parts)
        {
            DateTimeOffset[] cuts = [Start, Now.AddDays(-11.3), Now.AddDays(-3.7), Now.AddDays(-3.6), Now.AddHours(-1), Now];
            var whole = Whole.Value[part.Name].Select(fact => fact.Id).Order(StringComparer.Ordinal);
            var pieces = cuts.Zip(cuts.Skip(1)).SelectMany(cut => Facts(part, cut.First, cut.Second)).Select(fact => fact.Id);

            Assert.Equal(whole, pieces.Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public void The_product_grows_rests_at_night_and_on_weekends_and_has_a_launch()
    {
        var times = Whole.Value["requests"].ConvertAll(fact => fact.At);
        var days = times.CountBy(Rhythm.DayOf).ToDictionary();
        var (month, before) = (Between(times, 30, 0), Between(times, 60, 30));
        var busiest = days.MaxBy(day => day.Value).Key;

        Assert.InRange((double)month / before, 1.05, 1.5);
        Assert.InRange(busiest, Opened.AddDays(-25), Opened.AddDays(-20));
        Assert.True(days[new(2026, 11, 22)] < days[new(2026, 11, 25)] / 2, "A Sunday is as busy as a Wednesday.");
        Assert.True(times.Count(at => at.Hour == 2) < times.Count(at => at.Hour == 9) / 5, "Nights are as busy as mornings.");
    }

    [Fact]
    public void On_the_day_of_opening_whichever_it_is_some_customer_does_less_and_less() => Assert.All(
        Enumerable.Range(0, 100).Select(day => Opened.AddDays(day)),
        opened => Assert.NotEmpty(new Weeks(new Story(opened)).Declining(opened)));

    [Fact]
    public void Later_too_some_customer_does_less_and_less_on_nearly_every_day_and_never_one_of_the_largest()
    {
        var weeks = new Weeks(new Story(Opened));
        var declining = Enumerable.Range(0, 168).Select(day => weeks.Declining(Opened.AddDays(day))).ToList();

        Assert.InRange(declining.Count(customers => customers.Count > 0), 160, 168);
        Assert.DoesNotContain(declining, customers => customers.Contains("acme") || customers.Contains("globex"));
    }

    [Fact]
    public void A_second_of_the_pulse_is_the_same_whoever_makes_it_up_and_a_minute_has_some_two_facts_a_second()
    {
        var seconds = Enumerable.Range(0, 600).Select(second => Now.AddSeconds(second)).ToList();
        var all = seconds.ConvertAll(second => Pulse.Of(second).Facts);

        Assert.Equal(JsonSerializer.Serialize(all), JsonSerializer.Serialize(seconds.ConvertAll(second => Pulse.Of(second).Facts)));
        Assert.Equal(["events", "requests"], seconds.Select(second => Pulse.Of(second).Part).Distinct().Order(StringComparer.Ordinal));
        Assert.InRange(all.Sum(facts => facts.Length) / 600.0, 1, 2);
        Assert.All(seconds.Zip(all), at => Assert.All(
            at.Second, fact => Assert.InRange(Json(fact).GetProperty("timestamp").GetDateTimeOffset(), at.First.AddSeconds(-6), at.First)));
    }

    static List<(string Id, DateTimeOffset At)> Facts(Part part, DateTimeOffset from, DateTimeOffset to) =>
        [.. part.Between(from, to).SelectMany(day => day.Facts).Select(Json).Select(fact => (IdOf(fact), TimeOf(fact)))];

    static IEnumerable<Line> Lines(Story story) => story.Parts.SelectMany(part => part.Lines);

    static int Between(List<DateTimeOffset> times, int first, int last) =>
        times.Count(at => at >= Now.AddDays(-first) && at < Now.AddDays(-last));

    // A device has no id of its own: it is one however often it is told of.
    internal static string IdOf(JsonElement fact) =>
        (fact.TryGetProperty("external_id", out var id) || fact.TryGetProperty("requestId", out id) || fact.TryGetProperty("externalId", out id)
            ? id.GetString()
            : $"{fact.GetProperty("deviceId")} {TimeOf(fact):o}")!;

    static DateTimeOffset TimeOf(JsonElement fact) =>
        (fact.TryGetProperty("timestamp", out var at) ? at : fact.GetProperty("startedAt")).GetDateTimeOffset();

    static string Text(IEnumerable<Fact> facts) => JsonSerializer.Serialize(facts);

    static JsonElement Json(object body) => JsonSerializer.SerializeToElement(body);

    /// <summary>How many events customers have in weeks; each day is made up once.</summary>
    sealed class Weeks(Story story)
    {
        readonly Dictionary<DateOnly, Dictionary<string, int>> days = [];

        /// <summary>By the contract's rule: at least 10 events in a week, and at most half of them in the next.</summary>
        public List<string> Declining(DateOnly day)
        {
            var (last, before) = (Week(day), Week(day.AddDays(-7)));
            return [.. from week in before where week.Value >= 10 && last.GetValueOrDefault(week.Key) <= week.Value / 2 select week.Key];
        }

        Dictionary<string, int> Week(DateOnly last) => Enumerable.Range(0, 7).SelectMany(ago => Day(last.AddDays(-ago)))
            .AggregateBy(customer => customer.Key, 0, (sum, customer) => sum + customer.Value).ToDictionary();

        Dictionary<string, int> Day(DateOnly day) => days.TryGetValue(day, out var known) ? known : days[day] =
            story.Parts[0].Lines[0].OfDay(day).Select(CustomerOf).Where(customer => customer.Length > 0)
                .CountBy(customer => customer).ToDictionary();

        // All else that is in a fact need not be written for it.
        static string CustomerOf(Fact fact) => fact.Body.GetType().GetProperty("external_customer_id")!.GetValue(fact.Body) as string ?? "";
    }
}
