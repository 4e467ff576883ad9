using System.Text.Json;
using Analytics.Storage.Facts;
using Npgsql;

namespace Analytics.Storage.Business;

/// <summary>
/// What of raw events' metadata is read where only some paths are looked at: an object with each of them as a literal key, which is found
/// first. To write a whole document as text, and to send it, takes longer than what is then done with it.
/// </summary>
static class NarrowMetadata
{
    const int MostPaths = 12;

    /// <summary>An expression for the JSON of what an event <c>e</c> cost; null where nothing is said of it.</summary>
    public const string OfCost = "(e.metadata -> '_cost' -> 'amount')::text";

    static readonly string Amount = FieldCatalogue.BuiltIn[FieldCatalogue.Cost - 1];

    /// <summary>What that JSON says, in units of 1e-12; 0 where it is no number that may be aggregated.</summary>
    public static Int128 CostIn(NpgsqlDataReader row, int column)
    {
        if (row.IsDBNull(column))
            return 0;
        MetadataPath.TryReadNumber([], row.Bytes(column), Amount, out var cost);
        return cost;
    }

    /// <summary>The expression, for events as <c>e</c>. Of very many paths all of the document is read.</summary>
    public static string Of(IEnumerable<string> paths, SqlValues values)
    {
        var read = paths.SelectMany(MetadataPath.ReadBy).Distinct(StringComparer.Ordinal).ToList();
        if (read.Count > MostPaths)
            return "e.metadata::text";
        var members = read.Select(text =>
        {
            var path = new MetadataPath(text);
            var name = values.Add($",\"{JsonEncodedText.Encode(text)}\":");
            return $"coalesce({name} || ({path.Jsonb("e.metadata", values.Add(path.Keys))})::text, '')";
        });
        // No path is empty: the first member is there for the commas alone. concat_ws takes twice as long.
        return string.Join("\n    || ", members.Prepend("""'{"":0'""").Append("'}'"));
    }
}
