using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Analytics.Http.OpenApi;

/// <summary>Gives every body and answer an example: the action's own, or one made from the schema and the members' names.</summary>
public sealed class DocumentedExamples : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var own = context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<ExampleAttribute>().FirstOrDefault();
        var sample = new SampleOfSchema(context.SchemaRepository);
        Only("application/json", operation.RequestBody?.Content);
        foreach (var media in MediaTypes(operation.RequestBody?.Content))
            media.Example ??= own?.Request is { } request ? JsonNode.Parse(request) : sample.Of(media.Schema);
        foreach (var (status, answer) in operation.Responses ?? [])
            foreach (var media in MediaTypes(answer.Content))
                media.Example ??= status[0] != '2' ? Problem(int.Parse(status))
                    : own?.Answer is { } given ? JsonNode.Parse(given)
                    : sample.Of(media.Schema);
        if (DocumentedParameters.IsQuery(context) && operation.Responses?.GetValueOrDefault("200")?.Content is { Count: > 0 } answers)
            answers["text/csv"] = new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
    }

    // The other names of JSON say nothing more.
    static void Only(string type, IDictionary<string, IOpenApiMediaType>? content)
    {
        if (content?.ContainsKey(type) == true)
            foreach (var other in content.Keys.Where(name => name != type).ToList())
                content.Remove(other);
    }

    static IEnumerable<OpenApiMediaType> MediaTypes(IDictionary<string, IOpenApiMediaType>? content) =>
        content?.Values.OfType<OpenApiMediaType>() ?? [];

    static JsonObject Problem(int status) => new()
    {
        ["type"] = "about:blank",
        ["title"] = ReasonPhrases.GetReasonPhrase(status),
        ["status"] = status,
        ["detail"] = status == 400 ? "The request is not valid." : ReasonPhrases.GetReasonPhrase(status),
        ["errors"] = status == 400
            ? new JsonArray(new JsonObject { ["pointer"] = "/name", ["code"] = "required", ["message"] = "Is required." })
            : [],
        ["request_id"] = "01a1fe9baa817f33a322e7f097464491",
    };
}

/// <summary>Makes believable values for schemas.</summary>
sealed class SampleOfSchema(SchemaRepository repository)
{
    const int Deepest = 6;

    static readonly Dictionary<string, string> Known = new()
    {
        ["id"] = "01a1fe9b-a7b7-7a64-b58a-404ca84b3725", ["name"] = "Acme", ["slug"] = "acme", ["timezone"] = "Europe/Paris",
        ["currency"] = "usd", ["email"] = "ada@example.com", ["role"] = "member", ["key"] = "ak_1b4h1dfr_pEQ0Re42eNkeGxe5vsnyV7x0LCZY",
        ["external_id"] = "order-4711", ["status"] = "done", ["next_cursor"] = "WyJuYW1lIiwiQWNtZSJd", ["source"] = "user",
        ["scopes"] = "events:read", ["label"] = "Signed up", ["type"] = "about:blank", ["external_customer_id"] = "acme",
    };

    public JsonNode? Of(IOpenApiSchema? schema, string name = "", int depth = 0)
    {
        schema = schema is OpenApiSchemaReference reference && reference.Reference.Id is { } id
            && repository.Schemas.TryGetValue(id, out var named) ? named : schema;
        if (schema is null || depth > Deepest)
            return null;
        if (schema.Examples is [{ } given, ..])
            return given.DeepClone();
        var type = schema.Type ?? JsonSchemaType.Object;
        if (type.HasFlag(JsonSchemaType.Array))
            return new JsonArray(Of(schema.Items, name, depth + 1));
        if (type.HasFlag(JsonSchemaType.Object))
            return Members(schema, depth);
        return type.HasFlag(JsonSchemaType.Boolean) ? true
            : type.HasFlag(JsonSchemaType.Integer) || type.HasFlag(JsonSchemaType.Number) ? 1
            : Text(schema, name);
    }

    JsonObject Members(IOpenApiSchema schema, int depth)
    {
        var members = new JsonObject();
        foreach (var (name, member) in schema.Properties ?? new Dictionary<string, IOpenApiSchema>())
            members[name] = Of(member, name, depth + 1);
        if (schema.AdditionalProperties is { } more)
            members["_cost_amount"] = Of(more, "", depth + 1);
        return members;
    }

    static string Text(IOpenApiSchema schema, string name) =>
        schema.Enum is [{ } first, ..] ? first.ToString()
        : schema.Format == "date-time" ? (name == "expires_at" ? "2099-01-01T00:00:00Z" : "2026-03-11T09:30:00Z")
        : schema.Format == "uuid" ? Known["id"]
        : Known.GetValueOrDefault(name, "text");
}
