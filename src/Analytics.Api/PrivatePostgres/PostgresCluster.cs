using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using Analytics.Files;
using Npgsql;

namespace Analytics.PrivatePostgres;

/// <summary>One cluster and its postmaster: opened, started, found again, stopped. Knows nothing of supervision.</summary>
[UnsupportedOSPlatform("windows")]
sealed class PostgresCluster
{
    readonly PrivateServerOptions options;
    readonly PostgresBinaries binaries;
    readonly ClusterPlace place;
    readonly ClusterProcesses processes;
    readonly string password;

    PostgresCluster(PrivateServerOptions options, PostgresBinaries binaries, ClusterPlace place, string password)
    {
        (this.options, this.binaries, this.place, this.password) = (options, binaries, place, password);
        processes = new ClusterProcesses(place);
    }

    public ProcessMark? Postmaster { get; private set; }

    /// <summary>Chosen by the first start and kept by every later one, because connection strings hold it.</summary>
    public int? Port { get; private set; }

    /// <summary>Finds the cluster of a data directory, or makes it.</summary>
    public static async Task<PostgresCluster> OpenAsync(PrivateServerOptions options, CancellationToken cancel)
    {
        var account = await ServerAccount.ForAsync(options.ClusterDirectory, cancel);
        var version = Path.Combine(options.ClusterDirectory, "PG_VERSION");
        int? madeBy = File.Exists(version) ? int.Parse(await File.ReadAllTextAsync(version, cancel), CultureInfo.InvariantCulture) : null;
        var found = await PostgresBinaries.FindAsync(account, madeBy, cancel);
        if (madeBy is null)
            await ClusterDirectory.MakeAsync(options, account, found, cancel);
        var directory = await ClusterPlace.OfAsync(options.ClusterDirectory, account, cancel);
        return new PostgresCluster(options, found, directory, ClusterDirectory.Password(options));
    }

    /// <summary>Adopts the postmaster that an earlier process left running with the same settings, or starts one.</summary>
    public async Task StartAsync(CancellationToken cancel)
    {
        // Before the first word to whoever listens there.
        await SocketDirectoryAsync(cancel);
        var onDisk = await File.ReadAllTextAsync(ConfigurationFile, cancel);
        Postmaster = await processes.PostmasterAsync(cancel);
        Port ??= ClusterConfiguration.PortIn(onDisk) is { } earlier && (Postmaster is not null || ClusterConfiguration.IsFree(earlier))
            ? earlier
            : ClusterConfiguration.FreePort();
        var wanted = await ConfigurationAsync(Port.Value, cancel);
        if (Postmaster is not null && onDisk == wanted && await AnswersWithinAsync(TimeSpan.FromSeconds(10), cancel))
            return;

        await StopAsync(cancel);
        await processes.ClearAsync(SocketsApart ?? options.ClusterDirectory, cancel);
        await File.WriteAllTextAsync(ConfigurationFile, wanted, cancel);
        await place.Account.OwnAsync(ConfigurationFile, cancel);
        await LaunchAsync(cancel);
    }

    /// <summary>Ends every connection, writes what is in memory and stops; harmless when it does not run.</summary>
    public async Task StopAsync(CancellationToken cancel)
    {
        if (await processes.PostmasterAsync(cancel) is not { } running)
            return;
        var outcome = await PgCtlAsync(["stop", "-m", "fast", "-w", "-t", "120"], cancel);
        if (outcome.Succeeded)
            await processes.EndedAsync(running, cancel);
        Postmaster = null;
        if (SocketsApart is { } sockets && Directory.Exists(sockets))
            Directory.Delete(sockets, recursive: true);
    }

    /// <summary>The connection string of a server that another process runs.</summary>
    public static async Task<string> RunningAsync(PrivateServerOptions options, CancellationToken cancel)
    {
        var onDisk = await File.ReadAllTextAsync(Path.Combine(options.ClusterDirectory, "postgresql.conf"), cancel);
        if (SocketsApartOf(options) is { } sockets)
            PrivateDirectory.Verify(sockets, (await ServerAccount.ForAsync(options.ClusterDirectory, cancel)).UserId);
        return ConnectionString(options, ClusterConfiguration.PortIn(onDisk), ClusterDirectory.Password(options), "analytics");
    }

    public string ConnectionString(string database = "analytics") => ConnectionString(options, Port, password, database);

    static string ConnectionString(PrivateServerOptions options, int? port, string password, string database) =>
        new NpgsqlConnectionStringBuilder
        {
            Host = ClusterConfiguration.SocketDirectory(options.ClusterDirectory),
            Port = port ?? throw new PrivateServerException($"The Postgres in {options.ClusterDirectory} was never started."),
            Username = ClusterDirectory.User,
            Password = password,
            Database = database,
            // The server keeps 90 for this login; the rest of these is for commands beside the service.
            MaxPoolSize = 80,
        }.ConnectionString;

    string? SocketsApart => SocketsApartOf(options);

    static string? SocketsApartOf(PrivateServerOptions options) =>
        ClusterConfiguration.SocketDirectory(options.ClusterDirectory) is var place && place != options.ClusterDirectory ? place : null;

    string ConfigurationFile => Path.Combine(options.ClusterDirectory, "postgresql.conf");

    // pg_ctl puts the postmaster into a session of its own: the terminal's Ctrl-C must not end it before the service is done with it.
    async Task LaunchAsync(CancellationToken cancel)
    {
        await SocketDirectoryAsync(cancel);
        var outcome = await PgCtlAsync(["start", "-w", "-t", "600", "-l", Path.Combine(place.Name, "start.log")], cancel);
        Postmaster = await processes.PostmasterAsync(cancel);
        if (!outcome.Succeeded || Postmaster is null || !await AnswersWithinAsync(TimeSpan.FromSeconds(60), cancel))
            throw new PrivateServerException(
                $"Postgres did not start: {outcome.Complaint}. See start.log and log/ in {options.ClusterDirectory}.");
    }

    Task<CommandOutcome> PgCtlAsync(string[] arguments, CancellationToken cancel) =>
        place.RunAsync(new Command(binaries.PgCtl, ["-D", place.Name, .. arguments]), cancel);

    async Task<string> ConfigurationAsync(int port, CancellationToken cancel)
    {
        var ask = new Command(binaries.Postgres, "-D", place.Name, "-c", "wal_compression=lz4", "-C", "wal_compression");
        var lz4 = await place.RunAsync(ask, cancel);
        return ClusterConfiguration.Text(
            port,
            SocketsApart ?? ".",
            options.MaxConnections,
            options.SharedBuffersMegabytes ?? ClusterConfiguration.DefaultSharedBuffersMegabytes,
            lz4.Succeeded ? "lz4" : "pglz");
    }

    async Task SocketDirectoryAsync(CancellationToken cancel)
    {
        if (SocketsApart is not { } sockets)
            return;
        PrivateDirectory.Make(sockets, place.Account.UserId);
        await place.Account.OwnAsync(sockets, cancel);
    }

    /// <summary>
    /// True once a query was answered. On the way it does what initdb leaves to do: makes the database, and closes the others to the logins
    /// of apps, which connect to their own database and no other.
    /// </summary>
    async Task<bool> AnswersWithinAsync(TimeSpan patience, CancellationToken cancel)
    {
        // Without a name its connection string would be its name in metrics.
        var admin = new NpgsqlDataSourceBuilder(ConnectionString("postgres") + ";Pooling=false;Timeout=5") { Name = "analytics-admin" };
        await using var server = admin.Build();
        var clock = Stopwatch.StartNew();
        while (true)
            try
            {
                await using var exists = server.CreateCommand("select 1 from pg_database where datname = 'analytics'");
                await using var create = server.CreateCommand("create database analytics");
                await using var close = server.CreateCommand("revoke connect on database postgres, template1 from public");
                if (await exists.ExecuteScalarAsync(cancel) is null)
                    await create.ExecuteNonQueryAsync(cancel);
                await close.ExecuteNonQueryAsync(cancel);
                return true;
            }
            catch (NpgsqlException) when (clock.Elapsed < patience && Postmaster is { IsAlive: true })
            {
                await Task.Delay(100, cancel);
            }
            catch (NpgsqlException)
            {
                return false;
            }
    }
}
