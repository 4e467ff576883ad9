using System.Runtime.Versioning;
using System.Security.Cryptography;
using Analytics.Files;

namespace Analytics.PrivatePostgres;

/// <summary>The cluster's files: made once, in one step, and named so that the account that runs Postgres reaches them.</summary>
[UnsupportedOSPlatform("windows")]
static class ClusterDirectory
{
    public const string User = "analytics";

    /// <summary>Runs initdb beside the final place and renames, so that a half-made cluster is never taken for a whole one.</summary>
    public static async Task MakeAsync(
        PrivateServerOptions options, ServerAccount account, PostgresBinaries binaries, CancellationToken cancel)
    {
        var unfinished = options.ClusterDirectory + ".new";
        if (Directory.Exists(unfinished))
            Directory.Delete(unfinished, recursive: true);
        Directory.CreateDirectory(unfinished, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await account.OwnAsync(unfinished, cancel);

        var password = Password(options);
        var place = await ClusterPlace.OfAsync(unfinished, account, cancel);
        var outcome = await InitdbAsync("C.UTF-8");
        if (!outcome.Succeeded && outcome.Error.Contains("locale", StringComparison.Ordinal))
            outcome = await InitdbAsync("C");
        if (!outcome.Succeeded)
            throw new PrivateServerException($"initdb failed in {unfinished}: {outcome.Complaint}");
        Directory.Move(unfinished, options.ClusterDirectory);

        // The password goes through a pipe of the account's own: its file is for this process only.
        Task<CommandOutcome> InitdbAsync(string locale) => place.RunAsync(
            new Command(
                "/bin/sh", "-c", "cat | \"$0\" \"$@\" --pwfile=/dev/stdin", binaries.Initdb, "-D", place.Name, "-U", User,
                "-A", "scram-sha-256", "-E", "UTF8", $"--locale={locale}", "--data-checksums", "--no-instructions")
            {
                Input = password,
            },
            cancel);
    }

    /// <summary>The superuser's password, random, in a file only this process' user may read.</summary>
    public static string Password(PrivateServerOptions options)
    {
        var path = Path.Combine(options.DataDirectory, "password");
        if (PrivateFile.Read(path) is { Length: > 0 } kept)
            return kept;
        if (Directory.Exists(options.ClusterDirectory))
            throw new PrivateServerException(
                $"{path} is missing: put it back, without it nobody can log in to {options.ClusterDirectory}.");

        var password = RandomNumberGenerator.GetHexString(48, lowercase: true);
        PrivateFile.Write(path, password);
        return password;
    }
}
