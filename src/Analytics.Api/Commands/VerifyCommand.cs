using Analytics.Storage.Embedded;
using Analytics.Storage.Verification;
using Npgsql;

namespace Analytics.Commands;

/// <summary>
/// <c>verify [--workspace slug-or-id]</c>: recounts every rollup from the raw events and prints what differs. Needs only the
/// store, so it works beside a running service and without one.
/// </summary>
public static class VerifyCommand
{
    const string WorkspacesSql = """
        select w.workspace_id, w.slug
        from workspaces w
        join workspace_seq using (workspace_id)
        where $1 = ''
          or w.slug = $1
          or w.id::text = lower($1)
        order by w.workspace_id
        """;

    /// <summary>0 when nothing differs, 1 when something does, 2 when it could not run.</summary>
    public static async Task<int> RunAsync(
        string[] args, IConfiguration configuration, TextWriter output, TextWriter error, CancellationToken cancel = default)
    {
        if (WorkspaceIn(args) is not { } wanted)
        {
            await error.WriteLineAsync("Usage: verify [--workspace slug-or-id]");
            return 2;
        }

        try
        {
            return await RunAsync(wanted, configuration, output, error, cancel);
        }
        catch (Exception problem) when (problem is NpgsqlException or PrivatePostgresException or IOException)
        {
            await error.WriteLineAsync($"verify could not run: {problem.Message}");
            return 2;
        }
    }

    static string? WorkspaceIn(string[] args) => args switch
    {
        [] => "",
        ["--workspace", { Length: > 0 } wanted] => wanted,
        [var one] when one.StartsWith("--workspace=", StringComparison.Ordinal) && one.Length > 12 => one[12..],
        _ => null,
    };

    static async Task<int> RunAsync(
        string wanted, IConfiguration configuration, TextWriter output, TextWriter error, CancellationToken cancel)
    {
        var options = PrivatePostgresOptions.From(configuration);
        await using var postgres = new PrivatePostgres(options);
        var address = configuration.GetConnectionString("Postgres") is { Length: > 0 } set ? set
            : Directory.Exists(options.ClusterDirectory) ? await postgres.AttachOrStartAsync(cancel)
            : throw new PrivatePostgresException($"there is no store in {options.DataDirectory}, and ConnectionStrings:Postgres is not set.");
        await using var store = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(address) { ApplicationName = "analytics-verify", MaxPoolSize = 2 });
        var workspaces = await WorkspacesAsync(store, wanted, cancel);
        if (workspaces.Count == 0 && wanted.Length > 0)
        {
            await error.WriteLineAsync($"There is no workspace '{wanted}'.");
            return 2;
        }

        long total = 0;
        foreach (var (key, slug) in workspaces)
            total += await VerifyAsync(store, key, slug, output, error, cancel);
        await output.WriteLineAsync($"{total} differences in {workspaces.Count} workspaces");
        return total == 0 ? 0 : 1;
    }

    /// <summary>One workspace; the number of its differences.</summary>
    static async Task<long> VerifyAsync(
        NpgsqlDataSource store, int key, string slug, TextWriter output, TextWriter error, CancellationToken cancel)
    {
        var log = new DifferenceLog(difference => output.WriteLine($"{slug}: {difference}"));
        await new Verifier(store, key, log, done => error.WriteLine($"{slug}: {done}")).RunAsync(cancel);
        foreach (var (rollup, count) in log.Counts)
            await output.WriteLineAsync($"{slug}: {rollup}: {count} differences{(count > DifferenceLog.MostShown ? $", the first {DifferenceLog.MostShown} above" : "")}");
        return log.Total;
    }

    static async Task<List<(int Key, string Slug)>> WorkspacesAsync(NpgsqlDataSource store, string wanted, CancellationToken cancel)
    {
        await using var command = store.CreateCommand(WorkspacesSql);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = wanted });
        await using var row = await command.ExecuteReaderAsync(cancel);
        var found = new List<(int, string)>();
        while (await row.ReadAsync(cancel))
            found.Add((row.GetInt32(0), row.GetString(1)));
        return found;
    }
}
