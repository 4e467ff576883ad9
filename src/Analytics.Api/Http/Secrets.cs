using System.Text.RegularExpressions;

namespace Analytics.Http;

/// <summary>
/// What opens something and may stand in a text that came from outside: a path, a parameter, a header. Whatever leaves by a log, a trace or
/// an error goes through here, so none of these holds a key or a token.
/// </summary>
/// <param name="rootKey">The configured one, which may look like anything.</param>
sealed partial class Secrets(string? rootKey)
{
    const string Gone = "***";

    /// <summary>Whether one is in a text.</summary>
    public bool IsIn(string text) => !ReferenceEquals(Without(text), text);

    /// <summary>The text without them: of a key its id is left, which says which one it was. The same text when there are none.</summary>
    public string Without(string text)
    {
        text = Keys().Replace(text, $"ak_${{id}}_{Gone}");
        text = RootKeys().Replace(text, "root_" + Gone);
        text = Tokens().Replace(text, Gone);
        text = Links().Replace(text, "link_" + Gone);
        text = Codes().Replace(text, "code_" + Gone);
        return rootKey is { Length: >= 8 } ? text.Replace(rootKey, Gone, StringComparison.Ordinal) : text;
    }

    [GeneratedRegex("""ak_(?<id>[a-z0-9]{8})_[^\s"'\\/?&#,;<>*]+""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Keys();

    [GeneratedRegex("root_[0-9A-Za-z]{16,}", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex RootKeys();

    [GeneratedRegex("link_[0-9A-Za-z_-]{32,}", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Links();

    [GeneratedRegex("code_[0-9A-Za-z]{32,}", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Codes();

    // Stream tokens and sessions are 48 bytes in base64, with nothing that says what they are.
    [GeneratedRegex("(?<![0-9A-Za-z_-])[0-9A-Za-z_-]{64}(?![0-9A-Za-z_-])", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Tokens();
}
