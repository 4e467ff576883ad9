using System.Text;
using Analytics.Storage.Model;
using Npgsql;

namespace Analytics.Storage;

/// <summary>The numbers of shares by their <c>share_id</c>; one nobody has named has none.</summary>
static class ShareLookup
{
    public static async Task<int[]> OfIdsAsync(
        NpgsqlConnection connection, Workspace workspace, IReadOnlyCollection<string> shareIds, CancellationToken cancel)
    {
        var parameters = new SqlParameters();
        parameters.Add(workspace.Key);
        parameters.Add(shareIds.Select(id => KeyHash.Of(workspace.HashKey, KeyKind.Share, Encoding.UTF8.GetBytes(id)).ToUuid()).ToArray());
        await using var command = parameters.Command("""
            select share
            from shares
            where workspace_id = $1
              and key = any($2)
            """, connection);
        var shares = new List<int>();
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
            shares.Add(reader.GetInt32(0));
        return [.. shares];
    }
}
