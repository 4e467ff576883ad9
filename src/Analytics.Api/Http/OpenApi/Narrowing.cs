using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Analytics.Http.OpenApi;

/// <summary>Narrows schemas. What is said of a text holds for each text of a list alike.</summary>
static class Narrowing
{
    /// <summary>Puts what the attributes of a member or a parameter say into its schema.</summary>
    public static void Narrow(this OpenApiSchema schema, IEnumerable<Attribute> attributes)
    {
        foreach (var attribute in attributes)
            if (attribute is ShownAttribute shown)
                schema.Narrow(shown);
            else if (attribute is OneOfAttribute { Words: var words })
                schema.OneOf(words);
            else if (attribute is AllowedValuesAttribute allowed)
                schema.OneOf(allowed.Values.Select(value => $"{value}"));
    }

    /// <summary>The text, or each of the list, is one of these words.</summary>
    public static void OneOf(this OpenApiSchema schema, IEnumerable<string> words) =>
        schema.OfTexts(text => text.Enum = [.. words.Select(word => JsonValue.Create(word))]);

    public static void OfTexts(this OpenApiSchema schema, Action<OpenApiSchema> narrow)
    {
        if ((schema.Items ?? schema) is OpenApiSchema text)
            narrow(text);
    }

    static void Narrow(this OpenApiSchema schema, ShownAttribute shown)
    {
        var isList = schema.Type?.HasFlag(JsonSchemaType.Array) == true;
        if (shown.Format is not null)
            schema.OfTexts(text => text.Format = shown.Format);
        if (shown.Longest > 0 && isList)
            schema.MaxItems = shown.Longest;
        else if (shown.Longest > 0)
            (schema.MinLength, schema.MaxLength) = (1, shown.Longest);
        if (!double.IsNaN(shown.Least))
            schema.Minimum = shown.Least.ToString(CultureInfo.InvariantCulture);
        if (!double.IsNaN(shown.Most))
            schema.Maximum = shown.Most.ToString(CultureInfo.InvariantCulture);
        if (shown.Default is not null)
            schema.Default = JsonSerializer.SerializeToNode(shown.Default);
    }
}
