using Analytics.Storage.People;
using Analytics.Storage.Rollups.Reading;
using Analytics.Storage.Schema;
using Npgsql;

namespace Analytics.Features.Business.Costs;

/// <summary>What was paid for whom and what, and what customers paid, in one snapshot.</summary>
sealed class CostsQuery(NpgsqlDataSource store)
{
    public async Task<CostsAnswer> AnswerAsync(
        Workspace workspace, Customer? boundTo, CostsQuestion question, CancellationToken cancel)
    {
        await using var snapshot = await RollupSnapshot.OpenAsync(
            store, workspace.Key, CostCells.RollupsOf(question.HasSubscriptions), cancel);
        var texts = new CostTexts(snapshot.Connection, workspace);
        var people = await PeopleAsync(snapshot.Connection, workspace, boundTo, question, cancel);
        var cells = new CostCells(snapshot, question.Period.Whole, question.Period.Buckets, question.HasSubscriptions);
        await ReadAsync(cells, texts, question, people, cancel);

        var linked = await snapshot.LinkedPeopleAsync(cancel);
        await texts.LearnAsync(
            cells.Rows.Keys.Select(row => linked.MainOf(row.Person)), cells.Rows.Keys.Select(row => row.CostKey), cancel);
        if (question.GroupBy.Contains(CostsQuestion.Product))
            await texts.LearnProductsAsync(cancel);
        var groups = new CostGroups(question, texts, linked, cells.Rows.Count);
        foreach (var (row, sums) in cells.Rows)
            if (!sums.IsNothing)
                groups.Add(row.Person, row.CostKey, sums);
        var totals = new CostSums();
        foreach (var sums in cells.Rows.Values)
            totals.Add(sums);
        return new CostsAnswer(
            groups.Rows(), totals.ToTotals(question.HasRevenue),
            [.. question.Period.Buckets.Select((bucket, at) => cells.Trend[at].ToPoint(question.Period, bucket, question.HasRevenue))])
        {
            GroupBy = [.. question.GroupBy.Select(group => CostsQuestion.Groups[group])],
        };
    }

    /// <summary>Whose costs are asked for, of those that the caller may see; null for everybody's.</summary>
    static async Task<int[]?> PeopleAsync(
        NpgsqlConnection connection, Workspace workspace, Customer? boundTo, CostsQuestion question, CancellationToken cancel)
    {
        var visible = await PeopleLookup.VisibleAsync(connection, workspace.Key, boundTo, cancel);
        if (question.Customers is [])
            return visible;
        var ids = question.Customers.Select(name => Guid.TryParseExact(name, "D", out var id) ? id : (Guid?)null).OfType<Guid>().ToArray();
        int[] named =
        [
            .. (await PeopleLookup.OfExternalIdsAsync(connection, workspace.Key, question.Customers, cancel))
                .Union(await PeopleLookup.OfCustomersAsync(connection, workspace.Key, ids, cancel)),
        ];
        return visible is null ? named : [.. named.Intersect(visible)];
    }

    /// <summary>Reads from the rollup that holds the least: by person, by cost key, or by both.</summary>
    static async Task ReadAsync(
        CostCells cells, CostTexts texts, CostsQuestion question, int[]? people, CancellationToken cancel)
    {
        var byCustomer = question.GroupBy.Contains(CostsQuestion.Customer);
        if (people is null && byCustomer && !question.HasParts)
        {
            await cells.ReadPeopleAsync(cancel);
            return;
        }

        HashSet<int>? keys = null;
        if (question.IsFiltered || (people is null && byCustomer))
        {
            keys = await cells.KeysAsync(cancel);
            await texts.LearnAsync([], keys, cancel);
            keys.RemoveWhere(key => !question.Matches(texts.PartsOf(key)));
        }

        if (people is not null)
            await cells.ReadKeysOfAsync(people, keys, cancel);
        else if (byCustomer)
            await cells.ReadPeopleOfAsync(keys!, Alike(keys!, texts, question), cancel);
        else
            await cells.ReadKeysAsync(keys, cancel);
    }

    // There are as many keys of a customer as it has products, models and categories together: most questions tell a few apart.
    static Dictionary<int, int> Alike(HashSet<int> keys, CostTexts texts, CostsQuestion question) => keys
        .GroupBy(key => question.ToldOf(texts.PartsOf(key)))
        .SelectMany(same => same.Select(key => (key, same.First())))
        .ToDictionary();
}
