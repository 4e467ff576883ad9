using Analytics.PrivatePostgres;
using Analytics.Storage.Rollups;
using Analytics.Storage.Rollups.Rebuilding;
using Npgsql;

namespace Analytics.Commands;

/// <summary>
/// <c>rebuild [--workspace slug-or-id]</c>: counts the rollups anew from the raw events, beside a running service or without one.
/// </summary>
static class RebuildCommand
{
    /// <summary>0 when all were rebuilt, 1 when one is being rebuilt by another process, 2 when it could not run.</summary>
    public static async Task<int> RunAsync(
        string[] args, IConfiguration configuration, TextWriter output, TextWriter error, CancellationToken cancel = default)
    {
        if (CommandStore.WorkspaceIn(args) is not { } wanted)
        {
            await error.WriteLineAsync("Usage: rebuild [--workspace slug-or-id]");
            return 2;
        }

        try
        {
            await using var store = await CommandStore.OpenAsync(configuration, "rebuild", cancel);
            var workspaces = await store.WorkspacesAsync(wanted, cancel);
            if (workspaces.Count == 0 && wanted.Length > 0)
            {
                await error.WriteLineAsync($"There is no workspace '{wanted}'.");
                return 2;
            }

            var busy = 0;
            foreach (var (key, slug) in workspaces)
                busy += await RunAsync(store.Source, key, slug, output, error, cancel) ? 0 : 1;
            return busy == 0 ? 0 : 1;
        }
        catch (Exception problem) when (problem is NpgsqlException or PrivateServerException or IOException)
        {
            await error.WriteLineAsync($"rebuild could not run: {problem.Message}");
            return 2;
        }
    }

    static async Task<bool> RunAsync(
        NpgsqlDataSource store, int key, string slug, TextWriter output, TextWriter error, CancellationToken cancel)
    {
        var lines = new Lines(events => error.WriteLine($"{slug}: {events:n0} events"));
        var done = await new Rebuild(store, key, Catalogue.Default).RunAsync(lines, cancel);
        await output.WriteLineAsync(done ? $"{slug}: rebuilt" : $"{slug}: is being rebuilt by another process");
        return done;
    }

    // Progress<T> would report on other threads, after the fact.
    sealed class Lines(Action<long> write) : IProgress<long>
    {
        public void Report(long value) => write(value);
    }
}
