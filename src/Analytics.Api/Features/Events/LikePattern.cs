using System.Text;

namespace Analytics.Features.Events;

/// <summary>Patterns for <c>ilike</c> that find a text anywhere, taken literally.</summary>
public static class LikePattern
{
    public static string[] Containing(IEnumerable<string> texts) => [.. texts.Select(text => $"%{Literal(text)}%")];

    /// <summary>Finds the text in metadata, where it stands as jsonb writes it.</summary>
    public static string[] InJson(IEnumerable<string> texts) => Containing(texts.Select(AsJson));

    static string Literal(string text) => text
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("%", "\\%", StringComparison.Ordinal)
        .Replace("_", "\\_", StringComparison.Ordinal);

    static string AsJson(string text)
    {
        var json = new StringBuilder();
        foreach (var c in text)
            json.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\b' => "\\b",
                '\f' => "\\f",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                < ' ' => $"\\u{(int)c:x4}",
                _ => c.ToString(),
            });
        return json.ToString();
    }
}
