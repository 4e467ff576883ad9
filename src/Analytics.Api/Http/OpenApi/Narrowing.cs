using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Analytics.Http.OpenApi;

/// <summary>What is said of a text holds for each text of a list alike.</summary>
static class Narrowing
{
    /// <summary>The text, or each of the list, is one of these words.</summary>
    public static void OneOf(this OpenApiSchema schema, IEnumerable<string> words) =>
        schema.OfTexts(text => text.Enum = [.. words.Select(word => JsonValue.Create(word))]);

    public static void OfTexts(this OpenApiSchema schema, Action<OpenApiSchema> narrow)
    {
        if ((schema.Items ?? schema) is OpenApiSchema text)
            narrow(text);
    }
}
