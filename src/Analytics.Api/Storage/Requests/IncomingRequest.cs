using Analytics.Storage.Facts;

namespace Analytics.Storage.Requests;

/// <summary>
/// An API request that passed validation. Its <c>requestId</c> is <see cref="IncomingFact.ExternalId"/>; who made it is its person, nobody
/// for <c>anonymous</c>.
/// </summary>
sealed class IncomingRequest : IncomingFact
{
    public override FactKind Kind => RequestFacts.Section.Kind;

    public override long Bytes => Path.Length + Endpoint.Length + UserAgent.Length + Overhead;

    public override string CustomerPointer => "/customerId";
    public override string ExternalCustomerPointer => "/customerId";

    /// <summary>Upper-case letters, digits, <c>-</c> and <c>_</c>.</summary>
    public required ReadOnlyMemory<byte> Method { get; init; }

    /// <summary>Without query string and fragment; begins with <c>/</c>, or is <c>*</c>.</summary>
    public required ReadOnlyMemory<byte> Path { get; init; }

    /// <summary>The endpoint's key: the method, a colon, and the route or the path with its ids replaced.</summary>
    public required ReadOnlyMemory<byte> Endpoint { get; init; }

    /// <summary>Whether the endpoint is the method and a route that was sent; else it was made of the path.</summary>
    public bool HasRoute { get; init; }

    public required short Status { get; init; }

    /// <summary>Microseconds.</summary>
    public required long Latency { get; init; }

    /// <summary>Bytes of the request's and the response's bodies.</summary>
    public long RequestSize { get; init; }
    public long ResponseSize { get; init; }

    /// <summary>Empty where there is none.</summary>
    public ReadOnlyMemory<byte> Product { get; init; }
    public ReadOnlyMemory<byte> ApiKey { get; init; }
    public ReadOnlyMemory<byte> UserAgent { get; init; }

    /// <summary>The first 3 bytes of an IPv4 address, the first 6 of an IPv6 one; empty where there is none.</summary>
    public ReadOnlyMemory<byte> Address { get; init; }
}
