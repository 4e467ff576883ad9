namespace Analytics.PrivatePostgres;

/// <summary>
/// Held by the one process that starts, supervises and stops the Postgres of a data directory. The kernel drops it with the
/// process, however that ends, so it is never stale.
/// </summary>
sealed class DataDirectoryLock : IDisposable
{
    readonly FileStream file;

    DataDirectoryLock(FileStream file) => this.file = file;

    /// <exception cref="DataDirectoryHeldException">Another process, or another part of this one, holds it.</exception>
    public static DataDirectoryLock Take(string dataDirectory)
    {
        Directory.CreateDirectory(dataDirectory);
        try
        {
            // FileShare.None is an exclusive flock here; the file itself stays, only the lock comes and goes.
            var held = new FileStream(LockIn(dataDirectory), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            File.WriteAllText(HolderIn(dataDirectory), $"{Environment.ProcessId}");
            return new DataDirectoryLock(held);
        }
        catch (IOException) when (File.Exists(LockIn(dataDirectory)))
        {
            var holder = HolderIn(dataDirectory);
            throw new DataDirectoryHeldException(dataDirectory, File.Exists(holder) ? File.ReadAllText(holder) : "unknown");
        }
    }

    static string LockIn(string dataDirectory) => Path.Combine(dataDirectory, "lock");

    // A file of its own, as nobody can read one that is locked.
    static string HolderIn(string dataDirectory) => Path.Combine(dataDirectory, "service.pid");

    public void Dispose() => file.Dispose();
}
