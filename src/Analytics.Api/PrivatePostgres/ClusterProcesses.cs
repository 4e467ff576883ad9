using System.Diagnostics;
using System.Globalization;

namespace Analytics.PrivatePostgres;

/// <summary>
/// Which processes belong to one cluster: those that work in its directory, as every Postgres process does. A number in
/// <c>postmaster.pid</c> alone proves nothing, it may be stale and used by a stranger by now.
/// </summary>
sealed class ClusterProcesses(ClusterPlace place)
{
    // Asked as the cluster's own account: a container's root may not look into the processes of others.
    const string Listing = """
        for process in /proc/[0-9]*; do
            [ "$process/cwd" -ef . ] && read -r name < "$process/comm" && [ "$name" = postgres ] && echo "${process#/proc/}"
        done 2>/dev/null; true
        """;

    string PidFile => Path.Combine(place.Directory, "postmaster.pid");

    /// <summary>The running postmaster, or null.</summary>
    public async Task<ProcessMark?> PostmasterAsync(CancellationToken cancel)
    {
        var first = File.Exists(PidFile) ? (await File.ReadAllLinesAsync(PidFile, cancel)).FirstOrDefault() : null;
        return int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && (await AllAsync(cancel)).Contains(pid)
            ? ProcessMark.Of(pid)
            : null;
    }

    /// <summary>
    /// Ends what a dead postmaster left behind, which Postgres insists on before it starts again, and removes its pid file and that of
    /// its socket: they would keep Postgres from starting while their number is a stranger's, or a dead process nobody collected.
    /// </summary>
    public async Task ClearAsync(string socketDirectory, CancellationToken cancel)
    {
        var clock = Stopwatch.StartNew();
        for (var left = await AllAsync(cancel); left.Length > 0; left = await AllAsync(cancel))
        {
            await SignalAsync(clock.Elapsed < TimeSpan.FromSeconds(1) ? "QUIT" : "KILL", left, cancel);
            await Task.Delay(50, cancel);
        }
        if (!OperatingSystem.IsLinux())
            return;
        File.Delete(PidFile);
        if (Directory.Exists(socketDirectory))
            foreach (var stale in Directory.GetFiles(socketDirectory, ".s.PGSQL.*"))
                File.Delete(stale);
    }

    /// <summary>
    /// Waits until a stopped cluster's processes are gone. pg_ctl waits for the pid file only: the postmaster outlives it by a moment,
    /// and the process that writes the log outlives the postmaster.
    /// </summary>
    public async Task EndedAsync(ProcessMark postmaster, CancellationToken cancel)
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < TimeSpan.FromSeconds(10); await Task.Delay(20, cancel))
            if (!postmaster.IsAlive && (await AllAsync(cancel)).Length == 0)
                return;
    }

    async Task SignalAsync(string signal, int[] all, CancellationToken cancel) => await place.Account.RunAsync(
        new Command("/bin/sh", ["-c", "kill -s \"$0\" \"$@\"", signal, .. all.Select(pid => $"{pid}")]), cancel);

    async Task<int[]> AllAsync(CancellationToken cancel)
    {
        if (!OperatingSystem.IsLinux())
            return await OnlyPostmasterAsync(cancel);
        var listing = await place.Account.RunAsync(new Command("/bin/sh", "-c", Listing) { WorkingDirectory = place.Directory }, cancel);
        // No listing is not the listing of nobody: a server that lives would be taken for dead.
        return listing.Succeeded ? [.. Lines(listing.Output)] : throw new PrivateServerException(
            $"The processes of {place.Directory} cannot be looked at: {listing.Complaint}");
    }

    // Without /proc the postmaster is known by its command line; its orphans end by themselves.
    async Task<int[]> OnlyPostmasterAsync(CancellationToken cancel)
    {
        const string Script = "ps -axww -o pid=,args= | grep -F -- \"postgres -D $0\" | grep -v grep | awk '{print $1}'";
        var listing = await new Command("/bin/sh", "-c", Script, place.Directory).RunAsync(cancel);
        return [.. Lines(listing.Output).Where(pid => ProcessMark.Of(pid) is not null)];
    }

    static IEnumerable<int> Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(line => int.Parse(line, CultureInfo.InvariantCulture));
}
