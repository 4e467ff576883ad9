using System.Diagnostics;

namespace Analytics.Commands.ImportLog;

/// <summary>How far an import is: one line that is written anew on a terminal, a line every ten seconds elsewhere.</summary>
sealed class ImportProgress(TextWriter error, bool isTerminal)
{
    readonly TimeSpan every = isTerminal ? TimeSpan.FromMilliseconds(500) : TimeSpan.FromSeconds(10);
    readonly Stopwatch clock = Stopwatch.StartNew();
    TimeSpan next = isTerminal ? TimeSpan.Zero : TimeSpan.FromSeconds(10);
    readonly Lock turn = new();
    int shown;

    public TimeSpan Took => clock.Elapsed;

    /// <summary>Writes it when it is time.</summary>
    /// <param name="counts">What became of the lines so far.</param>
    /// <param name="part">Of the log that is read, 0 to 1; null where nobody knows how long it is.</param>
    public void Look(ImportCounts counts, double? part)
    {
        if (Took < next)
            return;
        next = Took + every;
        var percent = part is { } known ? $"{known:p0}, " : "";
        var skipped = counts.Unreadable.Total + counts.Rejected.Total;
        var rate = (counts.Lines - counts.Before) / Math.Max(Took.TotalSeconds, 0.001);
        var text = $"{percent}{counts.Lines:n0} lines, {rate:n0} a second, {counts.Duplicates:n0} there already, {skipped:n0} left out"
            + Reasons(counts);
        lock (turn)
        {
            if (isTerminal)
                error.Write("\r" + text.PadRight(shown));
            else
                error.WriteLine(text);
            shown = isTerminal ? text.Length : 0;
        }
    }

    /// <summary>A line of its own.</summary>
    public void Say(string text)
    {
        lock (turn)
        {
            Clear();
            error.WriteLine(text);
        }
    }

    /// <summary>Makes room for other lines.</summary>
    public void Clear()
    {
        if (shown > 0)
            error.Write("\r" + new string(' ', shown) + "\r");
        shown = 0;
    }

    static string Reasons(ImportCounts counts) => string.Join(
        ", ", counts.Unreadable.Whats.Concat(counts.Rejected.Whats)) is { Length: > 0 } whats ? $" ({whats})" : "";
}
