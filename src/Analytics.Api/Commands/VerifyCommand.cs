using Analytics.PrivatePostgres;
using Analytics.Storage;
using Analytics.Storage.Verification;
using Npgsql;

namespace Analytics.Commands;

/// <summary>
/// <c>verify [--workspace slug-or-id]</c>: recounts every rollup from the raw facts, prints what differs and keeps what it came to. Needs
/// only the store, so it works beside a running service and without one.
/// </summary>
static class VerifyCommand
{
    /// <summary>0 when nothing differs, 1 when something does, 2 when it could not run.</summary>
    public static async Task<int> RunAsync(
        string[] args, IConfiguration configuration, TextWriter output, TextWriter error, CancellationToken cancel = default)
    {
        if (CommandStore.WorkspaceIn(args) is not { } wanted)
        {
            await error.WriteLineAsync("Usage: verify [--workspace slug-or-id]");
            return 2;
        }

        try
        {
            return await RunAsync(wanted, configuration, output, error, cancel);
        }
        catch (Exception problem) when (problem is NpgsqlException or PrivateServerException or IOException)
        {
            await error.WriteLineAsync($"verify could not run: {problem.Message}");
            return 2;
        }
    }

    static async Task<int> RunAsync(
        string wanted, IConfiguration configuration, TextWriter output, TextWriter error, CancellationToken cancel)
    {
        await using var store = await CommandStore.OpenAsync(configuration, "verify", cancel);
        var workspaces = await store.WorkspacesAsync(wanted, cancel);
        if (workspaces.Count == 0 && wanted.Length > 0)
        {
            await error.WriteLineAsync($"There is no workspace '{wanted}'.");
            return 2;
        }

        long total = 0;
        foreach (var (key, slug) in workspaces)
            total += await VerifyAsync(store.Source, key, slug, output, error, cancel);
        await output.WriteLineAsync($"{total} differences in {workspaces.Count} workspaces");
        return total == 0 ? 0 : 1;
    }

    /// <summary>One workspace; the number of its differences.</summary>
    public static async Task<long> VerifyAsync(
        NpgsqlDataSource store, int key, string slug, TextWriter output, TextWriter error, CancellationToken cancel = default)
    {
        var log = new DifferenceLog(difference => output.WriteLine($"{slug}: {difference}"));
        var verified = await new Verifier(store, key, log, done => error.WriteLine($"{slug}: {done}")).RunAsync(cancel);
        await verified.SaveAsync(store, key, TimeProvider.System.GetStoreNow(), cancel);
        foreach (var (rollup, count) in log.Counts)
        {
            var shown = count > DifferenceLog.MaxShown ? $", the first {DifferenceLog.MaxShown} above" : "";
            await output.WriteLineAsync($"{slug}: {rollup}: {count} differences{shown}");
        }

        return log.Total;
    }
}
