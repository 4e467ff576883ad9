namespace Analytics.PrivatePostgres;

/// <summary>Where the private Postgres keeps its data (made absolute), and how much it may take.</summary>
sealed record PrivateServerOptions(string DataDirectory)
{
    public string DataDirectory { get; } = Path.GetFullPath(DataDirectory);

    /// <summary>Postgres' shared buffers; a quarter of the memory but at most 2 GB when null.</summary>
    public int? SharedBuffersMegabytes { get; init; }

    /// <summary>How many connections it has: those of one service, and of the apps' logins.</summary>
    public int MaxConnections { get; init; } = 150;

    internal string ClusterDirectory => Path.Combine(DataDirectory, "postgres");
}

/// <summary>A private Postgres cannot run here; the message says why and what to do about it.</summary>
class PrivateServerException(string message) : Exception(message);

/// <summary>Another process runs the Postgres of this data directory.</summary>
sealed class DataDirectoryHeldException(string dataDirectory, string holder) : PrivateServerException(
    $"The data directory {dataDirectory} is in use by process {holder}. Stop that one, or give this one its own with ANALYTICS_DATA_DIR.");
