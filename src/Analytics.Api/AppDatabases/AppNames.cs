using System.Security.Cryptography;
using System.Text;

namespace Analytics.AppDatabases;

/// <summary>
/// What a store's apps have on its server is called like this. Every login of a server sees these names, so they carry numbers only, and
/// they begin with the name of the store's database, so that two stores on one server never meet.
/// </summary>
sealed class AppNames(string store)
{
    // Postgres cuts names at 63 bytes; what comes behind the store's name takes up to 34.
    const int Longest = 29;
    const int Kept = 20;

    readonly string prefix = $"{Short(store)}_apps";

    /// <summary>The store's own database.</summary>
    public string Store => store;

    /// <summary>The role that owns the databases of apps: a database of that name which another owns is not the service's.</summary>
    public string Owner => prefix;

    /// <summary>The database of a workspace's apps.</summary>
    public string Database(int workspace) => $"{prefix}_{workspace}";

    public AppPlace Of(int workspace, int app) => new(Database(workspace), app);

    /// <summary>A name as statements take it, whatever it is.</summary>
    public static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    static string Short(string store)
    {
        if (Encoding.UTF8.GetByteCount(store) <= Longest)
            return store;
        var kept = new StringBuilder();
        foreach (var character in store.EnumerateRunes())
            if (Encoding.UTF8.GetByteCount($"{kept}{character}") <= Kept)
                kept.Append(character);
            else
                break;
        return $"{kept}_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(store)))[..8]}";
    }
}

/// <summary>Where an app's tables are, who may change them and who may read them.</summary>
sealed record AppPlace(string Database, int App)
{
    public string Schema => SchemaOf(App);

    /// <summary>The app's own login: makes and changes tables in the schema.</summary>
    public string Login => $"{Database}_{App}";

    /// <summary>What the service reads the app's tables as. Code of the app's that runs on the way has this login's rights only.</summary>
    public string Reader => $"{Login}_reader";

    public static string SchemaOf(int app) => $"app_{app}";

    public bool IsRole(string role) => role == Login || role == Reader;

    /// <summary>A table's name as statements take it.</summary>
    public string Quoted(string table) => $"{AppNames.Quoted(Schema)}.{AppNames.Quoted(table)}";
}
