using Analytics.Reading;
using Analytics.Storage;
using Analytics.Storage.Business;
using Analytics.Storage.Schema;
using Npgsql;

namespace Analytics.Features.Business.Costs;

/// <summary>What the numbers of customers and cost keys stand for, as far as it was learnt, and what products are called.</summary>
sealed class CostTexts(NpgsqlConnection connection, Workspace workspace)
{
    const string ProductsSql = "select key, name from products where workspace_id = $1";

    readonly Dictionary<int, CustomerName> customers = [];
    readonly Dictionary<int, string?[]> parts = new() { [0] = CostKey.PartsOf("") };
    readonly Dictionary<string, string> products = new(StringComparer.Ordinal);

    /// <summary>Looks up those that are not known yet.</summary>
    public async Task LearnAsync(IEnumerable<int> people, IEnumerable<int> costKeys, CancellationToken cancel)
    {
        HashSet<int> unknown = [.. people];
        unknown.ExceptWith(customers.Keys);
        customers.EnsureCapacity(customers.Count + unknown.Count);
        if (unknown.Count > 0)
            foreach (var (person, name) in await CustomerNames.OfAsync(connection, workspace.Key, unknown, cancel))
                customers.Add(person, name);
        int[] keys = [.. costKeys.Where(key => !parts.ContainsKey(key)).Distinct()];
        await TextLookup.OfAsync(
            connection, workspace.Key, TextKind.CostKey, keys, (key, text) => parts[key] = CostKey.PartsOf(text), cancel);
    }

    /// <summary>Looks up what products are called.</summary>
    public Task LearnProductsAsync(CancellationToken cancel) =>
        connection.EachAsync(ProductsSql, [workspace.Key], row => products[row.GetString(0)] = row.GetString(1), cancel);

    public string?[] PartsOf(int costKey) => parts[costKey];

    /// <summary>The product's id of a customer, else ours; null of nobody.</summary>
    public string? CustomerOf(int person) => person == 0 ? null : customers[person].Called;

    /// <summary>What a customer is called; its id when it is not.</summary>
    public string? NameOf(int person) => person == 0 ? null : customers[person].Name ?? CustomerOf(person);

    /// <summary>What a product is called; its key when it is none of the workspace's.</summary>
    public string? NameOfProduct(string? product) => product is null ? null : products.GetValueOrDefault(product, product);
}
