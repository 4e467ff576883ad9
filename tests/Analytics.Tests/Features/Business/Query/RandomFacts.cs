using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Analytics.Tests.Oracle;

namespace Analytics.Tests.Features.Business.Query;

/// <summary>Events and requests with values of every type, among them those that are nearly another.</summary>
sealed class RandomFacts(Random random)
{
    public static readonly string[] Names = ["api.called", "run", "login.done", "größe.gemessen"];

    public static readonly string[] Paths =
    [
        "plan", "mixed", "n", "big", "fine", "flag", "deep.a", "deep.b.c", "deep.b", "it's", "größe", "name", "customer", "metadata.name", "metadata.customer",
        "_cost.amount", "_llm.total_tokens", "_llm.model", "nowhere", "n.more",
    ];

    public static readonly string[] RequestFields =
        ["endpoint", "method", "statusCode", "latencyMs", "customer", "productId", "apiKeyId", "requestSize", "responseSize"];

    public static readonly string[] Mixed =
    [
        "1", "1.0", "\"1\"", "10e-1", "true", "\"true\"", "false", "null", "[1]", "{\"a\":1}", "\"[1]\"", "\"\"", "\"a\"", "\"A\"", "-0", "0", "1e16", "\"{}\"",
        "1e3", "1000", "\"1000\"", "1e20", "0.0000000000001", "\"-\"", "\"é\\\"\\n\"", "9007199254740993", "9007199254740992", "\"null\"",
    ];

    static readonly string[] Numbers =
    [
        "1", "2.5", "-3", "0", "1e2", "0.1", "0.30", "999999999999999", "1000000000000000", "-1000000000000000", "1000000000000000.000000000001", "1e15", "1.5e3",
        "9007199254740993", "9007199254740992",
    ];

    /// <summary>An event, and how it is told; its customer is one of those that are registered, another, or nobody.</summary>
    public (JsonObject Json, ToldFact Told) Event(IReadOnlyList<(Guid Id, string? ExternalId)> registered)
    {
        var (name, at) = (Pick(Names), RandomMoments.One(random));
        var metadata = Metadata();
        var known = random.Next(3) == 0 ? registered[random.Next(registered.Count)] : ((Guid Id, string? ExternalId)?)null;
        var isNobody = name == "login.done" && random.Next(2) == 0;
        var external = known is { } one ? one.ExternalId ?? one.Id.ToString() : isNobody ? null : $"c{random.Next(6)}";
        var byId = known is { ExternalId: null } || (known is not null && random.Next(2) == 0);
        var json = Some.Event(name, at, Some.ExternalId, byId ? null : external, byId ? known!.Value.Id : null);
        json["metadata"] = JsonNode.Parse(metadata);
        return (json, new ToldFact(at, Stored(metadata), name, external));
    }

    /// <summary>A request, and how it is told.</summary>
    public (JsonObject Json, ToldFact Told) Request()
    {
        var (at, status, method) = (RandomMoments.One(random), (int[])[101, 200, 200, 201, 404, 500, 503], (string[])["GET", "POST"]);
        var said = new JsonObject { ["method"] = Pick(method), ["statusCode"] = status[random.Next(status.Length)] };
        var json = (JsonObject)said.DeepClone();
        json["path"] = Pick(["/alpha", "/beta", "/größe"]);
        json["timestamp"] = at.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
        json["latencyMs"] = random.Next(3) == 0 ? random.Next(3) : random.Next(2_000_000) / 1000m;
        said["endpoint"] = $"{said["method"]}:{json["path"]}";
        (said["requestSize"], said["responseSize"]) = (0, 0);
        foreach (var (member, value) in (ReadOnlySpan<(string, JsonNode)>)
        [
            ("productId", $"p{random.Next(3)}"), ("apiKeyId", $"k{random.Next(3)}"), ("requestSize", random.Next(3)), ("responseSize", random.NextInt64(1L << 40)),
        ])
            if (random.Next(3) > 0)
                (json[member], said[member]) = (value, value.DeepClone());
        var customer = random.Next(3) == 0 ? null : $"c{random.Next(6)}";
        if (customer is not null)
            json["customerId"] = customer;
        if (said["statusCode"]!.GetValue<int>() >= 200)
            said["latencyMs"] = json["latencyMs"]!.DeepClone();
        else
            foreach (var member in (string[])["requestSize", "responseSize"])
                said.Remove(member);
        return (json, new ToldFact(at, JsonElement.Parse(said.ToJsonString()), null, customer));
    }

    string Metadata()
    {
        var members = new List<string> { $"\"plan\":{Pick(["\"free\"", "\"pro\"", "\"team\"", "\"Team\""])}" };
        Maybe("mixed", () => Pick(Mixed));
        Maybe("n", () => random.Next(4) == 0 ? Pick(Mixed) : Pick(Numbers));
        Maybe("big", () => Pick(Numbers));
        Maybe("fine", () => random.Next(20) == 0 ? "0.1234567890123" : RandomMetadata.Amount(random));
        Maybe("flag", () => Pick(["true", "false", "\"true\""]));
        Maybe("deep", () => $"{{\"a\":{Pick(Mixed)},\"b\":{Pick(["{\"c\":5}", "{\"c\":\"x\"}", "7", "null", "{}"])}}}");
        if (random.Next(4) == 0)
            members.Add($"\"deep.a\":{Pick(["null", "1", "\"literal\"", "true"])}");
        if (random.Next(6) == 0)
            members.Add($"\"deep.b.c\":{Pick(["6", "\"y\"", "null"])}");
        Maybe("it's", () => Pick(["\"o'clock\"", "3"]));
        Maybe("größe", () => Pick(["\"ä\"", "\"äb\"", "\"\\ud83d\\ude00\""]));
        Maybe("name", () => Pick(["\"inner\"", "5"]));
        Maybe("customer", () => Pick(["\"inside\"", "null"]));
        Maybe("_cost", () => $"{{\"amount\":{(random.Next(3) == 0 ? $"\"{RandomMetadata.Amount(random, 5)}\"" : RandomMetadata.Amount(random, 5))},\"currency\":\"usd\"}}");
        Maybe("_llm", () => $"{{\"vendor\":\"v\",\"model\":\"m{random.Next(3)}\",\"input_tokens\":{random.Next(99)},\"output_tokens\":{random.Next(99)}{(random.Next(2) == 0 ? $",\"total_tokens\":{random.Next(999)}" : "")}}}");
        return $"{{{string.Join(',', members)}}}";

        void Maybe(string member, Func<string> value)
        {
            if (random.Next(3) > 0)
                members.Add($"\"{member}\":{value()}");
        }
    }

    // Tokens in all are stored where they are not said.
    static JsonElement Stored(string metadata)
    {
        var stored = JsonNode.Parse(metadata)!.AsObject();
        if (stored["_llm"] is JsonObject llm && llm["total_tokens"] is null)
            llm["total_tokens"] = llm["input_tokens"]!.GetValue<int>() + llm["output_tokens"]!.GetValue<int>();
        return JsonElement.Parse(stored.ToJsonString());
    }

    string Pick(string[] of) => of[random.Next(of.Length)];
}
