using Analytics.Http;
using Analytics.Storage;
using Analytics.Storage.Facts;
using Analytics.Storage.Schema;
using Npgsql;

namespace Analytics.Reading;

/// <summary>
/// A request as it was told. <c>path</c>, <c>route</c>, <c>userAgent</c>, <c>ip</c>, <c>apiKeyId</c> and <c>requestId</c> are null where
/// there was none, and where its customer was erased; <c>ip</c> is a network, <c>customerId</c> the product's id, ours, or
/// <c>anonymous</c>.
/// </summary>
public sealed record StoredRequest(
    Guid Id, DateTimeOffset Timestamp, string Method, string? Path, string? Route, string Endpoint, int StatusCode, ExactNumber LatencyMs,
    string CustomerId, string? ProductId, string? ApiKeyId, long RequestSize, long ResponseSize, string? UserAgent, string? Ip,
    string? RequestId);

/// <summary>Reads whole requests: their rows, and the texts that these have by number.</summary>
sealed class StoredRequests(NpgsqlConnection connection, Workspace workspace)
{
    // Lateral and by the whole key: no plan may scan.
    const string Sql = $"""
        select
            {RequestRow.Columns}
        from unnest($2, $3) with ordinality as wanted (timestamp, id, place)
        cross join lateral (
            select *
            from requests
            where workspace_id = $1
              and timestamp = wanted.timestamp
              and id = wanted.id
            offset 0
        ) r
        order by place
        """;

    /// <summary>The requests at some places, in their order.</summary>
    public async Task<List<StoredRequest>> AtAsync(IReadOnlyList<FactPlace> places, CancellationToken cancel)
    {
        if (places.Count == 0)
            return [];
        return await NamedAsync(await RowsAsync(places, cancel), cancel);
    }

    /// <summary>The same, each with the id of the customer that made it; null for none that is registered.</summary>
    public async Task<List<(StoredRequest Request, Guid? Customer)>> WithCustomersAsync(
        IReadOnlyList<FactPlace> places, CancellationToken cancel)
    {
        if (places.Count == 0)
            return [];
        return await WithCustomersAsync(await RowsAsync(places, cancel), cancel);
    }

    /// <summary>The requests of some rows.</summary>
    public async Task<List<StoredRequest>> NamedAsync(List<RequestRow> rows, CancellationToken cancel) =>
        (await WithCustomersAsync(rows, cancel)).ConvertAll(one => one.Request);

    async Task<List<(StoredRequest Request, Guid? Customer)>> WithCustomersAsync(List<RequestRow> rows, CancellationToken cancel)
    {
        var texts = new RequestTexts(connection, workspace);
        var endpoints = await texts.OfAsync(RequestText.Endpoint, rows.Select(row => row.Endpoint), cancel);
        var products = await texts.OfAsync(RequestText.Product, rows.Select(row => row.Product), cancel);
        var keys = await texts.OfAsync(RequestText.ApiKey, rows.Select(row => row.ApiKey), cancel);
        var agents = await texts.OfAsync(RequestText.UserAgent, rows.Select(row => row.Agent), cancel);
        var customers = await CustomerNames.OfAsync(connection, workspace.Key, rows.Select(row => row.Person), cancel);
        return rows.ConvertAll(row =>
        {
            var customer = row.Person == 0 ? null : customers[row.Person];
            return (row.Shape(endpoints[row.Endpoint], customer is null ? RequestTexts.Anonymous : customer.Called!) with
            {
                ProductId = RequestRow.OrNull(products.GetValueOrDefault(row.Product)),
                ApiKeyId = RequestRow.OrNull(keys.GetValueOrDefault(row.ApiKey)),
                UserAgent = RequestRow.OrNull(agents.GetValueOrDefault(row.Agent)),
            }, customer?.Id);
        });
    }

    Task<List<RequestRow>> RowsAsync(IReadOnlyList<FactPlace> places, CancellationToken cancel)
    {
        SqlValue[] values =
            [workspace.Key, places.Select(place => place.Timestamp).ToArray(), places.Select(place => place.Id).ToArray()];
        return connection.QueryAsync(Sql, values, RequestRow.Read, cancel);
    }
}
