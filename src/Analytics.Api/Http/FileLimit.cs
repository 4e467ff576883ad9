using System.Globalization;

namespace Analytics.Http;

/// <summary>
/// How many files this process may have open, connections among them, and how many of those connections may take: without a file to
/// open, .NET itself ends.
/// </summary>
static class FileLimit
{
    // For the service's own code, the store, Redis, telemetry, the log and the programs that look after the private Postgres.
    const int Reserve = 512;

    // Each takes some memory too, whatever the system allows.
    const int MostConnections = 30_000;

    // Where it is not told: what .NET raises it to on macOS.
    const int Elsewhere = 10_240;

    /// <summary>As many as are wanted, where the files allow.</summary>
    public static int Connections(int? wanted) => Connections(wanted, OfProcess() ?? Elsewhere);

    /// <summary>All files but a reserve, or a quarter of them where they are few.</summary>
    public static int Connections(int? wanted, int files) => Math.Min(wanted ?? MostConnections, Math.Max(files / 4, files - Reserve));

    /// <summary>As the system tells; null where it does not. .NET has raised it to what the account may have by then.</summary>
    static int? OfProcess()
    {
        const string Limits = "/proc/self/limits", Files = "Max open files";
        if (!File.Exists(Limits))
            return null;
        // "Max open files            1024                 1048576              files"
        var line = File.ReadLines(Limits).FirstOrDefault(line => line.StartsWith(Files, StringComparison.Ordinal));
        var soft = line?[Files.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        return int.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var files) ? files : null;
    }
}
