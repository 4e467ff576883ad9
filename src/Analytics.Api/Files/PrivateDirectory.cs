using System.Runtime.Versioning;

namespace Analytics.Files;

/// <summary>
/// A directory that nobody but its owner may enter, in a place where anybody may have put something of that name before: a link, an open
/// directory, one of another account. Such a one is refused.
/// </summary>
[UnsupportedOSPlatform("windows")]
static class PrivateDirectory
{
    const UnixFileMode OnlyOwner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>
    /// Makes it where there is none. What is there has to be closed, and this account's own or that of <paramref name="other"/>.
    /// </summary>
    public static void Make(string path, int? other)
    {
        if (!Path.Exists(path) && Listing.OfItself(path) is null)
            Directory.CreateDirectory(path, OnlyOwner);
        Verify(path, other);
    }

    /// <summary>Throws for one that is not private, or that is not there.</summary>
    public static void Verify(string path, int? other)
    {
        if (Listing.OfItself(path) is not { } listing)
            throw new ForeignFileException(path, "is not there");
        // A plus at the end: more accounts may enter than the mode says.
        if (!listing.Mode.StartsWith("drwx------", StringComparison.Ordinal) || listing.Mode.EndsWith('+'))
            throw new ForeignFileException(path, $"is open to others ({listing.Mode})");
        if (Environment.IsPrivilegedProcess)
        {
            if (listing.UserId != 0 && listing.UserId != other)
                throw new ForeignFileException(path, $"belongs to the account {listing.UserId}");
            return;
        }

        try
        {
            // Changes nothing, and only its owner may.
            File.SetUnixFileMode(path, OnlyOwner);
        }
        catch (UnauthorizedAccessException)
        {
            throw new ForeignFileException(path, $"belongs to the account {listing.UserId}");
        }
    }
}
