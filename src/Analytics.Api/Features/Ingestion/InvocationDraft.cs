using System.Text;
using Analytics.Storage;
using Analytics.Storage.Apps;

namespace Analytics.Features.Ingestion;

/// <summary>The members of an invocation that we know, by their place in <see cref="InvocationDraft.Pointers"/>.</summary>
enum InvocationMember
{
    Method,
    Path,
    Username,
    StartedAt,
    DurationMs,
    StatusCode,
    MemoryPeakBytes,
    Error,
    ExternalId,
}

/// <summary>The invocation of an app's server route being read.</summary>
sealed class InvocationDraft(byte[] body, IngestScope scope, Findings findings) : FactDraft(body, scope, findings, Names)
{
    /// <summary>In the order of <see cref="InvocationMember"/>.</summary>
    public static readonly string[] Pointers =
    [
        "/method", "/path", "/username", "/startedAt", "/durationMs", "/statusCode", "/memoryPeakBytes", "/error", "/externalId",
    ];

    static readonly byte[][] Names = [.. Pointers.Select(pointer => Encoding.UTF8.GetBytes(pointer[1..]))];

    public ReadOnlyMemory<byte> Method { get; set; }
    public ReadOnlyMemory<byte> Path { get; set; }
    public ReadOnlyMemory<byte> Username { get; set; }

    /// <summary>Microseconds.</summary>
    public long Duration { get; set; }
    public short Status { get; set; }
    public long Memory { get; set; }
    public ReadOnlyMemory<byte> Error { get; set; }

    public JsonSlice this[InvocationMember member] => this[(int)member];

    public static string PointerOf(InvocationMember member) => Pointers[(int)member];

    public void Refuse(InvocationMember member, string code, string message) => Refuse(PointerOf(member), code, message);

    public override void Check()
    {
        foreach (var (_, check) in InvocationRules.All)
            check(this);
    }

    public override IncomingInvocation Finish() => new()
    {
        Index = Index,
        Timestamp = Timestamp,
        ExternalId = ExternalId,
        KeyKind = KeyKind.Invocation,
        App = Scope.App,
        Method = Method,
        Path = Path,
        Username = Username,
        Duration = Duration,
        Status = Status,
        Memory = Memory,
        Error = Error,
    };

    protected override void Clear()
    {
        Method = Path = Username = Error = default;
        Duration = Memory = 0;
        Status = 0;
    }
}
