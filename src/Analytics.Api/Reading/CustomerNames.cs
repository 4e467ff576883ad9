using Analytics.Storage;
using Npgsql;

namespace Analytics.Reading;

/// <summary>A customer by our id and the product's, and what it is shown as: where each is known.</summary>
sealed record CustomerName(Guid? Id, string? ExternalId, string? Name)
{
    /// <summary>The product's id, else ours.</summary>
    public string? Called => ExternalId ?? Id?.ToString();
}

/// <summary>Says who people are.</summary>
static class CustomerNames
{
    // Lateral and by whole keys, and for which index; see docs/decisions/0014.
    const string Sql = """
        select wanted.person, coalesce(known.customer_id, named.id), coalesce(known.external_id, own.external_id),
            coalesce(own.name, named.name)
        from unnest($2) as wanted (person)
        cross join lateral (
            select customer_id, external_id
            from people
            where workspace_id = $1
              and person = wanted.person
            offset 0
        ) known
        left join lateral (
            select external_id, name
            from customers
            where workspace_id = $1
              and id between known.customer_id and known.customer_id
            order by id
            limit 1
        ) own on true
        left join lateral (
            select id, name
            from customers
            where workspace_id = $1
              and external_id = known.external_id
            offset 0
        ) named on true
        """;

    /// <summary>Those of some people, by their numbers; nobody has none.</summary>
    public static async Task<Dictionary<int, CustomerName>> OfAsync(
        NpgsqlConnection connection, int workspace, IEnumerable<int> people, CancellationToken cancel)
    {
        var names = new Dictionary<int, CustomerName>();
        int[] wanted = [.. people.Where(person => person != 0).Distinct()];
        if (wanted.Length > 0)
            await connection.EachAsync(Sql, [workspace, wanted], row => names[row.GetInt32(0)] = new(
                row.GetFieldValue<Guid?>(1), row.IsDBNull(2) ? null : row.GetString(2), row.IsDBNull(3) ? null : row.GetString(3)), cancel);
        return names;
    }
}
