using Analytics.Storage;
using Npgsql;

namespace Analytics.Features.Erasure;

/// <summary>
/// API requests of erased people: method, endpoint, product, status, sizes and latency stay, which is all that counts; what was called,
/// from where, with what and under which id goes. Nobody else writes these rows, so no writer has to wait.
/// </summary>
sealed class ErasedRequests(NpgsqlConnection connection, int workspace, ErasedWhom whom) : ErasedFacts(connection, workspace, whom)
{
    const string FindSql = """
        select
            timestamp,
            id,
            path <> '' or route <> '' or has_route or api_key <> 0 or agent <> 0 or address <> '' or request_id <> '' as is_dirty
        from requests
        where workspace_id = $1
          and timestamp >= $2
          and (timestamp, id) > ($2, $3)
          and timestamp <= $4
          and (timestamp, id) <= ($4, $5)
          and person = any($6)
        order by timestamp, id
        limit $7
        """;

    const string ScrubSql = """
        update requests
        set path = '', route = '', has_route = false, api_key = 0, agent = 0, address = '', request_id = ''
        from unnest($2, $3) as wanted (timestamp, id)
        where requests.workspace_id = $1
          and requests.timestamp = wanted.timestamp
          and requests.id = wanted.id
        """;

    protected override string Table => "requests";

    protected override async Task<ErasureStep?> ScrubAsync(ErasurePlace from, ErasurePlace end, CancellationToken cancel)
    {
        var found = await Connection.QueryAsync(
            FindSql, [Workspace, from.Time, from.Id, end.Time, end.Id, Whom.People, ScrubbedAtOnce],
            row => (Place: new ErasurePlace(row.GetDateTime(0), row.GetGuid(1)), IsDirty: row.GetBoolean(2)), cancel);
        var dirty = found.FindAll(request => request.IsDirty).ConvertAll(request => request.Place);
        if (dirty.Count > 0)
            await Connection.ExecuteAsync(
                ScrubSql, [Workspace, dirty.Select(place => place.Time).ToArray(), dirty.Select(place => place.Id).ToArray()], cancel);
        return new(found.Count, dirty.Count == 0, found.Count == ScrubbedAtOnce ? found[^1].Place : null);
    }
}
