using System.Globalization;

namespace Analytics.PrivatePostgres;

/// <summary>The programs of one Postgres installation: <c>initdb</c>, <c>pg_ctl</c> and <c>postgres</c> in one directory.</summary>
sealed record PostgresBinaries(string Directory, int Major)
{
    const int Oldest = 15;

    public string Initdb => Path.Combine(Directory, "initdb");
    public string PgCtl => Path.Combine(Directory, "pg_ctl");
    public string Postgres => Path.Combine(Directory, "postgres");

    /// <summary>The newest installation, or the one of the major version that made an existing cluster.</summary>
    public static async Task<PostgresBinaries> FindAsync(ServerAccount account, int? major, CancellationToken cancel)
    {
        var found = new List<PostgresBinaries>();
        foreach (var directory in Candidates().Distinct(StringComparer.Ordinal))
            if (await VersionAsync(account, directory, cancel) is { } version)
                found.Add(new PostgresBinaries(directory, version));

        return found.Where(one => major is null ? one.Major >= Oldest : one.Major == major).MaxBy(one => one.Major)
            ?? throw new PrivateServerException(Missing(major, found));
    }

    static string Missing(int? major, List<PostgresBinaries> found) =>
        (major is null ? $"No Postgres {Oldest} or newer" : $"Postgres {major}, which made the data directory,") + " was not found"
        + (found.Count == 0 ? "" : $" (only {string.Join(", ", found.Select(one => one.Directory))})")
        + " in PATH, /usr/lib/postgresql or Homebrew. Install it (Debian: apt install postgresql), or set ConnectionStrings__Postgres.";

    static IEnumerable<string> Candidates()
    {
        foreach (var directory in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries))
            yield return directory;
        foreach (var (parent, pattern) in new[]
        {
            ("/usr/lib/postgresql", "*"), ("/usr", "pgsql-*"), ("/opt/homebrew/opt", "postgresql@*"), ("/usr/local/opt", "postgresql@*"),
        })
            if (System.IO.Directory.Exists(parent))
                foreach (var installation in System.IO.Directory.GetDirectories(parent, pattern))
                    yield return Path.Combine(installation, "bin");
    }

    static async Task<int?> VersionAsync(ServerAccount account, string directory, CancellationToken cancel)
    {
        if (!new[] { "initdb", "pg_ctl", "postgres" }.All(program => File.Exists(Path.Combine(directory, program))))
            return null;

        // "postgres (PostgreSQL) 17.2 (Debian 17.2-1)"; asked as the account that will run it, which may not reach every directory.
        var answer = await account.RunAsync(new Command(Path.Combine(directory, "postgres"), "--version"), cancel);
        var words = answer.Output.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var digits = answer.Succeeded && words.Length > 2 ? string.Concat(words[2].TakeWhile(char.IsAsciiDigit)) : "";
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var major) ? major : null;
    }
}
