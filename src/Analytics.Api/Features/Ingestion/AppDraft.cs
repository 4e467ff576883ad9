using System.Text;
using Analytics.Storage;
using Analytics.Storage.Apps;

namespace Analytics.Features.Ingestion;

/// <summary>The members of an app's fact that we know, by their place in <see cref="AppDraft.Pointers"/>.</summary>
enum AppMember
{
    Bytes,
    ViewerId,
    DeviceId,
    Timestamp,
    ExternalId,
}

/// <summary>The view, device, download or change of storage being read.</summary>
sealed class AppDraft(byte[] body, IngestScope scope, Findings findings, AppFact what, KeyKind keys)
    : FactDraft(body, scope, findings, Names)
{
    /// <summary>In the order of <see cref="AppMember"/>.</summary>
    public static readonly string[] Pointers = ["/bytes", "/viewerId", "/deviceId", "/timestamp", "/externalId"];

    static readonly byte[][] Names = [.. Pointers.Select(pointer => Encoding.UTF8.GetBytes(pointer[1..]))];

    /// <summary>The viewer or device.</summary>
    public ReadOnlyMemory<byte> Subject { get; set; }

    /// <summary>Bytes.</summary>
    public long Amount { get; set; }

    public JsonSlice this[AppMember member] => this[(int)member];

    public void Refuse(AppMember member, string code, string message) => Refuse(Pointers[(int)member], code, message);

    public override void Check()
    {
        foreach (var (_, of, check) in AppRules.All)
            if (of.Contains(what))
                check(this);
    }

    public override IncomingAppFact Finish() => new()
    {
        Index = Index,
        Timestamp = Timestamp,
        ExternalId = ExternalId,
        KeyKind = keys,
        What = what,
        App = Scope.App,
        Subject = Subject,
        Amount = Amount,
    };

    protected override void Clear() => (Subject, Amount) = (default, 0);
}
