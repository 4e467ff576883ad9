namespace Analytics.Commands.Demo;

/// <summary>
/// The same product's API, call by call: busy by day, quiet by night and on weekends. Searches took several times as long last Tuesday
/// from 14:00 to 16:00, exports are slow whenever it is 14:00, and the largest customers make most of the calls. All times are UTC.
/// </summary>
sealed class DemoRequests(DateOnly today)
{
    const int Seed = 30_000;

    /// <summary>Calls of an hour at noon, the usual latency in milliseconds, and of a thousand calls those that fail.</summary>
    sealed record Endpoint(string Method, string Route, int AnHour, double Latency, int NotFound, int Failed, int Bytes);

    static readonly Endpoint Search = new("GET", "/api/search", 95, 110, 2, 2, 6_000);
    static readonly Endpoint Export = new("POST", "/api/export", 6, 380, 0, 8, 250_000);

    static readonly Endpoint[] Endpoints =
    [
        Search, Export,
        new("GET", "/api/files", 40, 28, 0, 1, 14_000),
        new("GET", "/api/files/{id}", 60, 18, 25, 1, 2_400),
        new("POST", "/api/files", 14, 140, 8, 3, 600),
        new("DELETE", "/api/files/{id}", 4, 35, 40, 1, 0),
        new("GET", "/api/shares/{id}", 32, 22, 60, 1, 1_800),
        new("POST", "/api/shares", 9, 60, 5, 2, 900),
        new("POST", "/api/assistant/questions", 12, 900, 3, 12, 3_500),
        new("POST", "/2fa/verify", 5, 45, 120, 0, 80),
        new("GET", "/health", 20, 2, 0, 0, 15),
    ];

    static readonly string[] Agents =
    [
        "acme-sdk/2.4 (python 3.12)", "okhttp/4.12.0", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/131.0 Safari/537.36",
        "curl/8.9.1",
    ];

    /// <summary>The calls of one day, oldest first; none of them lies in the future.</summary>
    public IEnumerable<object> RequestsOf(int daysAgo, DateTimeOffset now)
    {
        var day = today.AddDays(-daysAgo);
        var random = new Random(Seed + day.DayNumber);
        var quiet = day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? 0.4 : 1.0;
        var requests = new List<(DateTimeOffset At, object Request)>();
        foreach (var endpoint in Endpoints)
            for (var hour = 0; hour < 24; hour++)
                for (var call = (int)(endpoint.AnHour * quiet * OfHour(hour) * (0.85 + (0.3 * random.NextDouble()))); call > 0; call--)
                {
                    var at = new DateTimeOffset(day, new TimeOnly(hour, 0), TimeSpan.Zero).AddHours(random.NextDouble());
                    requests.Add((at, Request(endpoint, at, $"{day:yyyyMMdd}-{requests.Count}", random)));
                }

        return requests.Where(request => request.At < now).OrderBy(request => request.At).Select(request => request.Request);
    }

    object Request(Endpoint endpoint, DateTimeOffset at, string key, Random random)
    {
        var customer = CustomerOf(random);
        var chance = random.Next(1_000);
        var failed = chance < endpoint.Failed;
        var refused = !failed && chance < endpoint.Failed + endpoint.NotFound;
        var status = failed ? 503 : !refused ? Fine(endpoint) : endpoint.Route.Contains('{') ? 404 : 422;
        return new
        {
            method = endpoint.Method,
            path = endpoint.Route.Replace("{id}", $"{random.Next(10_000, 99_999)}", StringComparison.Ordinal),
            route = endpoint.Route,
            statusCode = status,
            latencyMs = Math.Round(endpoint.Latency * SlowedBy(endpoint, at) * Math.Exp(0.45 * Normal(random)), 3),
            customerId = endpoint.Route == "/health" ? null : customer,
            apiKeyId = endpoint.Route == "/health" ? null : $"key-{customer}",
            requestSize = endpoint.Method == "POST" ? 200 + random.Next(2_000) : 0,
            responseSize = status < 300 ? (int)(endpoint.Bytes * (0.5 + random.NextDouble())) : 120,
            userAgent = Agents[random.Next(Agents.Length)],
            ip = $"203.0.113.{random.Next(1, 255)}",
            timestamp = at,
            requestId = $"demo-{key}",
        };
    }

    double SlowedBy(Endpoint endpoint, DateTimeOffset at) =>
        endpoint == Search && at.Hour is (14 or 15) && DateOnly.FromDateTime(at.UtcDateTime) == LastTuesday ? 6
        : endpoint == Export && at.Hour == 14 ? 5
        : 1;

    DateOnly LastTuesday => today.AddDays(-1 - (((int)today.DayOfWeek - (int)DayOfWeek.Tuesday + 6) % 7));

    static int Fine(Endpoint endpoint) => endpoint.Method switch
    {
        "DELETE" => 204,
        "POST" when endpoint.Route is "/api/files" or "/api/shares" => 201,
        _ => 200,
    };

    // The largest makes nearly half of the calls.
    static string CustomerOf(Random random) =>
        DemoLife.Customers[(int)(DemoLife.Customers.Length * Math.Pow(random.NextDouble(), 3))].ExternalId;

    static double OfHour(int hour) => hour is >= 8 and < 20 ? 1 : 0.12;

    static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
