using System.Text;

namespace Analytics.Http;

/// <summary>Where in a body a problem is, as a JSON pointer.</summary>
static class JsonPointer
{
    /// <summary>The pointer for a path as System.Text.Json writes it: <c>$.scopes[0]</c> is <c>/scopes/0</c>.</summary>
    public static string OfPath(string path)
    {
        var pointer = new StringBuilder();
        foreach (var step in Steps(path))
            pointer.Append('/').Append(Escape(step));
        return pointer.ToString();
    }

    /// <summary>The names and places that such a path goes by.</summary>
    public static IEnumerable<string> Steps(string path) => path.TrimStart('$')
        .Split(['.', '['], StringSplitOptions.RemoveEmptyEntries).Select(part => part.TrimEnd(']').Trim('\''));

    /// <summary>The pointer for a property of a request record under the route's names: <c>Scopes[0]</c> is <c>/scopes/0</c>.</summary>
    public static string OfProperty(string property, Naming naming)
    {
        return OfPath(string.Join('.', property.Split('.').Where(part => part != "Value").Select(BeforeIndex)));

        // A naming policy eats brackets.
        string BeforeIndex(string part) =>
            part.IndexOf('[', StringComparison.Ordinal) is var at and >= 0 ? naming.NameOf(part[..at]) + part[at..] : naming.NameOf(part);
    }

    public static string Escape(string part) =>
        part.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
