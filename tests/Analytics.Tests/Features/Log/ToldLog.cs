using System.Globalization;
using System.Text.Json.Nodes;

namespace Analytics.Tests.Features.Log;

/// <summary>A record of the log as it should be, by the contract alone.</summary>
sealed record ToldRecord(
    DateTimeOffset At, string Type, string Category, string Severity, string? Actor, string? TargetType, string? TargetId,
    string? Correlation, IReadOnlyList<string> Texts, string Mark)
{
    static readonly string[] Severities = ["INFO", "WARN", "ERROR", "CRITICAL"];

    /// <summary>Whether a filter lets it pass.</summary>
    public bool Passes(string filter, string value) => filter switch
    {
        "q" => Type.Contains(value, StringComparison.OrdinalIgnoreCase) || Texts.Any(text => text.Contains(value, StringComparison.OrdinalIgnoreCase)),
        "type" => Type == value,
        "category" => Category == value,
        "severity" => Array.IndexOf(Severities, Severity) >= Array.IndexOf(Severities, value),
        "actor" => Actor == value,
        "targetType" => TargetType == value,
        "targetId" => TargetId == value,
        "correlationId" => Correlation == value,
        _ => throw new ArgumentException("There is no such filter.", nameof(filter)),
    };
}

/// <summary>Random events and requests, each with the record that it should become.</summary>
sealed class ToldLog(Random random, DateTimeOffset from, DateTimeOffset to)
{
    static readonly string[] Names =
    [
        "api.call", "request.sent", "invoice.sent", "payment.late.failed", "subscription.some.error", "login.ok", "api_key.used", "sso.failed",
        "deploy.done", "health_check.error", "service.up", "sync.run", "page.viewed", "thing.failed", "thing_failed", "apis.call",
    ];

    public (JsonObject Sent, ToldRecord Record) Event(int number)
    {
        var (at, name) = (Time(), Names[random.Next(Names.Length)]);
        var metadata = new JsonObject { ["mark"] = $"event-{number}", ["note"] = Text(), ["nested"] = new JsonObject { ["deep"] = new JsonArray(Text(), 5) } };
        var texts = new List<string> { $"event-{number}", $"{metadata["note"]}", $"{metadata["nested"]!["deep"]![0]}" };
        string? severity = null, category = null, actor = null, targetType = null, targetId = null, correlation = null;
        if (random.Next(3) > 0)
        {
            var log = new JsonObject();
            severity = Say(log, "severity", ["info", "WARN", "Error", "CRITICAL", "worse"], 30);
            category = Say(log, "category", ["API", "billing", "AUTH", "SYSTEM", "USAGE", "OTHER"], 10);
            actor = Say(log, "actor_id", ["ann", "bob", "key-1"], 2);
            targetType = Say(log, "target_type", ["endpoint", "invoice"], 2);
            targetId = Say(log, "target_id", ["GET:/things/:id", "in-1", "in-2"], 2);
            correlation = Say(log, "correlation_id", ["c-1", "c-2", "request-7"], 4);
            texts.AddRange(log.Select(member => $"{member.Value}"));
            metadata["_log"] = log;
        }

        return (
            Some.Event(name, at, customer: "acme", metadata: metadata),
            new(at, name, OneOf(ByName.Categories, category) ?? ByName.CategoryOf(name), OneOf(["INFO", "WARN", "ERROR", "CRITICAL"], severity) ?? ByName.SeverityOf(name),
                actor, targetType, targetId, correlation, texts, $"event-{number}"));
    }

    public (JsonObject Sent, ToldRecord Record) Request(int number)
    {
        var at = Time();
        var (thing, status, key) = (random.Next(50), random.Next(40) switch { 0 => 500, 1 => 404, _ => 200 }, $"key-{random.Next(3)}");
        var (customer, agent, product) = ($"customer-{random.Next(4)}", $"agent {Text()}", random.Next(2) == 0 ? null : $"product-{random.Next(3)}");
        var endpoint = random.Next(2) == 0 ? "GET:/things/:id" : $"GET:/{Word()}";
        var path = endpoint == "GET:/things/:id" ? $"/things/{thing}" : endpoint["GET:".Length..];
        var sent = new JsonObject
        {
            ["method"] = "GET", ["path"] = path, ["statusCode"] = status, ["latencyMs"] = 5, ["timestamp"] = at, ["customerId"] = customer,
            ["apiKeyId"] = key, ["productId"] = product, ["userAgent"] = agent, ["ip"] = $"10.20.{thing}.7", ["requestId"] = $"request-{number}",
        };
        return (sent, new(
            at, "request.completed", "API", status >= 500 ? "ERROR" : status >= 400 ? "WARN" : "INFO", key, "endpoint", endpoint, $"request-{number}",
            [.. new[] { "GET", path, endpoint, customer, key, product, agent, $"10.20.{thing}.0", $"request-{number}", Written(at) }.OfType<string>()],
            $"request-{number}"));
    }

    static string Written(DateTimeOffset at) => at.UtcDateTime.ToString(
        at.Ticks % TimeSpan.TicksPerSecond == 0 ? "yyyy-MM-dd'T'HH:mm:ss'Z'" : "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    // To the microsecond, some at the same instant.
    DateTimeOffset Time() => random.Next(10) == 0
        ? from.AddMinutes(random.Next((int)(to - from).TotalMinutes))
        : from.AddTicks(random.NextInt64((to - from).Ticks / 10) * 10);

    string Text() => $"{Word()} {Word()}";

    string Word() => ((string[])["alpha", "Beta", "gam%ma", "del_ta", "Épsilon", "zeta\\", "theta"])[random.Next(7)];

    string? Say(JsonObject log, string member, string[] words, int oneIn)
    {
        if (random.Next(oneIn) > 0)
            return null;
        var word = words[random.Next(words.Length)];
        log[member] = word;
        return word;
    }

    static string? OneOf(string[] words, string? said) => Array.Find(words, word => word.Equals(said, StringComparison.OrdinalIgnoreCase));
}

/// <summary>What the contract says of names.</summary>
static class ByName
{
    public static readonly string[] Categories = ["API", "BILLING", "AUTH", "SYSTEM", "USAGE"];

    public static string CategoryOf(string name) => name.Split('.')[0] switch
    {
        "api" or "request" => "API",
        "invoice" or "payment" or "subscription" => "BILLING",
        "login" or "api_key" or "sso" => "AUTH",
        "deploy" or "health_check" or "service" or "sync" => "SYSTEM",
        _ => "USAGE",
    };

    public static string SeverityOf(string name) =>
        name.EndsWith(".failed", StringComparison.Ordinal) || name.EndsWith(".error", StringComparison.Ordinal) ? "ERROR" : "INFO";
}
