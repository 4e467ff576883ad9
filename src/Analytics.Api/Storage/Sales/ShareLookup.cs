using System.Text;
using Analytics.Storage.Schema;
using Npgsql;

namespace Analytics.Storage.Sales;

/// <summary>The numbers of shares by their <c>share_id</c>; one nobody has named has none.</summary>
static class ShareLookup
{
    // Lateral and by a whole key: of a workspace the planner has not counted yet, "any" would go through all shares.
    const string SharesSql = """
        select one.share
        from unnest($2) as named (key)
        cross join lateral (
            select share
            from shares
            where workspace_id = $1
              and key = named.key
            offset 0
        ) one
        """;

    public static async Task<int[]> OfIdsAsync(
        NpgsqlConnection connection, Workspace workspace, IReadOnlyCollection<string> shareIds, CancellationToken cancel)
    {
        var keys = shareIds.Select(id => KeyHash.Of(workspace.HashKey, KeyKind.Share, null, Encoding.UTF8.GetBytes(id)).ToUuid());
        return [.. await connection.QueryAsync(SharesSql, [workspace.Key, keys.ToArray()], row => row.GetInt32(0), cancel)];
    }
}
