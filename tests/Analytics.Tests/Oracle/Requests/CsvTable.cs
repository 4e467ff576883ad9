using System.Text;
using System.Text.Json;

namespace Analytics.Tests.Oracle.Requests;

/// <summary>A CSV answer, read by the rules of RFC 4180.</summary>
sealed class CsvTable
{
    CsvTable(List<List<string>> lines)
    {
        Header = lines is [] ? [] : lines[0];
        Rows = [.. lines.Skip(1)];
    }

    public List<string> Header { get; }

    public List<List<string>> Rows { get; }

    public static CsvTable Of(string text)
    {
        var lines = new List<List<string>>();
        var (line, cell, quoted) = (new List<string>(), new StringBuilder(), false);
        for (var at = 0; at < text.Length; at++)
        {
            if (quoted && text[at] == '"' && at + 1 < text.Length && text[at + 1] == '"')
                cell.Append(text[at++]);
            else if (text[at] == '"')
                quoted = !quoted;
            else if (quoted || text[at] is not (',' or '\r' or '\n'))
                cell.Append(text[at]);
            else if (text[at] != '\r')
            {
                line.Add(cell.ToString());
                cell.Clear();
                if (text[at] == '\n')
                    (line, lines) = ([], [.. lines, line]);
            }
        }

        Assert.True(!quoted && cell.Length == 0 && line is [], "A CSV answer ends within a line.");
        return new(lines);
    }

    /// <summary>How it differs from rows of JSON.</summary>
    public List<string> Differences(IReadOnlyList<JsonElement> rows)
    {
        if (rows.Count != Rows.Count)
            return [$"CSV has {Rows.Count} rows, JSON {rows.Count}"];
        var differences = new List<string>();
        foreach (var (row, (json, cells)) in rows.Zip(Rows).Index())
        {
            var expected = Cells(json, "").ToDictionary();
            differences.AddRange(expected.Keys.Except(Header).Select(column => $"CSV has no column {column}"));
            foreach (var (column, cell) in Header.Zip(cells))
                if (cell != expected.GetValueOrDefault(column, ""))
                    differences.Add($"CSV row {row} {column}: expected {expected.GetValueOrDefault(column, "")}, got {cell}");
            if (cells.Count != Header.Count)
                differences.Add($"CSV row {row} has {cells.Count} cells, its header {Header.Count}");
        }

        return differences;
    }

    static IEnumerable<KeyValuePair<string, string>> Cells(JsonElement value, string column) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject()
            .SelectMany(member => Cells(member.Value, column.Length == 0 ? member.Name : $"{column}.{member.Name}")),
        JsonValueKind.Null => [new(column, "")],
        JsonValueKind.String => [new(column, Harmless(value.GetString()!))],
        _ => [new(column, value.GetRawText())],
    };

    // What looks like a formula is none to who opens the file.
    static string Harmless(string text) => text is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? "'" + text : text;
}
