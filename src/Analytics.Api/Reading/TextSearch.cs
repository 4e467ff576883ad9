using System.Text.Json;

namespace Analytics.Reading;

/// <summary>Finds texts anywhere, as they stand, upper and lower case alike.</summary>
static class TextSearch
{
    /// <summary>A jsonpath: is one of the texts in some string, however deep? Keys and other values are not looked at.</summary>
    public static string InStrings(IEnumerable<string> texts) =>
        $"strict $.** ? ({string.Join(" || ", texts.Select(text => $"@ like_regex {JsonSerializer.Serialize(text)} flag \"iq\""))})";
}
