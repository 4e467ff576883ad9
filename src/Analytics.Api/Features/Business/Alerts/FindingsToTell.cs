using System.Text;
using Analytics.Storage;

namespace Analytics.Features.Business.Alerts;

/// <summary>
/// Which findings may be told, in the snapshot they were made in. What only erased people's facts say is told no more: before the erasure
/// it was, if ever. While one goes on facts still have texts and names that it took from alerts and crossings already: nothing is told by
/// such a name, and what is crossed by none of them is not back before it is done, or it would be told as crossed once more.
/// </summary>
sealed class FindingsToTell(BoundedRead read, WatchPosition position)
{
    const string LeftSql = """
        select owner
        from unnest($2) as owner
        where not exists (
            select
            from erasures
            cross join unnest(erasures.people) as erased (person)
            join people on people.workspace_id = $1 and people.person = erased.person
            where erasures.workspace_id = $1
              and owner in (people.external_id, people.customer_id::text))
        """;

    const string IsNameSql = """
        select exists (
            select
            from erasures
            where workspace_id = $1
              and status <> 'done'
              and (names -> 0 ?| array[$2, btrim($2)] or names -> 1 ? lower(btrim($2))))
        """;

    public async Task<List<FoundCrossing>> OfAsync(List<FoundCrossing> found)
    {
        var told = new List<FoundCrossing>();
        foreach (var crossing in found)
            if (await OfAsync(crossing) is { } left)
                told.Add(left);
        return told;
    }

    /// <summary>The finding with the owners that are left; null where it may not be told.</summary>
    async Task<FoundCrossing?> OfAsync(FoundCrossing found)
    {
        var (query, finding) = (found.Held.Alert.Query, found.Finding);
        if (query?.LooksAtTexts != true)
            return found;
        if (!finding.IsCrossed)
            return position.Era.IsErasing ? null : found;
        if (position.Era.IsErasing && query.IsOfProduct && finding.Key is [(byte)'t', .. var text]
            && await read.Connection.ScalarAsync<bool>(IsNameSql, [position.Workspace, Encoding.UTF8.GetString(text)], read.Cancel))
            return null;
        if (finding.Owners is not { } owners)
            return found;
        var left = await read.Connection.QueryAsync(LeftSql, [position.Workspace, owners], row => row.GetString(0), read.Cancel);
        return left is [] ? null : found with { Finding = finding with { Owners = [.. left] } };
    }
}
