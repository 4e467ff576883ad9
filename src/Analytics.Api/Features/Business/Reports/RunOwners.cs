using System.Text.Json;
using Analytics.Contract;
using Analytics.Features.Business.Query;
using Analytics.Http;
using Analytics.Storage.Schema;

namespace Analytics.Features.Business.Reports;

/// <summary>
/// Whose the texts of a kept run are: the few customers whose facts alone stand behind a row, also those that name nobody and are theirs
/// by what they name. When the last of them is erased its texts go, as they go from its facts.
/// </summary>
/// <param name="Columns">The places, from 1, of columns that show what the product put there.</param>
/// <param name="Customers">For every row its customers; null of many, or where nobody is among them.</param>
sealed record RunOwners(int[] Columns, string[]?[] Customers)
{
    // One may have had several ids; what many have says nothing of anybody.
    const int Few = 5;

    /// <summary>The owner of a row of which it is not known: whoever is erased.</summary>
    static readonly string[] Anybody = ["*"];

    static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    /// <summary>Of rows without such columns there is nothing to say.</summary>
    public static async Task<RunOwners?> OfAsync(
        QueryReading reading, Workspace workspace, AskedQuery query, QueryAnswer answer, CancellationToken cancel)
    {
        var first = query.Interval is null ? 0 : 1;
        int[] columns = [.. query.Dimensions.Index()
            .Where(dimension => QueryFields.IsSomebodys(query.Dataset, dimension.Item)).Select(dimension => first + dimension.Index + 1)];
        if (columns is [])
            return null;
        var owner = query.Dataset == QueryDataset.Requests ? QueryFields.Customer : QueryFields.Owner;
        var split = query with { Dimensions = [.. query.Dimensions, owner], Metrics = [AskedMetric.Of(new("count", null))] };
        var owners = await OfGroupsAsync(reading, workspace, split, cancel);
        return new(columns, [.. answer.Rows.Select(row => OwnersOf(owners, KeyOf(row.Take(first + query.Dimensions.Count))))]);
    }

    static string[]? OwnersOf(Dictionary<string, string[]?>? owners, string row) =>
        owners is not null && owners.TryGetValue(row, out var few) ? few : Anybody;

    /// <summary>The customers of rows; null where they are not all known.</summary>
    static async Task<Dictionary<string, string[]?>?> OfGroupsAsync(
        QueryReading reading, Workspace workspace, AskedQuery split, CancellationToken cancel)
    {
        try
        {
            var groups = await reading.GroupsAsync(workspace, split, split.Range, Longest, cancel);
            return groups.ScannedFrom is not null ? null : groups.All
                .GroupBy(group => KeyOf([.. Start(split, groups, group), .. group.Dimensions.SkipLast(1)]))
                .ToDictionary(row => row.Key, row => FewOf([.. row.Select(group => group.Dimensions[^1] as string)]));
        }
        catch (ProblemException tooMany) when (tooMany.Status == StatusCodes.Status400BadRequest)
        {
            return null;
        }
    }

    static string[]? FewOf(string?[] customers) =>
        customers.Length > Few || customers.Contains(null) ? null : [.. customers.OfType<string>()];

    static IEnumerable<object?> Start(AskedQuery query, QueryGroups groups, QueryGroup group) =>
        query.Interval is null ? [] : [groups.Buckets[group.Bucket].Start];

    static string KeyOf(IEnumerable<object?> cells) => JsonSerializer.Serialize(cells, Json.Camel);
}
