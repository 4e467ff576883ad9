using System.Text.Json;

namespace Analytics.Http;

/// <summary>Turns an answer into rows of named cells.</summary>
sealed class CsvRows(CsvShape shape)
{
    public List<Dictionary<string, JsonElement>> Of(JsonElement answer) => [.. MainList(answer).SelectMany(Rows)];

    /// <summary>Every column of the rows; one that only some have stands where they have it.</summary>
    public static List<string> Columns(List<Dictionary<string, JsonElement>> rows)
    {
        var columns = new List<string>();
        var known = new HashSet<string>();
        foreach (var row in rows)
        {
            if (known.IsSupersetOf(row.Keys))
                continue;
            var next = columns.Count;
            foreach (var name in row.Keys.Reverse())
                if (known.Add(name))
                    columns.Insert(next, name);
                else
                    next = columns.IndexOf(name);
        }

        // Where one row has an object, another may have null.
        columns.RemoveAll(column => columns.Exists(other => other.StartsWith(column + ".", StringComparison.Ordinal)) && IsNull(column));
        return columns;

        bool IsNull(string column) =>
            rows.TrueForAll(row => !row.TryGetValue(column, out var cell) || cell.ValueKind == JsonValueKind.Null);
    }

    /// <summary>A row an item, or, where the shape names a list inside, a row an item of that.</summary>
    IEnumerable<Dictionary<string, JsonElement>> Rows(JsonElement item)
    {
        if (shape.Inner is not { } inner || item.ValueKind != JsonValueKind.Object || !item.TryGetProperty(inner, out var list))
            return [Flat(item)];
        return list.EnumerateArray().Select(one =>
        {
            var cells = new Dictionary<string, JsonElement>();
            foreach (var member in item.EnumerateObject())
                Add(cells, member.Name, member.NameEquals(inner) ? one : member.Value);
            return cells;
        });
    }

    /// <summary>The member data or periods, else the first list, else the answer itself as the only row.</summary>
    static List<JsonElement> MainList(JsonElement answer)
    {
        if (answer.ValueKind == JsonValueKind.Array)
            return [.. answer.EnumerateArray()];
        if (answer.ValueKind != JsonValueKind.Object)
            return [answer];
        var lists = answer.EnumerateObject().Where(member => member.Value.ValueKind == JsonValueKind.Array).ToList();
        return lists.Count == 0
            ? [answer]
            : [.. lists.OrderByDescending(member => CsvShape.IsMain(member.Name)).First().Value.EnumerateArray()];
    }

    static Dictionary<string, JsonElement> Flat(JsonElement item)
    {
        var cells = new Dictionary<string, JsonElement>();
        Add(cells, "", item);
        return cells;
    }

    static void Add(Dictionary<string, JsonElement> cells, string column, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Object && !CsvShape.IsWhole(column))
            foreach (var member in value.EnumerateObject())
                Add(cells, column.Length == 0 ? member.Name : $"{column}.{member.Name}", member.Value);
        else
            cells[column.Length == 0 ? "value" : column] = value;
    }
}
