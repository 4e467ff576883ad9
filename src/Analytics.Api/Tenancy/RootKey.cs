using System.Security.Cryptography;
using System.Text;
using Analytics.Files;
using Analytics.Storage;
using Microsoft.Extensions.Options;

namespace Analytics.Tenancy;

/// <summary>
/// The key that manages workspaces, users and keys. From configuration; when absent it is made up, kept in the data
/// directory and printed once.
/// </summary>
sealed class RootKey
{
    readonly byte[] hash;

    public RootKey(IOptions<AccessOptions> access, IOptions<DataDirectoryOptions> data)
    {
        Text = access.Value.RootKey is { Length: > 0 } given ? given : Kept(data.Value.Path);
        hash = Hash(Text);
    }

    /// <summary>The key itself, for commands that act with it.</summary>
    internal string Text { get; }

    public bool Matches(string credential) => CryptographicOperations.FixedTimeEquals(Hash(credential), hash);

    static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    static string Kept(string directory)
    {
        Directory.CreateDirectory(directory);
        var path = Path.Combine(directory, "root-key");
        if (PrivateFile.Read(path) is { Length: > 0 } kept)
            return AccessOptions.IsLongEnough(kept) ? kept : throw new OptionsValidationException(
                nameof(RootKey), typeof(RootKey), [$"The root key in {path} is too short: {AccessOptions.Demand}"]);

        var key = "root_" + RandomNumberGenerator.GetHexString(48, lowercase: true);
        PrivateFile.Write(path, key);
        // To the console, never to the log: logs are shipped elsewhere.
        Console.WriteLine($"Root key (kept in {path}): {key}");
        return key;
    }
}
