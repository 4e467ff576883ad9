using System.Globalization;
using System.Runtime.Versioning;
using Analytics.PrivatePostgres;

namespace Analytics.Tests.Faults;

/// <summary>The processes of the service's private Postgres, for killing and freezing them.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class PostgresProcesses(string cluster)
{
    /// <summary>kill -9 of the postmaster: its children end by themselves, some of them late.</summary>
    public async Task KillPostmasterAsync() => await SignalAsync("KILL", Postmaster()!.Value);

    public Task FreezeAsync() => SignalAllAsync("STOP");

    public Task ThawAsync() => SignalAllAsync("CONT");

    /// <summary>Ends all of them, frozen or not.</summary>
    public Task KillAsync() => SignalAllAsync("KILL");

    // The postmaster first, so that it starts no more of them.
    async Task SignalAllAsync(string signal)
    {
        if (Postmaster() is not { } postmaster)
            return;
        await SignalAsync(signal, postmaster);
        if (ChildrenOf(postmaster) is { Length: > 0 } children)
            await SignalAsync(signal, children);
    }

    /// <summary>The running postmaster's process, or null.</summary>
    public int? Postmaster()
    {
        var file = Path.Combine(cluster, "postmaster.pid");
        return File.Exists(file) && int.TryParse(File.ReadLines(file).FirstOrDefault(), CultureInfo.InvariantCulture, out var pid)
            && Stat(pid) is { Name: "postgres" } ? pid : null;
    }

    static int[] ChildrenOf(int postmaster) =>
    [
        .. Directory.GetDirectories("/proc").Select(Path.GetFileName)
            .Select(name => int.TryParse(name, CultureInfo.InvariantCulture, out var pid) ? pid : 0)
            .Where(pid => pid > 0 && Stat(pid) is { } process && process.Parent == postmaster),
    ];

    /// <summary>"123 (a name) S 1 ...": the parent is field 4.</summary>
    static (string Name, int Parent)? Stat(int pid)
    {
        try
        {
            var line = File.ReadAllText($"/proc/{pid}/stat");
            var end = line.LastIndexOf(')');
            return (line[(line.IndexOf('(') + 1)..end], int.Parse(line[(end + 2)..].Split(' ')[1], CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            return null;
        }
    }

    async Task SignalAsync(string signal, params int[] processes)
    {
        var account = await ServerAccount.ForAsync(cluster, CancellationToken.None);
        await account.RunAsync(
            new Command("/bin/sh", ["-c", "kill -s \"$0\" \"$@\"", signal, .. processes.Select(pid => $"{pid}")]), CancellationToken.None);
    }
}
