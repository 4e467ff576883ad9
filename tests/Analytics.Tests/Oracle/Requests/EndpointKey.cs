using System.Text.RegularExpressions;

namespace Analytics.Tests.Oracle.Requests;

/// <summary>Which endpoint a request counts under, but for the day's limit. Only ids whose form is beyond doubt are known.</summary>
static partial class EndpointKey
{
    public static string Of(string method, string? route, string path) =>
        $"{method.ToUpperInvariant()}:{route ?? string.Join('/', path.Split('/').Select(Segment))}";

    static string Segment(string text) => Id().IsMatch(text) ? ":id" : text;

    [GeneratedRegex(
        """
        ^(
            [0-9]+                                                          # integers
          | [0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}    # UUIDs
          | [0-9a-f]{24}                                                    # ObjectIds
          | [0-7][0-9a-hjkmnp-tv-z]{25}                                     # ULIDs
        )$
        """,
        RegexOptions.IgnoreCase | RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Id();
}
