using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Analytics.PrivatePostgres;

/// <summary>The <c>postgresql.conf</c> of the private server: durable always, sized for writing many small facts.</summary>
static class ClusterConfiguration
{
    /// <summary>The whole file, written anew at every start.</summary>
    public static string Text(
        int port, string socketDirectory, int maxConnections, int sharedBuffersMegabytes, string walCompression) => $"""
        # Written by Analytics at every start. Own settings: ALTER SYSTEM, which wins over this file.
        listen_addresses = '127.0.0.1'
        port = {port}
        unix_socket_directories = '{socketDirectory}'
        unix_socket_permissions = 0700
        max_connections = {maxConnections}
        # Apps' logins take what is left, and never the service's.
        superuser_reserved_connections = 90
        password_encryption = scram-sha-256

        fsync = on
        synchronous_commit = on
        full_page_writes = on
        wal_compression = {walCompression}
        wal_buffers = 16MB
        max_wal_size = 8GB
        min_wal_size = 512MB
        checkpoint_timeout = 15min

        shared_buffers = {sharedBuffersMegabytes}MB
        dynamic_shared_memory_type = {(SmallSharedMemory ? "sysv" : "posix")}
        work_mem = 16MB
        maintenance_work_mem = 256MB
        max_locks_per_transaction = 256
        jit = off
        random_page_cost = 1.1
        track_io_timing = off

        timezone = 'UTC'
        log_timezone = 'UTC'
        logging_collector = on
        log_directory = 'log'
        log_filename = 'postgres-%a.log'
        log_rotation_age = 1d
        log_rotation_size = 0
        log_truncate_on_rotation = on
        # Statements and details of errors carry customers' data.
        log_min_error_statement = panic
        log_error_verbosity = terse

        """;

    /// <summary>A quarter of the memory this process may use, between 128 MB and 2 GB.</summary>
    public static int DefaultSharedBuffersMegabytes =>
        (int)Math.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4 >> 20, 128, 2048);

    /// <summary>The port an earlier start chose, so that connection strings given to apps stay valid.</summary>
    public static int? PortIn(string text) =>
        text.Split('\n').FirstOrDefault(line => line.StartsWith("port = ", StringComparison.Ordinal)) is { } line
        && int.TryParse(line["port = ".Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : null;

    /// <summary>A free port below those that the system hands out to outgoing connections, which could take it during a restart.</summary>
    public static int FreePort()
    {
        for (var attempt = 0; attempt < 200; attempt++)
            if (RandomNumberGenerator.GetInt32(20_000, 32_000) is var port && IsFree(port))
                return port;
        throw new PrivateServerException("No free port of 127.0.0.1 between 20000 and 32000 was found.");
    }

    public static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>
    /// Where the service finds the socket: the cluster's own directory, or a short one when that path is longer than a socket address
    /// may be.
    /// </summary>
    public static string SocketDirectory(string clusterDirectory) => Encoding.UTF8.GetByteCount(clusterDirectory) <= 80
        ? clusterDirectory
        : Path.Combine("/tmp", $"analytics-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(clusterDirectory)))[..12]}");

    // Containers often have 64 MB there, too little for parallel queries.
    static bool SmallSharedMemory => Directory.Exists("/dev/shm") && new DriveInfo("/dev/shm").TotalSize < 1L << 30;
}
