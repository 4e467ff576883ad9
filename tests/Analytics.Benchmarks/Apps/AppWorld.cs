using System.Text;

namespace Analytics.Benchmarks.Apps;

/// <summary>
/// What a workspace with apps is like: 40 of them, the first with a fifth of all facts and the last with a hundredth part of it; 20 000
/// devices and 5 000 viewers, few of which come often; 60 routes that 200 users invoke.
/// </summary>
static class AppWorld
{
    public const int Apps = 40;
    public const int Devices = 20_000;
    public const int Viewers = 5_000;
    public const int Users = 200;

    static readonly string[] Things =
    [
        "datasets", "projects", "invoices", "customers", "messages", "calendars", "documents", "employees", "inventory", "shipments",
        "campaigns", "templates",
    ];

    static readonly (string Method, string End)[] Calls =
        [("GET", "/search"), ("GET", "/details"), ("POST", "/comments"), ("PUT", "/settings"), ("DELETE", "/drafts")];

    static readonly (string Method, string Start, string End)[] Each =
        [.. from thing in Things from call in Calls select (call.Method, $"/api/{thing}/", call.End)];

    public static readonly int Routes = Each.Length;

    public static readonly byte[][] Methods = [.. Each.Select(route => Encoding.ASCII.GetBytes(route.Method))];

    /// <summary>What stands before the number in a path, and what after it.</summary>
    public static readonly (byte[] Start, byte[] End)[] Paths =
        [.. Each.Select(route => (Encoding.ASCII.GetBytes(route.Start), Encoding.ASCII.GetBytes(route.End)))];

    public static readonly byte[][] Errors =
    [
        .. new[]
        {
            "TypeError: Cannot read properties of undefined (reading 'id')", "The statement was cancelled after 30 s",
            "ECONNREFUSED 10.0.3.17:5432", "RangeError: Maximum call stack size exceeded",
        }.Select(Encoding.ASCII.GetBytes),
    ];

    /// <summary>How many of all facts an app has, as <see cref="Randomness.Ranked"/> draws them.</summary>
    public static double ShareOf(int app) => Math.Log((app + 2.0) / (app + 1)) / Math.Log(Apps + 1);

    /// <summary>A device's own id.</summary>
    public static Guid DeviceId(int device) => new UInt128(Randomness.Mix((ulong)device), Randomness.Mix(~(ulong)device)).AsRandomUuid();

    public static string NaturalId(int app) => $"bench:app-{app:00}";

    /// <summary>These bits as a UUIDv4.</summary>
    public static Guid AsRandomUuid(this UInt128 bits) => bits.Shaped(version: 4);

    /// <summary>These bits as the hash of an id, a UUIDv8.</summary>
    public static UInt128 AsHash(this UInt128 bits) => Analytics.Storage.KeyHash.ToSortable(bits.Shaped(version: 8));

    static Guid Shaped(this UInt128 bits, ulong version)
    {
        var (high, low) = ((ulong)(bits >> 64), (ulong)bits);
        return Analytics.Storage.KeyHash.ToUuid(
            new((high & ~0xF000UL) | (version << 12), (low & 0x3FFF_FFFF_FFFF_FFFF) | 0x8000_0000_0000_0000));
    }
}
