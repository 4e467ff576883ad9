using Analytics.Storage;
using Analytics.Storage.Apps;

namespace Analytics.Features.Ingestion;

/// <summary>A list of facts that a body may hold: its name, what one of them is called, and the draft they are read into.</summary>
sealed record FactList(string Name, string One, Func<byte[], IngestScope, Findings, FactDraft> NewDraft)
{
    public const int MaxFacts = 10_000;

    public static readonly FactList Events = new("events", "An event", (body, scope, findings) => new EventDraft(body, scope, findings));

    public static readonly FactList Requests =
        new("requests", "A request", (body, scope, findings) => new RequestDraft(body, scope, findings));

    public static readonly FactList Views = OfApp("views", "A view", AppFact.View, KeyKind.View);
    public static readonly FactList Devices = OfApp("devices", "A device", AppFact.Device, KeyKind.Device);
    public static readonly FactList Downloads = OfApp("downloads", "A download", AppFact.Download, KeyKind.Download);
    public static readonly FactList StorageChanges = OfApp("changes", "A change", AppFact.StorageChange, KeyKind.StorageChange);

    public static readonly FactList Invocations =
        new("invocations", "An invocation", (body, scope, findings) => new InvocationDraft(body, scope, findings));

    static FactList OfApp(string name, string one, AppFact what, KeyKind keys) =>
        new(name, one, (body, scope, findings) => new AppDraft(body, scope, findings, what, keys));
}
