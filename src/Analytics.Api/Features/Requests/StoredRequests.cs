using System.Net;
using Analytics.Http;
using Analytics.Storage;
using Analytics.Storage.Facts;
using Analytics.Storage.Schema;
using Npgsql;

namespace Analytics.Features.Requests;

/// <summary>
/// A request as it was told. <c>path</c>, <c>route</c>, <c>userAgent</c>, <c>ip</c>, <c>apiKeyId</c> and <c>requestId</c> are null where
/// there was none, and where its customer was erased; <c>ip</c> is a network, <c>customerId</c> the product's id, ours, or
/// <c>anonymous</c>.
/// </summary>
public sealed record StoredRequest(
    Guid Id, DateTimeOffset Timestamp, string Method, string? Path, string? Route, string Endpoint, int StatusCode, ExactNumber LatencyMs,
    string CustomerId, string? ProductId, string? ApiKeyId, long RequestSize, long ResponseSize, string? UserAgent, string? Ip,
    string? RequestId);

/// <summary>Where a request stands in time, and among those of the same microsecond.</summary>
readonly record struct RequestPlace(DateTime Timestamp, Guid Id);

/// <summary>Reads whole requests: their rows, and the texts that these have by number.</summary>
sealed class StoredRequests(NpgsqlConnection connection, Workspace workspace)
{
    const int Ipv4Bytes = 3;
    const int Ipv6Length = 16;

    // Lateral and by the whole key: no plan may scan.
    const string Sql = """
        select
            known.timestamp, known.id, method, path, has_route, route, endpoint, status, latency, person, product, api_key, request_size,
            response_size, agent, address, request_id
        from unnest($2, $3) with ordinality as wanted (timestamp, id, place)
        cross join lateral (
            select *
            from requests
            where workspace_id = $1
              and timestamp = wanted.timestamp
              and id = wanted.id
            offset 0
        ) known
        order by place
        """;

    /// <summary>The requests at some places, in their order.</summary>
    public async Task<List<StoredRequest>> AtAsync(IReadOnlyList<RequestPlace> places, CancellationToken cancel)
    {
        if (places.Count == 0)
            return [];
        SqlValue[] values =
            [workspace.Key, places.Select(place => place.Timestamp).ToArray(), places.Select(place => place.Id).ToArray()];
        var rows = await connection.QueryAsync(Sql, values, Row.Of, cancel);
        var texts = new RequestTexts(connection, workspace);
        var endpoints = await texts.OfAsync(RequestText.Endpoint, rows.Select(row => row.Endpoint), cancel);
        var products = await texts.OfAsync(RequestText.Product, rows.Select(row => row.Product), cancel);
        var keys = await texts.OfAsync(RequestText.ApiKey, rows.Select(row => row.ApiKey), cancel);
        var agents = await texts.OfAsync(RequestText.UserAgent, rows.Select(row => row.Agent), cancel);
        var customers = await texts.CustomersAsync(rows.Select(row => row.Person), cancel);
        return rows.ConvertAll(row => row.Shape(endpoints[row.Endpoint], customers[row.Person]) with
        {
            ProductId = OrNull(products.GetValueOrDefault(row.Product)),
            ApiKeyId = OrNull(keys.GetValueOrDefault(row.ApiKey)),
            UserAgent = OrNull(agents.GetValueOrDefault(row.Agent)),
        });
    }

    /// <summary>The network of an address as it is kept; null where there is none.</summary>
    internal static string? NetworkOf(ReadOnlySpan<byte> kept) => kept switch
    {
        [] => null,
        { Length: Ipv4Bytes } => new IPAddress([.. kept, 0]).ToString(),
        _ => new IPAddress([.. kept, .. new byte[Ipv6Length - kept.Length]]).ToString(),
    };

    static string? OrNull(string? text) => string.IsNullOrEmpty(text) ? null : text;

    sealed record Row(
        RequestPlace Place, string Method, string Path, bool HasRoute, string Route, int Endpoint, short Status, long Latency, int Person,
        int Product, int ApiKey, long RequestSize, long ResponseSize, int Agent, byte[] Address, byte[] RequestId)
    {
        public static Row Of(NpgsqlDataReader row) => new(
            new(row.GetDateTime(0), row.GetGuid(1)), row.GetString(2), row.GetString(3), row.GetBoolean(4), row.GetString(5),
            row.GetInt32(6), row.GetInt16(7), row.GetInt64(8), row.GetInt32(9), row.GetInt32(10), row.GetInt32(11), row.GetInt64(12),
            row.GetInt64(13), row.GetInt32(14), row.Bytes(15), row.Bytes(16));

        public StoredRequest Shape(string endpoint, string customer) => new(
            Place.Id, new DateTimeOffset(Place.Timestamp), Method, OrNull(Path), RouteOf(endpoint), endpoint, Status,
            RequestTotals.Milliseconds(Latency), customer, null, null, RequestSize, ResponseSize, null, NetworkOf(Address),
            Storage.Requests.RequestId.Unpack(RequestId));

        // Its own where the day had no room for the endpoint that it makes.
        string? RouteOf(string endpoint) => !HasRoute ? null : Route.Length > 0 ? Route : endpoint[(Method.Length + 1)..];
    }
}
