using Npgsql;

namespace Analytics.Storage.Facts;

/// <summary>
/// The numeric fields that rollups know: five of every workspace, and up to 20 more that it registers, numbered from 6. The first
/// question about another path has it registered; until what came before is counted, it is answered from raw events.
/// </summary>
static class FieldCatalogue
{
    public const short Cost = 1;
    public const short InputTokens = 2;
    public const short OutputTokens = 3;
    public const short TotalTokens = 4;
    public const short CachedInputTokens = 5;
    public const short LastBuiltIn = CachedInputTokens;
    public const int MaxRegistered = 20;

    /// <summary>The built-in fields' paths in metadata; the field's number is its place, counted from one.</summary>
    public static readonly string[] BuiltIn =
        ["_cost.amount", "_llm.input_tokens", "_llm.output_tokens", "_llm.total_tokens", "_llm.cached_input_tokens"];

    /// <summary>The fields' numbers in the order asked; null for one the rollups cannot answer yet.</summary>
    public static async Task<short?[]> NumbersAsync(NpgsqlConnection connection, int workspace, string[] paths, CancellationToken cancel)
    {
        var known = BuiltIn.Index().ToDictionary(field => field.Item, field => (short)(field.Index + 1), StringComparer.Ordinal);
        if (!Array.TrueForAll(paths, known.ContainsKey))
            await connection.EachAsync(NumbersSql, [workspace, paths], row => known[row.GetString(0)] = row.GetInt16(1), cancel);
        return [.. paths.Select(path => known.TryGetValue(path, out var field) ? field : (short?)null)];
    }

    const string NumbersSql = """
        select path, field
        from fields
        where workspace_id = $1
          and path = any($2)
          and ready
        """;
}

/// <summary>Has fields registered in the background; it returns at once.</summary>
delegate void RegisterFields(int workspace, IEnumerable<string> paths);
