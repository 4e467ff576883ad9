using System.Net;
using Analytics.Http;
using Analytics.Storage;
using Npgsql;

namespace Analytics.Reading;

/// <summary>A request's row; not yet the texts that its numbers stand for.</summary>
sealed record RequestRow(
    FactPlace Place, string Method, string Path, bool HasRoute, string Route, int Endpoint, short Status, long Latency, int Person,
    int Product, int ApiKey, long RequestSize, long ResponseSize, int Agent, byte[] Address, byte[] RequestId)
{
    const int Ipv4Bytes = 3;
    const int Ipv6Length = 16;

    /// <summary>Reads from <c>r</c>, a selection of rows of requests.</summary>
    public const string Columns = """
        r.timestamp, r.id, r.method, r.path, r.has_route, r.route, r.endpoint, r.status, r.latency, r.person, r.product, r.api_key,
        r.request_size, r.response_size, r.agent, r.address, r.request_id
        """;

    public static RequestRow Read(NpgsqlDataReader row) => new(
        new(row.GetDateTime(0), row.GetGuid(1)), row.GetString(2), row.GetString(3), row.GetBoolean(4), row.GetString(5),
        row.GetInt32(6), row.GetInt16(7), row.GetInt64(8), row.GetInt32(9), row.GetInt32(10), row.GetInt32(11), row.GetInt64(12),
        row.GetInt64(13), row.GetInt32(14), row.Bytes(15), row.Bytes(16));

    public StoredRequest Shape(string endpoint, string customer) => new(
        Place.Id, new DateTimeOffset(Place.Timestamp), Method, OrNull(Path), RouteOf(endpoint), endpoint, Status,
        ExactNumber.Milliseconds(Latency), customer, null, null, RequestSize, ResponseSize, null, NetworkOf(Address),
        Storage.Requests.RequestId.Unpack(RequestId));

    /// <summary>Null where there is none.</summary>
    public static string? OrNull(string? text) => string.IsNullOrEmpty(text) ? null : text;

    // Its own where the day had no room for the endpoint that it makes.
    string? RouteOf(string endpoint) => !HasRoute ? null : Route.Length > 0 ? Route : endpoint[(Method.Length + 1)..];

    // The network of an address as it is kept.
    static string? NetworkOf(ReadOnlySpan<byte> kept) => kept switch
    {
        [] => null,
        { Length: Ipv4Bytes } => new IPAddress([.. kept, 0]).ToString(),
        _ => new IPAddress([.. kept, .. new byte[Ipv6Length - kept.Length]]).ToString(),
    };
}
