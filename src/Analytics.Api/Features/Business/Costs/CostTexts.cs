using Analytics.Reading;
using Analytics.Storage;
using Analytics.Storage.Business;
using Analytics.Storage.Schema;
using Npgsql;

namespace Analytics.Features.Business.Costs;

/// <summary>What the numbers of customers and cost keys stand for, as far as it was learnt.</summary>
sealed class CostTexts(NpgsqlConnection connection, Workspace workspace)
{
    // Lateral and by whole keys; the order says by which index, see docs/decisions/0014.
    const string NamesSql = """
        select wanted.person, customer.name
        from unnest($2) as wanted (person)
        cross join lateral (
            select customer_id, external_id
            from people
            where workspace_id = $1
              and person = wanted.person
            offset 0
        ) known
        cross join lateral (
            (select name
            from customers
            where workspace_id = $1
              and id between known.customer_id and known.customer_id
            order by id
            limit 1)
            union all
            (select name
            from customers
            where workspace_id = $1
              and external_id = known.external_id
            offset 0)
        ) customer
        where customer.name is not null
        """;

    readonly Dictionary<int, string> customers = [];
    readonly Dictionary<int, string> names = [];
    readonly Dictionary<int, string?[]> parts = new() { [0] = CostKey.PartsOf("") };

    /// <summary>Looks up those that are not known yet.</summary>
    public async Task LearnAsync(IEnumerable<int> people, IEnumerable<int> costKeys, CancellationToken cancel)
    {
        int[] unknown = [.. people.Where(person => person != 0 && !customers.ContainsKey(person)).Distinct()];
        if (unknown.Length > 0)
        {
            foreach (var (person, text) in await new RequestTexts(connection, workspace).CustomersAsync(unknown, cancel))
                customers[person] = text;
            await connection.EachAsync(NamesSql, [workspace.Key, unknown], row => names[row.GetInt32(0)] = row.GetString(1), cancel);
        }

        int[] keys = [.. costKeys.Where(key => !parts.ContainsKey(key)).Distinct()];
        if (keys.Length > 0)
            await connection.EachAsync(
                TextNumbers.TextsSql, [workspace.Key, (short)TextKind.CostKey, keys],
                row => parts[row.GetInt32(0)] = CostKey.PartsOf(row.GetString(1)), cancel);
    }

    public string?[] PartsOf(int costKey) => parts[costKey];

    /// <summary>The product's id of a customer, else ours; null of nobody.</summary>
    public string? CustomerOf(int person) => person == 0 ? null : customers[person];

    /// <summary>What a customer is called; its id when it is not.</summary>
    public string? NameOf(int person) => names.TryGetValue(person, out var name) ? name : CustomerOf(person);
}
