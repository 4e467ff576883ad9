using Analytics.Storage;
using Analytics.Storage.Business;
using Analytics.Storage.Schema;
using Npgsql;

namespace Analytics.Features.Business.Costs;

/// <summary>What the numbers of customers and cost keys stand for, as far as it was learnt.</summary>
sealed class CostTexts(NpgsqlConnection connection, Workspace workspace)
{
    // Lateral and by whole keys; the order says by which index, see docs/decisions/0014. A person is known by one of the two ids.
    const string CustomersSql = """
        select wanted.person, coalesce(known.external_id, customer.external_id, known.customer_id::text), customer.name
        from unnest($2) as wanted (person)
        cross join lateral (
            select customer_id, external_id
            from people
            where workspace_id = $1
              and person = wanted.person
            offset 0
        ) known
        left join lateral (
            (select external_id, name
            from customers
            where workspace_id = $1
              and id between known.customer_id and known.customer_id
            order by id
            limit 1)
            union all
            (select external_id, name
            from customers
            where workspace_id = $1
              and external_id = known.external_id
            offset 0)
        ) customer on true
        """;

    readonly Dictionary<int, (string Key, string Name)> customers = [];
    readonly Dictionary<int, string?[]> parts = new() { [0] = CostKey.PartsOf("") };

    /// <summary>Looks up those that are not known yet.</summary>
    public async Task LearnAsync(IEnumerable<int> people, IEnumerable<int> costKeys, CancellationToken cancel)
    {
        int[] unknown = [.. people.Where(person => person != 0 && !customers.ContainsKey(person)).Distinct()];
        if (unknown.Length > 0)
            await connection.EachAsync(
                CustomersSql, [workspace.Key, unknown],
                row => customers[row.GetInt32(0)] = (row.GetString(1), row.GetString(row.IsDBNull(2) ? 1 : 2)), cancel);
        int[] keys = [.. costKeys.Where(key => !parts.ContainsKey(key)).Distinct()];
        if (keys.Length > 0)
            await connection.EachAsync(
                TextNumbers.TextsSql, [workspace.Key, (short)TextKind.CostKey, keys],
                row => parts[row.GetInt32(0)] = CostKey.PartsOf(row.GetString(1)), cancel);
    }

    public string?[] PartsOf(int costKey) => parts[costKey];

    /// <summary>The product's id of a customer, else ours; null of nobody.</summary>
    public string? CustomerOf(int person) => person == 0 ? null : customers[person].Key;

    /// <summary>What a customer is called; its id when it is not.</summary>
    public string? NameOf(int person) => person == 0 ? null : customers[person].Name;
}
