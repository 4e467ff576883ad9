using System.Text;

namespace Analytics.Commands.ImportLog;

/// <summary>How many lines something is the matter with, and the first of them to look at.</summary>
sealed class Tally
{
    const int MaxShown = 3;
    const int LongestShown = 120;

    readonly SortedDictionary<string, (long Count, List<string> Shown)> byWhat = new(StringComparer.Ordinal);

    public long Total { get; private set; }

    /// <summary>What is the matter with them.</summary>
    public IEnumerable<string> Whats => byWhat.Keys;

    public void Add(string what, long line, ReadOnlySpan<byte> text) => Add(what, text, $"line {line}: ");

    public void Add(string what, long line, string detail) => Add(what, [], $"line {line}: {detail}");

    public IEnumerable<string> Lines()
    {
        foreach (var (what, (count, shown)) in byWhat)
        {
            yield return $"  {count,12:n0}  {what}";
            foreach (var line in shown)
                yield return $"                  {line}";
        }
    }

    void Add(string what, ReadOnlySpan<byte> text, string detail)
    {
        Total++;
        var (count, shown) = byWhat.TryGetValue(what, out var there) ? there : (0, []);
        if (shown.Count < MaxShown)
            shown.Add(detail + Printable(text));
        byWhat[what] = (count + 1, shown);
    }

    // A log may hold anything; a terminal would obey it.
    static string Printable(ReadOnlySpan<byte> text)
    {
        var shown = new StringBuilder();
        foreach (var character in text[..Math.Min(text.Length, LongestShown)])
            shown.Append(character is >= (byte)' ' and <= (byte)'~' ? (char)character : '?');
        return shown.Append(text.Length > LongestShown ? "..." : "").ToString();
    }
}
