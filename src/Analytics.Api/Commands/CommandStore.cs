using Analytics.PrivatePostgres;
using Analytics.Storage;
using Npgsql;

namespace Analytics.Commands;

/// <summary>The store a command works on: the configured one, or the private one of this data directory, running or not.</summary>
sealed class CommandStore : IAsyncDisposable
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

    readonly PrivateServer postgres;

    CommandStore(PrivateServer postgres, NpgsqlDataSource source) => (this.postgres, Source) = (postgres, source);

    public NpgsqlDataSource Source { get; }

    public static async Task<CommandStore> OpenAsync(IConfiguration configuration, string name, CancellationToken cancel)
    {
        var options = new PrivateServerOptions(configuration.Read<DataDirectoryOptions>().Path);
        var server = new PrivateServer(options);
        var address = configuration.Read<StoreOptions>().Postgres is { Length: > 0 } set ? set
            : Directory.Exists(options.ClusterDirectory) ? await server.AttachOrStartAsync(cancel)
            : throw new PrivateServerException($"there is no store in {options.DataDirectory}, and ConnectionStrings:Postgres is not set.");
        return new CommandStore(server, new StoreAddress(address).NewPool(name, bounds => bounds.MaxPoolSize = 4));
    }

    /// <summary>The workspace <c>--workspace slug-or-id</c> names, empty for all; null when the arguments say anything else.</summary>
    public static string? WorkspaceIn(string[] args) => args switch
    {
        [] => "",
        ["--workspace", { Length: > 0 } wanted] => wanted,
        [var one] when one.StartsWith("--workspace=", StringComparison.Ordinal) && one.Length > 12 => one[12..],
        _ => null,
    };

    public Task<List<(int Key, string Slug)>> WorkspacesAsync(string wanted, CancellationToken cancel) =>
        Source.QueryAsync(WorkspacesSql, [wanted], row => (row.GetInt32(0), row.GetString(1)), cancel);

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await postgres.DisposeAsync();
    }
}
