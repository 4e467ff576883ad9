namespace Analytics.Storage;

/// <summary>Patterns for <c>ilike</c> that find a text as it stands: <c>%</c>, <c>_</c> and <c>\</c> mean themselves.</summary>
static class LikePattern
{
    public const string Escape = "\\";

    public static string Containing(string text) => "%" + text
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("%", "\\%", StringComparison.Ordinal)
        .Replace("_", "\\_", StringComparison.Ordinal) + "%";
}
