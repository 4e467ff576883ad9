using System.Text;
using System.Text.Json;

namespace Analytics.Http;

/// <summary>Where in a body a problem is, as a JSON pointer.</summary>
public static class JsonPointer
{
    /// <summary>The pointer for a path as System.Text.Json writes it: <c>$.scopes[0]</c> is <c>/scopes/0</c>.</summary>
    public static string OfPath(string path)
    {
        var pointer = new StringBuilder();
        foreach (var part in path.TrimStart('$').Split(['.', '['], StringSplitOptions.RemoveEmptyEntries))
            pointer.Append('/').Append(Escape(part.TrimEnd(']').Trim('\'')));
        return pointer.ToString();
    }

    /// <summary>The pointer for a property of a request record: <c>Scopes[0]</c> is <c>/scopes/0</c>.</summary>
    public static string OfProperty(string property) =>
        OfPath(string.Join('.', property.Split('.').Where(part => part != "Value").Select(SnakeBeforeIndex)));

    // The naming policy eats brackets.
    static string SnakeBeforeIndex(string part) =>
        part.IndexOf('[', StringComparison.Ordinal) is var at and >= 0 ? Snake(part[..at]) + part[at..] : Snake(part);

    public static string Snake(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);

    static string Escape(string part) => part.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
