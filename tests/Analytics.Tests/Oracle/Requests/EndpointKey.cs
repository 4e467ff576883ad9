using System.Text.RegularExpressions;

namespace Analytics.Tests.Oracle.Requests;

/// <summary>Which endpoint a request counts under, but for the day's limit; of ids only those whose form is beyond doubt are known.</summary>
static partial class EndpointKey
{
    public static string Of(string method, string? route, string path) =>
        $"{method.ToUpperInvariant()}:{route ?? string.Join('/', path.Split('/').Select(segment => Id().IsMatch(segment) ? ":id" : segment))}";

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
