using System.Globalization;
using System.Text.Json.Nodes;

namespace Analytics.Tests.Features.Business.Query.Plans;

/// <summary>Random events and requests of a few people, most of them near the edges of quarter hours.</summary>
sealed class PlannedLife(WorkspaceClient workspace, int seed, DateTimeOffset now)
{
    public const int Days = 70;

    public static readonly string[] Names = ["call.made", "file.sent", "service.tick", "name.rare"];
    public static readonly string[] Endpoints = ["GET:/users/:id", "POST:/users", "GET:/files", "DELETE:/files/:id"];
    public static readonly string[] People = ["c0", "c1", "c2", "c3"];
    public static readonly string[] Products = ["p0", "p1", "p2"];
    public static readonly int[] Statuses = [101, 200, 200, 201, 404, 500, 503];
    public static readonly string[] Regions = ["eu", "us"];

    static readonly string[] Costs = ["0", "1.5", "0.000000000001", "12345.678901234567", "2", "\"0.25\"", "1e2"];

    readonly Random random = new(seed);
    readonly Dictionary<string, Guid> registered = [];

    /// <summary>Registers people, whose events name them by one id and by the other.</summary>
    public async Task RegisterAsync(params string[] people)
    {
        foreach (var person in people)
            registered[person] = await workspace.NewCustomerAsync(person);
    }

    public Guid Of(string person) => registered[person];

    public async Task TellAsync(int events, int requests)
    {
        foreach (var batch in Enumerable.Range(0, events).Select(_ => Event()).ToList().Chunk(300))
            await workspace.IngestAsync(batch);
        foreach (var batch in Enumerable.Range(0, requests).Select(_ => Request()).ToList().Chunk(300))
            await workspace.PostAsync("/api/requests/ingest", new JsonObject { ["requests"] = new JsonArray([.. batch]) });
    }

    /// <summary>An instant of the last days: anywhere, on the edge of a quarter hour, or a microsecond before it.</summary>
    public DateTimeOffset Moment()
    {
        var ago = random.NextInt64((long)TimeSpan.FromDays(random.Next(3) == 0 ? 2 : Days).TotalMicroseconds);
        var any = new DateTimeOffset(now.AddMicroseconds(-ago).UtcTicks / 10 * 10, TimeSpan.Zero);
        var edge = new DateTimeOffset(any.UtcTicks / TimeSpan.FromMinutes(15).Ticks * TimeSpan.FromMinutes(15).Ticks, TimeSpan.Zero);
        return random.Next(4) switch { 0 => edge, 1 => edge.AddMicroseconds(-1), _ => any };
    }

    JsonObject Event()
    {
        var metadata = new JsonObject
        {
            ["n"] = JsonNode.Parse(Pick(["1", "1.0", "-2.5", "0", "\"5\"", "null", "1e3"])), ["region"] = Pick(Regions), ["text"] = Pick(["a", "b", "B"]),
            ["product_id"] = Pick(Products),
        };
        if (random.Next(3) > 0)
            metadata["_cost"] = new JsonObject { ["amount"] = JsonNode.Parse(Pick(Costs)), ["currency"] = "usd" };
        var person = Pick(People);
        var id = registered.TryGetValue(person, out var known) && random.Next(2) == 0 ? known : (Guid?)null;
        return Some.Event(Pick(Names), Moment(), Some.ExternalId, person, id, metadata: metadata);
    }

    JsonObject Request()
    {
        var (endpoint, person, status) = (Pick(Endpoints).Split(':', 2), random.Next(5) == 0 ? null : Pick(People), Pick(Statuses));
        return new JsonObject
        {
            ["method"] = endpoint[0], ["route"] = endpoint[1], ["path"] = "/somewhere", ["statusCode"] = status,
            ["latencyMs"] = JsonNode.Parse(Pick(["0", "0.5", "12.125", "999.999", "1000.001", $"{random.Next(1, 100_000) / 1000m}"])),
            ["requestSize"] = random.Next(3) * 1_000, ["responseSize"] = random.NextInt64(1L << 40), ["customerId"] = person,
            ["productId"] = random.Next(3) == 0 ? null : Pick(Products), ["timestamp"] = Moment().UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
        };
    }

    T Pick<T>(T[] from) => from[random.Next(from.Length)];
}
