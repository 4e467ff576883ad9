using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;

namespace Analytics.Tests.Contract;

/// <summary>The service's own OpenAPI document, for holding requests, answers and examples against what it says of them.</summary>
sealed class Documented
{
    static readonly EvaluationOptions Strictly = new() { OutputFormat = OutputFormat.List, RequireFormatValidation = true };

    readonly JsonObject schemas;

    // Thousands of answers are held against a hundred schemas.
    readonly ConcurrentDictionary<string, JsonSchema> complete = [];

    Documented(JsonElement root)
    {
        Root = root;
        // The checker finds definitions where JSON Schema keeps them.
        schemas = (JsonObject)WithDefinitions(root.GetProperty("components").GetProperty("schemas"));
        Close(schemas);
        Operations =
        [
            .. from path in root.GetProperty("paths").EnumerateObject()
               from operation in path.Value.EnumerateObject()
               select new Operation(root, operation.Name.ToUpperInvariant(), path.Name, operation.Value),
        ];
    }

    public JsonElement Root { get; }

    public IReadOnlyList<Operation> Operations { get; }

    public static async Task<Documented> OfAsync(AnalyticsApi api) => new(await api.Anonymous.GetAsync("/openapi.json"));

    /// <summary>The operation that serves a path; words win over parameters.</summary>
    public Operation Find(string method, string path) => Operations
        .Where(operation => operation.Method == method && operation.Matches(path.Split('?')[0]))
        .MinBy(operation => operation.Path.Count(c => c == '{'))
        ?? throw new InvalidOperationException($"{method} {path} is not documented.");

    /// <summary>Fails when a value is not what a schema says, or has members of which it says nothing.</summary>
    public void AssertFits(JsonElement schema, JsonElement value, string where)
    {
        var found = complete.GetOrAdd(schema.GetRawText(), _ => Complete(schema)).Evaluate(value, Strictly);
        var problems = from detail in found.Details ?? []
                       from error in detail.Errors ?? new Dictionary<string, string>()
                       select $"{detail.InstanceLocation} {error.Value}";
        Assert.True(found.IsValid, $"{where}: {string.Join(" ", problems)}\n{value}");
    }

    JsonSchema Complete(JsonElement schema)
    {
        var made = (JsonObject)WithDefinitions(schema);
        Close(made);
        made["$defs"] = schemas.DeepClone();
        return JsonSchema.FromText(made.ToJsonString());
    }

    static JsonNode WithDefinitions(JsonElement schema) =>
        JsonNode.Parse(schema.GetRawText().Replace("#/components/schemas/", "#/$defs/", StringComparison.Ordinal))!;

    // Clients may find more in an answer than they know; here everything that comes has to be known.
    static void Close(JsonNode? schema)
    {
        if (schema is JsonArray list)
            foreach (var item in list)
                Close(item);
        if (schema is not JsonObject members)
            return;
        if (members.ContainsKey("properties") && members["type"] is not null && !members.ContainsKey("additionalProperties"))
            members["additionalProperties"] = false;
        foreach (var (_, member) in members.ToList())
            Close(member);
    }
}

/// <summary>What the document says of a method of a path.</summary>
sealed record Operation(JsonElement Document, string Method, string Path, JsonElement Body)
{
    public string Scope => Body.GetProperty("x-scope").GetString()!;

    public string Id => Body.GetProperty("operationId").GetString()!;

    public IEnumerable<JsonElement> Parameters => Body.TryGetProperty("parameters", out var parameters) ? parameters.EnumerateArray() : [];

    public IEnumerable<(string Status, JsonElement Answer)> Answers =>
        Body.GetProperty("responses").EnumerateObject().Select(answer => (answer.Name, Resolved(answer.Value)));

    /// <summary>The request's body, where it takes one.</summary>
    public IEnumerable<JsonElement> Bodies => Body.TryGetProperty("requestBody", out var body) ? [body] : [];

    /// <summary>What an answer's body of a type looks like; null when it has none.</summary>
    public JsonElement? Answer(int status, string type = "application/json") =>
        Answers.Where(answer => answer.Status == $"{status}").Select(answer => Media(answer.Answer, type)).FirstOrDefault();

    public static JsonElement? Media(JsonElement holder, string type) =>
        MediaOf(holder).Where(media => media.Name == type).Select(media => (JsonElement?)media.Value).FirstOrDefault();

    public static IEnumerable<JsonProperty> MediaOf(JsonElement holder) =>
        holder.TryGetProperty("content", out var content) ? content.EnumerateObject() : [];

    JsonElement Resolved(JsonElement said) => said.TryGetProperty("$ref", out var place)
        ? place.GetString()!.Split('/')[1..].Aggregate(Document, (at, step) => at.GetProperty(step))
        : said;

    public bool Matches(string path)
    {
        var (mine, its) = (Path.Split('/'), path.Split('/'));
        return mine.Length == its.Length && mine.Zip(its).All(pair => pair.First.StartsWith('{') || pair.First == pair.Second);
    }

    public override string ToString() => $"{Method} {Path}";
}
