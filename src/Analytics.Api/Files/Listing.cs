using System.Diagnostics;
using System.Globalization;

namespace Analytics.Files;

/// <summary>What the system says of a file: its kind and mode as <c>ls</c> writes them (<c>drwx------</c>), and who owns it.</summary>
sealed record Listing(string Mode, int UserId, int GroupId)
{
    /// <summary>Of what the path leads to; null when it leads nowhere.</summary>
    public static Listing? Of(string path) => Of("-ldnL", path);

    /// <summary>Of what has that path, be it only a link.</summary>
    public static Listing? OfItself(string path) => Of("-ldn", path);

    // "drwx------ 19 101 104 4096 ...": the one listing that reads alike on Linux and macOS.
    static Listing? Of(string options, string path)
    {
        var start = new ProcessStartInfo("/usr/bin/env", ["ls", options, path])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var listing = Process.Start(start)!;
        var columns = listing.StandardOutput.ReadToEnd().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        listing.WaitForExit();
        return columns.Length > 3 ? new Listing(columns[0], Number(columns[2]), Number(columns[3])) : null;
    }

    static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
