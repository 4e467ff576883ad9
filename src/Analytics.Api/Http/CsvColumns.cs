using System.Text.Json;

namespace Analytics.Http;

/// <summary>An answer whose question says which columns its rows have: that is known without any row, too.</summary>
interface IColumns
{
    IReadOnlyList<string> Columns { get; }
}

/// <summary>An answer that is a table: its cells stand in the order of its columns.</summary>
interface ITable : IColumns
{
    IReadOnlyList<IReadOnlyList<object?>> Rows { get; }
}

/// <summary>Gathers the columns of rows that do not all have the same; one that only some have stands where they have it.</summary>
sealed class CsvColumns
{
    readonly List<string> columns = [];
    readonly HashSet<string> known = [];
    readonly HashSet<string> filled = [];

    /// <summary>Every column of some rows; those of their type where there are no rows to tell.</summary>
    public static IReadOnlyList<string> Of(CsvRows rows, IReadOnlyList<string> otherwise)
    {
        var gathered = new CsvColumns();
        foreach (var row in rows)
            gathered.Add(row);
        return gathered.columns.Count == 0 ? otherwise : gathered.Shown();
    }

    void Add(IReadOnlyList<(string Column, JsonElement Value)> row)
    {
        foreach (var (column, value) in row)
            if (value.ValueKind != JsonValueKind.Null)
                filled.Add(column);
        if (row.All(cell => known.Contains(cell.Column)))
            return;
        var next = columns.Count;
        foreach (var (column, _) in row.Reverse())
            if (known.Add(column))
                columns.Insert(next, column);
            else
                next = columns.IndexOf(column);
    }

    // Where one row has an object, another may have null.
    List<string> Shown() => columns.FindAll(column => filled.Contains(column)
        || !columns.Exists(other => other.Length > column.Length && other[column.Length] == '.'
            && other.StartsWith(column, StringComparison.Ordinal)));
}
