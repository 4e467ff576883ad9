using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Analytics.Http.OpenApi;

/// <summary>Makes believable values for schemas.</summary>
sealed class SampleOfSchema(SchemaRepository repository)
{
    const int Deepest = 6;

    static readonly Dictionary<string, string> Known = new()
    {
        ["name"] = "Acme", ["slug"] = "acme", ["timezone"] = "Europe/Paris", ["currency"] = "usd", ["email"] = "ada@example.com",
        ["key"] = "ak_1b4h1dfr_pEQ0Re42eNkeGxe5vsnyV7x0LCZYyTkWm3bUoXsa", ["external_id"] = "order-4711", ["label"] = "Signed up",
        ["next_cursor"] = "WyJuYW1lIiwiQWNtZSJd", ["nextCursor"] = "WyJuYW1lIiwiQWNtZSJd",
        ["external_customer_id"] = "acme", ["label_property_selector"] = "plan.name", ["natural_id"] = "acme:shop",
        ["schema_name"] = "app_1",
        ["connection_string"] = "postgresql://analytics_apps_1_1:2b7e151628aed2a6abf7158809cf4f3c@db.example.com:5432/analytics_apps_1",
    };

    static readonly Dictionary<string, string> OfFormats = new()
    {
        ["uuid"] = "01a1fe9b-a7b7-7a64-b58a-404ca84b3725", ["date-time"] = "2026-03-11T09:30:00Z", ["date"] = "2026-03-11",
        ["email"] = "ada@example.com",
    };

    public JsonNode? Of(IOpenApiSchema? schema, string name = "", int depth = 0)
    {
        if (schema is OpenApiSchemaReference { Reference.Id: { } id })
            schema = repository.Schemas.GetValueOrDefault(id);
        if (schema is null || depth > Deepest)
            return null;
        if (schema.AnyOf is [var first, ..])
            return Of(first, name, depth);
        if ((schema.Examples is [{ } given, ..] ? given : schema.Enum is [{ } word, ..] ? word : schema.Default) is { } known)
            return known.DeepClone();
        var type = schema.Type ?? JsonSchemaType.Object;
        return type.HasFlag(JsonSchemaType.Array) ? new JsonArray(Of(schema.Items, name, depth + 1))
            : type.HasFlag(JsonSchemaType.Object) ? Members(schema, depth)
            : type.HasFlag(JsonSchemaType.Boolean) ? true
            : type.HasFlag(JsonSchemaType.Integer) || type.HasFlag(JsonSchemaType.Number) ? Number(schema)
            : Text(schema, name);
    }

    JsonObject Members(IOpenApiSchema schema, int depth)
    {
        var members = new JsonObject();
        foreach (var (name, member) in schema.Properties ?? new Dictionary<string, IOpenApiSchema>())
            members[name] = Of(member, name, depth + 1);
        if (schema.Properties is not { Count: > 0 } && schema.AdditionalProperties is { } value)
            members["one"] = Of(value, "", depth + 1);
        return members;
    }

    static decimal Number(IOpenApiSchema schema) =>
        schema.Minimum is { } least ? Math.Max(1, decimal.Parse(least, CultureInfo.InvariantCulture)) : 1;

    // What expires does so after everything else has happened.
    static string Text(IOpenApiSchema schema, string name) =>
        name == "expires_at" ? "2099-01-01T00:00:00Z"
        : schema.Format is { } format && OfFormats.TryGetValue(format, out var formatted) ? formatted
        : Known.GetValueOrDefault(name, "text");
}
