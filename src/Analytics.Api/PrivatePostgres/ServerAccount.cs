using System.Globalization;
using Analytics.Files;

namespace Analytics.PrivatePostgres;

/// <summary>
/// The account Postgres runs under. Postgres refuses to be root, so root lends it another one; an ordinary user runs it directly.
/// </summary>
sealed record ServerAccount(int? UserId, int? GroupId)
{
    /// <summary>The owner of a cluster that is there; else <c>postgres</c>, <c>nobody</c> or an account made for it.</summary>
    public static async Task<ServerAccount> ForAsync(string clusterDirectory, CancellationToken cancel)
    {
        if (!Environment.IsPrivilegedProcess)
            return new ServerAccount(null, null);

        if (Listing.Of(clusterDirectory) is { UserId: > 0 } owner)
            return new ServerAccount(owner.UserId, owner.GroupId);

        var account = await NamedAsync("postgres", cancel) ?? await NamedAsync("nobody", cancel) ?? await MadeAsync(cancel);
        if (Directory.Exists(clusterDirectory))
            await account.OwnAsync(clusterDirectory, cancel);
        return account;
    }

    /// <summary>Runs a program as this account to its end.</summary>
    public Task<CommandOutcome> RunAsync(Command command, CancellationToken cancel) => UserId is null
        ? command.RunAsync(cancel)
        : (command with { Program = "/usr/bin/env", Arguments = [.. Switch(), command.Program, .. command.Arguments] }).RunAsync(cancel);

    /// <summary>Gives a file or a directory with all in it to this account.</summary>
    public async Task OwnAsync(string path, CancellationToken cancel)
    {
        if (UserId is null)
            return;
        var change = await new Command("/usr/bin/env", "chown", "-R", $"{UserId}:{GroupId}", path).RunAsync(cancel);
        if (!change.Succeeded)
            throw new PrivateServerException($"{path} cannot be given to the account that runs Postgres: {change.Complaint}");
    }

    // setpriv is part of every Debian; sudo is what macOS has.
    IEnumerable<string> Switch() => OperatingSystem.IsLinux()
        ? ["setpriv", $"--reuid={UserId}", $"--regid={GroupId}", "--clear-groups"]
        : ["sudo", "-n", "-u", $"#{UserId}", "-g", $"#{GroupId}", "--"];

    static async Task<ServerAccount?> NamedAsync(string name, CancellationToken cancel)
    {
        var user = await new Command("/usr/bin/env", "id", "-u", name).RunAsync(cancel);
        var group = await new Command("/usr/bin/env", "id", "-g", name).RunAsync(cancel);
        return user.Succeeded && group.Succeeded ? new ServerAccount(Number(user.Output), Number(group.Output)) : null;
    }

    static async Task<ServerAccount> MadeAsync(CancellationToken cancel)
    {
        var make = new Command("/usr/bin/env", "useradd", "--system", "--no-create-home", "--shell", "/bin/false", "analytics");
        var made = await make.RunAsync(cancel);
        return await NamedAsync("analytics", cancel) ?? throw new PrivateServerException(
            $"Postgres does not run as root and no other account could be made ({made.Complaint}). Run as an ordinary user instead.");
    }

    static int Number(string text) =>
        int.Parse(text, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture);
}
