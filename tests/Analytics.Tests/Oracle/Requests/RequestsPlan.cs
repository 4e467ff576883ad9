using NodaTime;

namespace Analytics.Tests.Oracle.Requests;

/// <summary>A request that is going to be told, and who makes it; null is nobody.</summary>
sealed record PlannedRequest(ToldRequest Request, int? Person);

/// <summary>Requests being made up: what they are like when nothing else is said.</summary>
sealed class RequestsPlan(Random random, Instant now)
{
    public const int People = 40;

    /// <summary>How paths begin; others end in what tells endpoints apart.</summary>
    static readonly string[] Rooms =
        ["users", "orders", "Orders", "2fa/verify", "3d-models", "decade-facade", "übungen", "a-b_c.d", "x", "search"];

    static readonly string[] Methods = ["GET", "POST", "DELETE"];
    static readonly int[] Statuses = [101, 103, 200, 201, 204, 301, 304, 400, 401, 404, 429, 500, 502, 503, 599];
    static readonly (string Sent, string? Kept)[] Addresses =
    [
        ("203.0.113.77", "203.0.113.0"), ("198.51.100.9:8080, 10.0.0.1", "198.51.100.0"), ("2001:db8:1:2::7", "2001:db8:1::"),
        ("::ffff:192.0.2.200", "192.0.2.0"), ("-", null), ("unknown", null),
    ];

    public List<PlannedRequest> Requests { get; } = [];

    public Random Random => random;

    public Instant Now => now;

    public bool Chance(int percent) => random.Next(100) < percent;

    /// <summary>A request of one of 66 endpoints; those of large numbers have most.</summary>
    public void AddOne(Instant at)
    {
        var endpoint = Math.Max(random.Next(66), random.Next(66));
        var (method, room) = (Methods[endpoint % 3], Rooms[endpoint % Rooms.Length]);
        var path = $"/v{endpoint / 30}/{room}/";
        var request = new ToldRequest(method, $"{path}{Id()}{(endpoint % 2 == 0 ? "/items" : "")}", Status(), Latency(), at);
        Add(endpoint % 4 == 3 ? request with { Route = $"{path}{{{room[0]}Id}}" } : request);
    }

    /// <summary>The request with whatever else may be said of it, by somebody.</summary>
    public void Add(ToldRequest request)
    {
        var address = random.Next(2 * Addresses.Length) is var one && one < Addresses.Length ? Addresses[one] : default;
        var full = request with
        {
            Id = Chance(70) ? $"r{Requests.Count}" : null,
            RequestSize = Size(),
            ResponseSize = Size(),
            Product = Chance(20) ? "search-api" : null,
            ApiKey = Chance(50) ? $"key {random.Next(4)}" : null,
            UserAgent = Chance(50) ? $"agent/{random.Next(200)}" : null,
            Ip = address.Kept,
            SentIp = address.Sent,
            SentPath = random.Next(12) switch
            {
                0 => $"{request.Path}?token=1&page={random.Next(9)}",
                1 => $"https://api.example.com:8443{request.Path}#top",
                2 => request.Path[1..],
                _ => null,
            },
            Method = Chance(10) ? request.Method.ToLowerInvariant() : request.Method,
        };
        Requests.Add(new(full, Chance(15) ? null : Math.Min(random.Next(People), random.Next(People))));
    }

    /// <summary>Microseconds: lognormal about 40 ms, some far out, some nothing at all, some whole numbers that come again.</summary>
    public long Latency() => random.Next(40) switch
    {
        0 => 0,
        1 => 1_000 * random.Next(1, 4),
        2 => 1_500_000,
        3 => (long)(Lognormal(40_000, 1) * 60),
        _ => (long)Lognormal(40_000, 1.2),
    };

    double Lognormal(double median, double sigma)
    {
        var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        return Math.Min(median * Math.Exp(sigma * normal), 9e11);
    }

    long Size() => random.Next(200) switch
    {
        0 => 1L << 53,
        < 40 => 0,
        _ => random.NextInt64(300_000),
    };

    int Status() => Chance(75) ? 200 : Statuses[random.Next(Statuses.Length)];

    string Id() => random.Next(6) switch
    {
        0 => Guid.NewGuid().ToString(),
        1 => Guid.NewGuid().ToString().ToUpperInvariant(),
        2 => "01ARZ3NDEKTSV4RRFFQ69G5FAV",
        3 => "507f1f77bcf86cd799439011",
        _ => $"{random.Next(1_000_000)}",
    };
}
