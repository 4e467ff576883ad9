using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Analytics.Http;

/// <summary>In CSV, an item with this list is not one row but a row for each item of the list.</summary>
[AttributeUsage(AttributeTargets.Property)]
sealed class InnerRowsAttribute : Attribute;

/// <summary>What an answer's type says of its CSV: the columns, for when there are no rows, and the list whose items are rows.</summary>
sealed record CsvShape(IReadOnlyList<string> Columns, string? Inner)
{
    public static CsvShape Of(Type answer, JsonSerializerOptions options)
    {
        var shape = options.GetTypeInfo(answer);
        if (shape.Kind == JsonTypeInfoKind.Object)
            shape = shape.Properties.OrderByDescending(member => IsMain(member.Name))
                .Select(member => options.GetTypeInfo(member.PropertyType))
                .FirstOrDefault(member => member.Kind == JsonTypeInfoKind.Enumerable);
        if (shape?.ElementType is not { } type)
            return new([], null);
        var item = options.GetTypeInfo(type);
        return new([.. Members(item, "", options)], item.Properties.FirstOrDefault(IsInner)?.Name);
    }

    /// <summary>Whether a list is the one that rows are made of, wherever it stands in the answer.</summary>
    public static bool IsMain(string member) => member is "data" or "periods";

    /// <summary>Whether a column holds a whole object: what products put there is theirs, and has no columns of ours.</summary>
    public static bool IsWhole(string column) => column[(column.LastIndexOf('.') + 1)..] is "metadata" or "payload";

    static IEnumerable<string> Members(JsonTypeInfo item, string prefix, JsonSerializerOptions options)
    {
        foreach (var member in item.Properties)
        {
            var column = prefix + member.Name;
            var type = options.GetTypeInfo(member.PropertyType);
            var nested = IsInner(member) ? options.GetTypeInfo(type.ElementType!) : type;
            if (nested.Kind == JsonTypeInfoKind.Object && !IsWhole(column))
                foreach (var inside in Members(nested, column + ".", options))
                    yield return inside;
            else
                yield return column;
        }
    }

    static bool IsInner(JsonPropertyInfo member) => member.AttributeProvider?.IsDefined(typeof(InnerRowsAttribute), inherit: false) == true;
}
