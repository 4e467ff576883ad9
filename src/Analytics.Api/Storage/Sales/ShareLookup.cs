using System.Text;
using Analytics.Storage.Schema;
using Npgsql;

namespace Analytics.Storage.Sales;

/// <summary>The numbers of shares by their <c>share_id</c>; one nobody has named has none.</summary>
static class ShareLookup
{
    const string SharesSql = """
        select share
        from shares
        where workspace_id = $1
          and key = any($2)
        """;

    public static async Task<int[]> OfIdsAsync(
        NpgsqlConnection connection, Workspace workspace, IReadOnlyCollection<string> shareIds, CancellationToken cancel)
    {
        var keys = shareIds.Select(id => KeyHash.Of(workspace.HashKey, KeyKind.Share, Encoding.UTF8.GetBytes(id)).ToUuid());
        return [.. await connection.QueryAsync(SharesSql, [workspace.Key, keys.ToArray()], row => row.GetInt32(0), cancel)];
    }
}
