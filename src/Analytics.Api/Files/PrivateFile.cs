using System.Runtime.Versioning;

namespace Analytics.Files;

/// <summary>
/// Files with a key or a password in them: only their owner, this process' account, may read them. One that others could read is
/// closed to them, one that another account owns, and so may have prepared, is refused.
/// </summary>
static class PrivateFile
{
    const UnixFileMode OnlyOwner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The text without blanks around it; null when there is no such file.</summary>
    public static string? Read(string path)
    {
        if (!File.Exists(path))
            return null;
        if (!OperatingSystem.IsWindows())
            Close(path);
        return File.ReadAllText(path).Trim();
    }

    /// <summary>Makes the file, or puts it in another one's place: whole or not at all.</summary>
    public static void Write(string path, string text)
    {
        var unfinished = path + ".new";
        File.Delete(unfinished);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OnlyOwner;
        using (var file = new FileStream(unfinished, options))
        {
            file.Write(System.Text.Encoding.UTF8.GetBytes(text + "\n"));
            file.Flush(flushToDisk: true);
        }
        File.Move(unfinished, path, overwrite: true);
    }

    [UnsupportedOSPlatform("windows")]
    static void Close(string path)
    {
        // Root may change anybody's files, so it has to look; nobody else may, so changing it says that it is one's own.
        if (Environment.IsPrivilegedProcess && Listing.Of(path) is { UserId: not 0 } foreign)
            throw new ForeignFileException(path, $"belongs to the account {foreign.UserId}");
        try
        {
            File.SetUnixFileMode(path, OnlyOwner);
        }
        catch (UnauthorizedAccessException)
        {
            throw new ForeignFileException(path, "belongs to another account");
        }
    }
}

/// <summary>A file or a directory that has to be this account's own may be somebody else's.</summary>
sealed class ForeignFileException(string path, string why) : Exception(
    $"{path} {why}, who may know or change what is in it: remove it, or run as its owner.");
