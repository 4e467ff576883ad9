using System.Collections;
using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Analytics.Http;

/// <summary>In CSV, an item with this list is not one row but a row for each item of the list.</summary>
[AttributeUsage(AttributeTargets.Property)]
sealed class InnerRowsAttribute : Attribute;

/// <summary>In CSV this is one row, whatever lists it has, with every column that it may have.</summary>
[AttributeUsage(AttributeTargets.Class)]
sealed class CsvRowAttribute : Attribute;

/// <summary>What an answer's type says of its CSV: where the rows are, and their columns.</summary>
/// <param name="List">The answer's main list, or the only row inside it; null where the answer itself is the list, or the only row.</param>
/// <param name="Item">What a row is made of.</param>
/// <param name="Inner">The list inside whose items are rows.</param>
/// <param name="Columns">The columns of the members there always are.</param>
/// <param name="IsKnown">Whether these are all: no member's members depend on what is in it.</param>
sealed record CsvShape(
    JsonPropertyInfo? List, JsonTypeInfo Item, CsvShape.InnerList? Inner, IReadOnlyList<string> Columns, bool IsKnown)
{
    /// <summary>A list inside an item.</summary>
    internal sealed record InnerList(JsonPropertyInfo Member, JsonTypeInfo Item, HashSet<string> Before)
    {
        public string Name => Member.Name;

        /// <summary>Whether a member of the same item comes before it.</summary>
        public bool IsBefore(string member) => Before.Contains(member);

        public IEnumerable ItemsOf(object? holder) =>
            holder is null ? Array.Empty<object>() : (IEnumerable?)Member.Get!(holder) ?? Array.Empty<object>();
    }

    static readonly ConcurrentDictionary<JsonSerializerOptions, JsonSerializerOptions> Without = [];

    public static CsvShape Of(Type answer, JsonSerializerOptions options)
    {
        var shape = options.GetTypeInfo(answer);
        var list = shape.Kind == JsonTypeInfoKind.Object && !IsRow(answer)
            ? shape.Properties.OrderByDescending(member => IsMain(member.Name))
                .FirstOrDefault(member => options.GetTypeInfo(member.PropertyType).Kind == JsonTypeInfoKind.Enumerable)
                ?? shape.Properties.FirstOrDefault(member => IsMain(member.Name))
            : null;
        var holder = list is null ? shape : options.GetTypeInfo(list.PropertyType);
        var item = holder.ElementType is { } type ? options.GetTypeInfo(type) : holder;
        var inner = item.Properties.FirstOrDefault(IsInner);
        return new(
            list, inner is null ? item : WithoutInner(options).GetTypeInfo(item.Type), inner is null ? null : InnerOf(item, inner, options),
            [.. Members(item, "", options)], IsRow(item.Type) || IsKnownAll(item, "", options));
    }

    /// <summary>What the rows are made of, one by one.</summary>
    public IEnumerable ItemsOf(object answer) => List is not null ? ItemsIn(List.Get!(answer))
        : answer.GetType() != Item.Type && answer is IEnumerable items ? items
        : new[] { answer };

    static IEnumerable ItemsIn(object? main) => main as IEnumerable ?? (main is null ? Array.Empty<object>() : new[] { main });

    /// <summary>Whether a list is the one that rows are made of, wherever it stands in the answer.</summary>
    public static bool IsMain(string member) => member is "data" or "periods";

    /// <summary>Whether a column holds a whole object: what products put there is theirs, and has no columns of ours.</summary>
    public static bool IsWhole(string column) => column[(column.LastIndexOf('.') + 1)..] is "metadata" or "payload";

    static InnerList InnerOf(JsonTypeInfo item, JsonPropertyInfo inner, JsonSerializerOptions options) => new(
        inner, options.GetTypeInfo(options.GetTypeInfo(inner.PropertyType).ElementType!),
        [.. item.Properties.TakeWhile(member => member != inner).Select(member => member.Name)]);

    static JsonSerializerOptions WithoutInner(JsonSerializerOptions options) => Without.GetOrAdd(options, static all => new(all)
    {
        TypeInfoResolver = all.TypeInfoResolver!.WithAddedModifier(static type =>
        {
            foreach (var member in type.Properties.Where(IsInner))
                member.ShouldSerialize = static (_, _) => false;
        }),
    });

    static IEnumerable<string> Members(JsonTypeInfo item, string prefix, JsonSerializerOptions options)
    {
        foreach (var member in item.Properties)
        {
            var column = prefix + member.Name;
            var nested = Nested(member, options);
            if (nested.Kind == JsonTypeInfoKind.Object && !IsWhole(column))
                foreach (var inside in Members(nested, column + ".", options))
                    yield return inside;
            else
                yield return column;
        }
    }

    static bool IsKnownAll(JsonTypeInfo item, string prefix, JsonSerializerOptions options) =>
        item.Kind == JsonTypeInfoKind.Object && item.Properties.All(member =>
        {
            var nested = Nested(member, options);
            return !member.IsExtensionData && !IsLeftOut(member)
                && (IsWhole(prefix + member.Name) || nested.Kind == JsonTypeInfoKind.Enumerable || IsPlain(nested.Type)
                    || IsKnownAll(nested, prefix + member.Name + ".", options));
        });

    // What is null is left out of JSON: rows that have no such thing have no such column.
    static bool IsLeftOut(JsonPropertyInfo member) =>
        member.AttributeProvider?.GetCustomAttributes(typeof(JsonIgnoreAttribute), inherit: false)
            is [JsonIgnoreAttribute { Condition: JsonIgnoreCondition.WhenWritingNull }];

    static JsonTypeInfo Nested(JsonPropertyInfo member, JsonSerializerOptions options)
    {
        var type = options.GetTypeInfo(member.PropertyType);
        return IsInner(member) ? options.GetTypeInfo(type.ElementType!) : type;
    }

    static bool IsPlain(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(decimal) || type == typeof(Guid)
            || type == typeof(DateTimeOffset) || type == typeof(DateOnly) || type == typeof(ExactNumber);
    }

    static bool IsRow(Type type) => type.IsDefined(typeof(CsvRowAttribute), inherit: true);

    static bool IsInner(JsonPropertyInfo member) => member.AttributeProvider?.IsDefined(typeof(InnerRowsAttribute), inherit: false) == true;
}
