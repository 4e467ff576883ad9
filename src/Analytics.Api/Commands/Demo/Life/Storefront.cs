using System.Globalization;

namespace Analytics.Commands.Demo.Life;

/// <summary>Who looks at what the product offers, from a first visit to a first call of its API: most leave at the prices.</summary>
sealed class Storefront(Rhythm rhythm)
{
    /// <summary>A step, of how many in a hundred it is the next one, and within how many hours.</summary>
    sealed record Step(string Name, int Taken, double Hours);

    const int Seed = 60_000;
    const double VisitorsOfADay = 38;

    static readonly Step[] Steps =
    [
        new("product_view", 78, 0.1), new("pricing_view", 74, 0.2), new("signup", 16, 20), new("subscription", 46, 30),
        new("first_api_call", 81, 20),
    ];

    static readonly string[] Sources = ["search", "search", "search", "direct", "direct", "newsletter", "docs"];

    public void Add(EventList events, DateOnly day)
    {
        var random = new Random(Seed + day.DayNumber);
        var visitors = (int)(VisitorsOfADay * rhythm.Business(day) * (0.85 + (0.3 * random.NextDouble())));
        for (var number = 0; number < visitors; number++)
            Visit(events, string.Create(CultureInfo.InvariantCulture, $"visitor-{day:yyyyMMdd}-{number}"), day, random);
    }

    static void Visit(EventList events, string visitor, DateOnly day, Random random)
    {
        var at = Rhythm.At(day, Rhythm.SomeHour(random));
        var (source, product) = (EventList.One(Sources, random), EventList.One(Products.All, random));
        var about = new { visitor_id = visitor, source, product_id = product.Key };
        events.Add("storefront.visit", null, $"{visitor}-visit", at, about);
        foreach (var step in Steps.TakeWhile(step => random.Next(100) < step.Taken))
        {
            at = at.AddHours(step.Hours * random.NextDouble());
            events.Add($"storefront.{step.Name}", null, $"{visitor}-{step.Name}", at, about);
        }
    }
}
