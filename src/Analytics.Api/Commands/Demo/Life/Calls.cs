using System.Globalization;

namespace Analytics.Commands.Demo.Life;

/// <summary>A call of the product's API: what is told of it, and what else is told because of it.</summary>
sealed record Call(Fact Fact, Endpoint Endpoint, string Key, string? ApiKey, int Status);

/// <summary>The calls of the product's API, one by one. The largest customers make most of them.</summary>
sealed class Calls(Rhythm rhythm)
{
    const int Seed = 30_000;
    const double SpreadOfLatencies = 0.45;

    static readonly string[] Agents =
    [
        "acme-sdk/2.4 (python 3.12)", "okhttp/4.12.0", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/131.0 Safari/537.36",
        "curl/8.9.1",
    ];

    public IEnumerable<Call> Of(DateOnly day)
    {
        var random = new Random(Seed + day.DayNumber);
        var (business, number) = (rhythm.Business(day), 0);
        for (var hour = 0; hour < 24; hour++)
        {
            var start = Rhythm.At(day, hour);
            foreach (var endpoint in Endpoints.All)
            {
                var slowness = Endpoints.Slowness(endpoint, rhythm, day, hour);
                var calls = endpoint.AnHour * business * Endpoints.Rush(endpoint, hour) * (0.9 + (0.2 * random.NextDouble()));
                for (var left = (int)(calls + random.NextDouble()); left > 0; left--)
                {
                    var key = string.Create(CultureInfo.InvariantCulture, $"demo-{day:yyyyMMdd}-{number++}");
                    yield return One(endpoint, start.AddHours(random.NextDouble()), key, slowness, random);
                }
            }
        }
    }

    /// <summary>A call of an endpoint.</summary>
    public static Call One(Endpoint endpoint, DateTimeOffset at, string key, double slowness, Random random)
    {
        var customer = random.Next(100) < endpoint.Anonymous ? null : SomeCustomer(random).ExternalId;
        var status = Status(endpoint, random.Next(1_000));
        var apiKey = customer is null ? null : $"key-{customer}";
        var fact = new Fact(at, new
        {
            method = endpoint.Method,
            path = endpoint.Route.Replace("{id}", $"{random.Next(10_000, 99_999)}", StringComparison.Ordinal),
            route = endpoint.Route,
            statusCode = status,
            latencyMs = Math.Round(endpoint.Latency * slowness * Math.Exp(SpreadOfLatencies * Normal(random)), 3),
            customerId = customer,
            productId = endpoint.Product.Key,
            apiKeyId = apiKey,
            requestSize = endpoint.Method == "POST" ? 200 + random.Next(2_000) : 0,
            responseSize = status < 300 ? (int)(endpoint.Bytes * (0.5 + random.NextDouble())) : 120,
            userAgent = EventList.One(Agents, random),
            ip = $"203.0.113.{random.Next(1, 255)}",
            timestamp = at,
            requestId = key,
        });
        return new(fact, endpoint, key, apiKey, status);
    }

    static int Status(Endpoint endpoint, int chance)
    {
        if (chance < endpoint.Failed)
            return 503;
        if (chance < endpoint.Failed + endpoint.Refused)
            return endpoint.Route.Contains("login", StringComparison.Ordinal) ? 401 : endpoint.Route.Contains('{') ? 404 : 422;
        return endpoint.Method switch
        {
            "DELETE" => 204,
            "POST" when endpoint.Route is "/api/files" or "/api/shares" => 201,
            _ => 200,
        };
    }

    // The first of them makes a quarter of the calls.
    static Customer SomeCustomer(Random random) => Customers.All[(int)(Customers.All.Length * Math.Pow(random.NextDouble(), 2))];

    static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
