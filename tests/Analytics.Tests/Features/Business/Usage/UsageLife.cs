using System.Globalization;
using System.Text.Json.Nodes;

namespace Analytics.Tests.Features.Business.Usage;

/// <summary>Random events, units and products, and what was told of them so far.</summary>
sealed class UsageLife(WorkspaceClient workspace, int seed, DateTimeOffset now)
{
    public const int Days = 75;
    static readonly string[] Aggregations = ["COUNT", "SUM", "UNIQUE", "MAX", "AVG", "PERCENTILE_95"];
    static readonly string[] Operators = ["EQUALS", "NOT_EQUALS", "GREATER_THAN", "LESS_THAN", "CONTAINS", "NOT_CONTAINS", "IN", "NOT_IN"];
    static readonly string[] Names = ["call.made", "call.made", "call.made", "file.sent", "service.tick"];
    static readonly string[] Values =
    [
        "0", "1", "1.0", "1e0", "2.5", "-3", "1e2", "100", "0.001", "-0.5", "7", "12345678901", "\"1\"", "\"alpha\"", "\"Alpha\"", "\"al\"", "\"\"", "true", "false",
        "null", "[1]", "{\"x\":4}", "\"\\u0061lpha\"", "\"l\\\"p\"",
    ];

    static readonly string[] Fields = ["n", "text", "deep.x", "deep.more.y", "odd.key", "missing"];

    readonly Random random = new(seed);

    public List<ToldUse> Uses { get; } = [];
    public List<ToldUnit> Units { get; } = [];
    public Dictionary<string, string> Types { get; } = [];
    public List<(DateTimeOffset At, string? Product)> Requests { get; } = [];

    /// <summary>Customers by external id; null is one that nobody has registered.</summary>
    public Dictionary<string, Guid?> Customers { get; } = new() { ["c0"] = null, ["c1"] = null, ["c2"] = null, ["c3"] = null };

    public async Task RegisterAsync(params string[] customers)
    {
        foreach (var customer in customers)
            Customers[customer] = await workspace.NewCustomerAsync(customer, $"Name of {customer}");
    }

    public async Task MakeProductAsync(string key, string type)
    {
        await workspace.PostAsync("/api/v1/products", new { key, name = $"Name of {key}", type }, 201);
        Types[key] = type;
    }

    /// <summary>A unit of every aggregation with every operator, and some without a filter or with a product type.</summary>
    public async Task MakeUnitsAsync(string prefix, int step)
    {
        for (var number = random.Next(step); number < 7 * 9; number += step)
        {
            var (aggregation, word) = (Aggregations[number % Aggregations.Length], Operators.ElementAtOrDefault(number / 7));
            var unit = new ToldUnit(
                $"{prefix}{number:00}", aggregation, Names[random.Next(Names.Length)], aggregation == "COUNT" ? null : Fields[random.Next(5)],
                random.Next(4) == 0 ? random.Next(2) == 0 ? "API" : "AI_AGENT" : null,
                word is null ? [] : [.. Enumerable.Range(0, random.Next(1, 3)).Select(at => Filter(at == 0 ? word : Operators[random.Next(8)]))]);
            await MakeAsync(unit);
        }
    }

    public async Task MakeAsync(ToldUnit unit)
    {
        await workspace.PostAsync("/api/v1/billable-units", unit.Body, 201);
        Units.Add(unit);
    }

    /// <summary>Sends so many events, some of them twice.</summary>
    public async Task TellAsync(int events)
    {
        var sent = new List<JsonObject>();
        for (var number = 0; number < events; number++)
        {
            var use = Use();
            var id = Customers.GetValueOrDefault(use.Customer ?? "") is { } customer && random.Next(2) == 0 ? customer : (Guid?)null;
            sent.Add(Some.Event(use.Name, use.At, Some.ExternalId, use.Customer, id, metadata: use.Metadata));
            Uses.Add(use);
            if (random.Next(10) == 0)
                sent.Add((JsonObject)sent[random.Next(sent.Count)].DeepClone());
        }

        foreach (var batch in sent.Chunk(300))
            await workspace.IngestAsync(batch);
    }

    /// <summary>Sends invoices, some of them twice, payments of which some are refunded, and failed ones.</summary>
    public async Task TellMoneyAsync(int count)
    {
        var sent = new List<ToldUse>();
        for (var number = 0; number < count; number++)
        {
            var (at, customer, id, cents) = (Recent(), $"c{random.Next(4)}", Guid.NewGuid().ToString(), random.Next(100_000));
            sent.Add(Money("payment.completed", at, customer, "payment_id", id, cents));
            if (random.Next(3) == 0)
                sent.Add(Money("payment.refunded", at.AddDays(random.Next(3)), customer, "payment_id", id, cents / 3));
            if (random.Next(4) == 0)
                sent.Add(Money("payment.failed", Recent(), customer, "payment_id", Guid.NewGuid().ToString(), cents));
            sent.Add(Money("invoice.created", Recent(), customer, "invoice_id", id, cents));
            if (random.Next(3) == 0)
                sent.Add(Money("invoice.created", Recent(), $"c{random.Next(4)}", "invoice_id", id, cents + 1));
        }

        sent.RemoveAll(use => use.At > now);
        Uses.AddRange(sent);
        foreach (var batch in sent.OrderBy(_ => random.Next()).Chunk(40))
            await workspace.IngestAsync(batch.Select(use => Some.Event(use.Name, use.At, Some.ExternalId, use.Customer, metadata: use.Metadata)));
    }

    /// <summary>Sends API requests, most of which name a product.</summary>
    public async Task TellRequestsAsync(int count)
    {
        var sent = new JsonArray();
        for (var number = 0; number < count; number++)
        {
            var (at, product) = (Recent(), random.Next(4) == 0 ? null : $"p{random.Next(3, 7)}");
            Requests.Add((at, product));
            sent.Add(new JsonObject
            {
                ["method"] = "GET", ["path"] = "/", ["statusCode"] = 200, ["latencyMs"] = 1, ["productId"] = product,
                ["timestamp"] = at.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
            });
        }

        await workspace.PostAsync("/api/requests/ingest", new JsonObject { ["requests"] = sent });
    }

    DateTimeOffset Recent() => now.AddMicroseconds(-random.NextInt64((long)TimeSpan.FromDays(Days).TotalMicroseconds));

    static ToldUse Money(string name, DateTimeOffset at, string customer, string id, string value, int cents) =>
        new(name, at, customer, new JsonObject { [id] = value, ["amount_cents"] = cents });

    ToldUse Use()
    {
        var name = Names[random.Next(Names.Length)];
        var at = now.AddMicroseconds(-random.NextInt64((long)TimeSpan.FromDays(Days).TotalMicroseconds));
        if (random.Next(4) == 0)
            at = new DateTimeOffset(at.UtcTicks - (at.UtcTicks % TimeSpan.FromMinutes(15).Ticks), TimeSpan.Zero);
        var metadata = new JsonObject();
        void Set(JsonObject into, string key, int oneIn)
        {
            if (random.Next(oneIn) > 0)
                into[key] = JsonNode.Parse(Values[random.Next(Values.Length)]);
        }

        Set(metadata, "n", 8);
        Set(metadata, "text", 6);
        Set(metadata, "odd.key", 3);
        if (random.Next(3) > 0)
        {
            var (deep, more) = (new JsonObject(), new JsonObject());
            Set(deep, "x", 4);
            Set(more, "y", 4);
            deep["more"] = more;
            metadata["deep"] = deep;
        }

        if (random.Next(5) == 0)
            Set(metadata, random.Next(2) == 0 ? "deep.x" : "deep.more.y", 4);
        if (random.Next(3) > 0)
            metadata["product_id"] = random.Next(12) == 0 ? 5 : $"p{random.Next(5)}";
        return new(name, at, name == "service.tick" && random.Next(2) == 0 ? null : $"c{random.Next(4)}", metadata);
    }

    ToldFilter Filter(string word) => new(Fields[random.Next(Fields.Length)], word, word switch
    {
        "GREATER_THAN" or "LESS_THAN" => JsonNode.Parse(((string[])["0", "1", "1.00", "2", "-1e0", "99.5"])[random.Next(6)])!,
        "CONTAINS" or "NOT_CONTAINS" => ((string[])["al", "lph", "A", "\"", ""])[random.Next(5)],
        "IN" or "NOT_IN" => new JsonArray([.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => Scalar())]),
        _ => Scalar(),
    });

    JsonNode Scalar() => JsonNode.Parse(Values[random.Next(19)])!;

    public static string At(DateTimeOffset instant) => Uri.EscapeDataString(instant.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
}
