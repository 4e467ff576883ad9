using Analytics.Sketches;

namespace Analytics.Storage;

/// <summary>The numeric fields rollups keep for every workspace. A workspace registers up to 20 more, numbered from 6.</summary>
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

    /// <summary>Sums are kept in units of 1e-12, in 128 bits: decimal would lose digits past 28 without a word.</summary>
    public static readonly Int128 Unit = DecimalUnits.One;
}
