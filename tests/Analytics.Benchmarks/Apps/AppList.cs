using Analytics.Storage;

namespace Analytics.Benchmarks.Apps;

/// <summary>A list of facts of an app: the route that takes them, and how many of all facts they are.</summary>
/// <param name="Route">The end of the route.</param>
/// <param name="Member">What the list is called in the body.</param>
/// <param name="Kind">What such a row of <c>app_facts</c> is; 0 for invocations, which have a table of their own.</param>
/// <param name="Keys">What kind of fact their ids name; null where they have none.</param>
/// <param name="Share">Of all facts.</param>
sealed record AppList(string Route, string Member, short Kind, KeyKind? Keys, double Share)
{
    public static readonly AppList Views = new("views", "views", 1, KeyKind.View, 0.30);
    public static readonly AppList Devices = new("devices", "devices", 2, null, 0.40);
    public static readonly AppList Downloads = new("downloads", "downloads", 3, KeyKind.Download, 0.15);
    public static readonly AppList Changes = new("storage", "changes", 4, KeyKind.StorageChange, 0.05);
    public static readonly AppList Invocations = new("invocations", "invocations", 0, KeyKind.Invocation, 0.10);

    public static readonly AppList[] All = [Views, Devices, Downloads, Changes, Invocations];
}
