using Analytics.PrivatePostgres;
using Npgsql;

namespace Analytics.Benchmarks;

/// <summary>The one server that both the service and the bare tables use, with the settings that make a commit durable.</summary>
public sealed class PostgresUnderTest : IAsyncDisposable
{
    const string Empty = """
        select pg_terminate_backend(pid)
        from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid();
        drop schema public cascade;
        """;

    static readonly string[] MustBeOn = ["fsync", "synchronous_commit", "full_page_writes"];
    static readonly string[] WorthKnowing = ["shared_buffers", "max_wal_size", "wal_compression", "checkpoint_timeout"];

    readonly string connectionString;
    readonly PrivateServer? server;
    readonly string? directory;

    PostgresUnderTest(string connectionString, PrivateServer? server, string? directory) =>
        (this.connectionString, this.server, this.directory) = (connectionString, server, directory);

    /// <summary>The head of the server's processes, when they run on this machine.</summary>
    public int? Postmaster { get; private set; }

    public string Settings { get; private set; } = "";

    public string Version { get; private set; } = "";

    /// <summary>The given server, or a private one in a temporary directory.</summary>
    public static async Task<PostgresUnderTest> StartAsync(string? given, CancellationToken cancel)
    {
        var postgres = given is null ? await StartPrivateAsync(cancel) : new PostgresUnderTest(given, null, null);
        await postgres.InspectAsync(cancel);
        return postgres;
    }

    public string ConnectionTo(string? database) => new NpgsqlConnectionStringBuilder(connectionString)
    {
        Database = database ?? new NpgsqlConnectionStringBuilder(connectionString).Database,
        Pooling = false,
        CommandTimeout = 300,
    }.ConnectionString;

    /// <summary>For the service, which keeps its connections in a pool.</summary>
    public string PooledConnectionTo(string database) =>
        new NpgsqlConnectionStringBuilder(connectionString) { Database = database }.ConnectionString;

    public async Task<NpgsqlConnection> OpenAsync(string? database, CancellationToken cancel)
    {
        var connection = new NpgsqlConnection(ConnectionTo(database));
        await connection.OpenAsync(cancel);
        return connection;
    }

    public async Task CreateDatabaseAsync(string name, CancellationToken cancel)
    {
        await ExecuteAsync(Drop(name), cancel);
        await ExecuteAsync($"create database {name}", cancel);
    }

    /// <summary>
    /// Empties a database, and drops it from a server that is not ours. Dropping makes Postgres write out everything of every
    /// database, which the next part would pay for; a private server's files go in the end anyway.
    /// </summary>
    public async Task DropDatabaseAsync(string name)
    {
        try
        {
            await using (var connection = await OpenAsync(name, CancellationToken.None))
            await using (var command = new NpgsqlCommand(Empty, connection))
                await command.ExecuteNonQueryAsync();
            if (server is null)
                await ExecuteAsync(Drop(name), CancellationToken.None);
        }
        catch (NpgsqlException) when (server is not null)
        {
            // A server that is gone already (everybody was told to stop at once) is no reason to complain.
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (server is not null)
            await server.DisposeAsync();
        if (directory is not null)
            Directory.Delete(directory, recursive: true);
    }

    static async Task<PostgresUnderTest> StartPrivateAsync(CancellationToken cancel)
    {
        var place = Directory.CreateTempSubdirectory("analytics-benchmark-").FullName;
        var postgres = new PrivateServer(new PrivateServerOptions(place));
        try
        {
            return new(await postgres.StartAsync(cancel), postgres, place);
        }
        catch
        {
            await postgres.DisposeAsync();
            Directory.Delete(place, recursive: true);
            throw;
        }
    }

    async Task InspectAsync(CancellationToken cancel)
    {
        await using var connection = await OpenAsync(null, cancel);
        foreach (var setting in MustBeOn)
            if (await ShowAsync(setting) is not "on" and var value)
                throw new InvalidOperationException($"{setting} is {value}: figures of a server that may forget commits mean nothing.");
        Version = await ShowAsync("server_version");
        var known = new List<string> { $"server_version {Version}" };
        foreach (var setting in MustBeOn.Concat(WorthKnowing))
            known.Add($"{setting} {await ShowAsync(setting)}");
        Settings = string.Join(", ", known);
        Postmaster = ProcessFigures.ParentOf(connection.ProcessID);

        async Task<string> ShowAsync(string setting)
        {
            await using var command = new NpgsqlCommand($"show {setting}", connection);
            return (string)(await command.ExecuteScalarAsync(cancel))!;
        }
    }

    static string Drop(string name) => $"drop database if exists {name} with (force)";

    async Task ExecuteAsync(string sql, CancellationToken cancel)
    {
        await using var connection = await OpenAsync(null, cancel);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancel);
    }
}
