using System.Buffers;
using System.Collections;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Analytics.Http;

/// <summary>
/// An answer's rows of named cells, each made as it is asked for and good until the next one. A row an item, or, where the shape names a
/// list inside, a row an item of that.
/// </summary>
sealed class CsvRows(object answer, CsvShape shape) : IEnumerable<IReadOnlyList<(string Column, JsonElement Value)>>
{
    readonly ArrayBufferWriter<byte> text = new();
    readonly List<(string Column, JsonElement Value)> cells = [];

    public IEnumerator<IReadOnlyList<(string Column, JsonElement Value)>> GetEnumerator() => Rows().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    IEnumerable<IReadOnlyList<(string Column, JsonElement Value)>> Rows()
    {
        foreach (var item in shape.ItemsOf(answer))
        {
            using var whole = Parsed(item, shape.Item);
            if (shape.Inner is not { } inner)
            {
                cells.Clear();
                Add("", whole.RootElement);
                yield return cells;
            }
            else
                foreach (var one in inner.ItemsOf(item))
                {
                    using var part = Parsed(one, inner.Item);
                    AddAround(inner, whole.RootElement, part.RootElement);
                    yield return cells;
                }
        }
    }

    // The inner list is left out of what it is in: its items stand in its place, one a row.
    void AddAround(CsvShape.InnerList inner, JsonElement whole, JsonElement part)
    {
        cells.Clear();
        foreach (var member in whole.EnumerateObject())
            if (inner.IsBefore(member.Name))
                Add(member.Name, member.Value);
        Add(inner.Name, part);
        foreach (var member in whole.EnumerateObject())
            if (!inner.IsBefore(member.Name))
                Add(member.Name, member.Value);
    }

    JsonDocument Parsed(object? item, JsonTypeInfo type)
    {
        text.ResetWrittenCount();
        using (var writer = new Utf8JsonWriter(text))
            JsonSerializer.Serialize(writer, item, type);
        // The buffer is used again while the document of the item around is still looked at.
        return JsonDocument.Parse(text.WrittenSpan.ToArray());
    }

    void Add(string column, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Object && !CsvShape.IsWhole(column))
            foreach (var member in value.EnumerateObject())
                Add(column.Length == 0 ? member.Name : $"{column}.{member.Name}", member.Value);
        else
            cells.Add((column.Length == 0 ? "value" : column, value));
    }
}
