using System.Text;
using Analytics.Storage;
using Analytics.Storage.Requests;

namespace Analytics.Features.Ingestion;

/// <summary>The members of an API request that we know, by their place in <see cref="RequestDraft.Pointers"/>.</summary>
enum RequestMember
{
    Method,
    Path,
    Route,
    StatusCode,
    LatencyMs,
    Timestamp,
    CustomerId,
    ApiKeyId,
    ProductId,
    RequestSize,
    ResponseSize,
    UserAgent,
    Ip,
    RequestId,
}

/// <summary>The API request being read.</summary>
sealed class RequestDraft(byte[] body, IngestScope scope, Findings findings) : FactDraft(body, scope, findings, Names)
{
    /// <summary>In the order of <see cref="RequestMember"/>.</summary>
    public static readonly string[] Pointers =
    [
        "/method", "/path", "/route", "/statusCode", "/latencyMs", "/timestamp", "/customerId", "/apiKeyId", "/productId", "/requestSize",
        "/responseSize", "/userAgent", "/ip", "/requestId",
    ];

    static readonly byte[][] Names = [.. Pointers.Select(pointer => Encoding.UTF8.GetBytes(pointer[1..]))];

    public ReadOnlyMemory<byte> Method { get; set; }
    public ReadOnlyMemory<byte> Path { get; set; }
    public ReadOnlyMemory<byte> Route { get; set; }
    public short Status { get; set; }

    /// <summary>Microseconds.</summary>
    public long Latency { get; set; }
    public long RequestSize { get; set; }
    public long ResponseSize { get; set; }
    public ReadOnlyMemory<byte> Product { get; set; }
    public ReadOnlyMemory<byte> ApiKey { get; set; }
    public ReadOnlyMemory<byte> UserAgent { get; set; }
    public ReadOnlyMemory<byte> Address { get; set; }

    public JsonSlice this[RequestMember member] => this[(int)member];

    public static string NameOf(RequestMember member) => Pointers[(int)member][1..];

    public void Refuse(RequestMember member, string code, string message) => Refuse(Pointers[(int)member], code, message);

    public override void Check()
    {
        foreach (var (_, check) in RequestRules.All)
            check(this);
    }

    public override IncomingRequest Finish() => new()
    {
        Index = Index,
        Timestamp = Timestamp,
        CustomerId = CustomerId,
        ExternalCustomerId = ExternalCustomerId,
        ExternalId = ExternalId,
        KeyKind = KeyKind.Request,
        Portal = Scope.Bound?.Id,
        Method = Method,
        Path = Path,
        Endpoint = Route.IsEmpty ? EndpointKey.OfPath(Method.Span, Path.Span) : EndpointKey.OfRoute(Method.Span, Route.Span),
        HasRoute = !Route.IsEmpty,
        Status = Status,
        Latency = Latency,
        RequestSize = RequestSize,
        ResponseSize = ResponseSize,
        Product = Product,
        ApiKey = ApiKey,
        UserAgent = UserAgent,
        Address = Address,
    };

    protected override void Clear()
    {
        Method = Path = Route = Product = ApiKey = UserAgent = Address = default;
        Status = 0;
        Latency = RequestSize = ResponseSize = 0;
    }
}
