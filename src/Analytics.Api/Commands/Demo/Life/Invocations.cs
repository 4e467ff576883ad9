namespace Analytics.Commands.Demo.Life;

/// <summary>
/// A server route of an app: how many of a hundred calls are its, the usual milliseconds and megabytes, and of a thousand calls those that
/// fail, with what they say.
/// </summary>
sealed record ServerRoute(string Method, string Path, int Share, double Duration, int Megabytes, int Failed, string Error);

/// <summary>Calls of the server routes of apps.</summary>
sealed class Invocations(Rhythm rhythm)
{
    const int Seed = 45_000;
    const double Spread = 0.5;

    static readonly ServerRoute[] Routes =
    [
        new("GET", "/files", 38, 60, 28, 3, "Timeout: the store did not answer within 5 s"),
        new("GET", "/files/{id}", 30, 35, 24, 2, "Timeout: the store did not answer within 5 s"),
        new("POST", "/uploads", 14, 310, 72, 12, "RangeError: Invalid array buffer length"),
        new("GET", "/search", 13, 180, 46, 5, "SyntaxError: Unterminated string in the query"),
        new("POST", "/reports", 5, 1_900, 118, 60, "Error: the report has more than 100000 rows"),
    ];

    static readonly string?[] Users = ["ada", "bill", "grace", "ines", "kofi", "mai", "noor", "tove", null];

    public IEnumerable<Fact> Of(App app, DateOnly day)
    {
        var random = Apps.RandomOf(app, day, Seed);
        for (var (number, count) = (0, (int)(app.Invocations * rhythm.Business(day))); number < count; number++)
            yield return One(Some(random), Rhythm.At(day, Rhythm.SomeHour(random)), Apps.Key(app, "call", day, number), random);
    }

    static Fact One(ServerRoute route, DateTimeOffset at, string key, Random random)
    {
        var isFailed = random.Next(1_000) < route.Failed;
        return new(at, new
        {
            method = route.Method,
            path = route.Path.Replace("{id}", $"{random.Next(1_000, 9_999)}", StringComparison.Ordinal),
            username = EventList.One(Users, random),
            startedAt = at,
            durationMs = Math.Round(route.Duration * Math.Exp(Spread * ((2 * random.NextDouble()) - 1)) * (isFailed ? 3 : 1), 3),
            statusCode = isFailed ? 500 : route.Method == "POST" ? 201 : random.Next(25) == 0 ? 404 : 200,
            memoryPeakBytes = (long)(route.Megabytes * 1_048_576 * (0.8 + (0.4 * random.NextDouble()))),
            error = isFailed ? route.Error : null,
            externalId = key,
        });
    }

    static ServerRoute Some(Random random)
    {
        var (left, number) = (random.Next(100), 0);
        while (left >= Routes[number].Share)
            left -= Routes[number++].Share;
        return Routes[number];
    }
}
