namespace Analytics.Benchmarks;

/// <summary>The place of the measured figures in a README: what stands between two markers.</summary>
public sealed class ReadmeFigures
{
    const string Begin = "<!-- figures -->\n";
    const string End = "<!-- /figures -->";

    readonly string path;

    ReadmeFigures(string path) => this.path = path;

    /// <summary>Looks for the markers at once: a run takes minutes.</summary>
    public static ReadmeFigures In(string path)
    {
        if (!File.Exists(path))
            throw new FormatException($"--readme: there is no {path}.");
        var text = File.ReadAllText(path);
        if (text.IndexOf(Begin, StringComparison.Ordinal) is var begin && (begin < 0 || text.IndexOf(End, begin, StringComparison.Ordinal) < 0))
            throw new FormatException($"--readme: {path} has no lines {Begin.Trim()} and {End}.");
        return new ReadmeFigures(path);
    }

    public async Task ReplaceAsync(string figures, CancellationToken cancel)
    {
        var text = await File.ReadAllTextAsync(path, cancel);
        var from = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var to = text.IndexOf(End, from, StringComparison.Ordinal);
        await File.WriteAllTextAsync(path, $"{text[..from]}\n{figures}\n{text[to..]}", cancel);
        Report.Say($"Figures as a table: {Path.GetFullPath(path)}");
    }
}
