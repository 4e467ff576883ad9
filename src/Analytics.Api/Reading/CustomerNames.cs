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

    // Of most people it is quicker to read everybody, one after the other, than to look each of them up.
    const int Most = 1_000;
    const int Times = 4;

    const string PeopleSql = """
        select person, customer_id, external_id
        from people
        where workspace_id = $1
          and person between $2 and $3
        order by person
        """;

    const string CustomersSql = """
        select id, external_id, name
        from customers
        where workspace_id = $1
        order by id
        limit $2
        """;

    /// <summary>Those of some people, by their numbers; nobody has none.</summary>
    public static async Task<Dictionary<int, CustomerName>> OfAsync(
        NpgsqlConnection connection, int workspace, IEnumerable<int> people, CancellationToken cancel)
    {
        HashSet<int> wanted = [.. people];
        wanted.Remove(0);
        return wanted.Count >= Most && await OfMostAsync(connection, workspace, wanted, cancel) is { } all
            ? all
            : await OfSomeAsync(connection, workspace, wanted, cancel);
    }

    // Null where there are too many others.
    static async Task<Dictionary<int, CustomerName>?> OfMostAsync(
        NpgsqlConnection connection, int workspace, HashSet<int> wanted, CancellationToken cancel)
    {
        var (first, last, most) = (wanted.Min(), wanted.Max(), Times * wanted.Count);
        if (last - (long)first > most)
            return null;
        var (byId, byExternalId) = (new Dictionary<Guid, CustomerName>(), new Dictionary<string, CustomerName>(StringComparer.Ordinal));
        await connection.EachAsync(CustomersSql, [workspace, most], row =>
        {
            var customer = new CustomerName(row.GetGuid(0), Text(row, 1), Text(row, 2));
            byId.Add(customer.Id!.Value, customer);
            if (customer.ExternalId is not null)
                byExternalId.Add(customer.ExternalId, customer);
        }, cancel);
        if (byId.Count == most)
            return null;
        var names = new Dictionary<int, CustomerName>(wanted.Count);
        await connection.EachAsync(PeopleSql, [workspace, first, last], row =>
        {
            if (row.GetInt32(0) is var person && wanted.Contains(person))
                names.Add(person, row.GetFieldValue<Guid?>(1) is { } id
                    ? byId.GetValueOrDefault(id) ?? new(id, null, null)
                    : byExternalId.GetValueOrDefault(row.GetString(2)) ?? new(null, row.GetString(2), null));
        }, cancel);
        return names;
    }

    static async Task<Dictionary<int, CustomerName>> OfSomeAsync(
        NpgsqlConnection connection, int workspace, HashSet<int> wanted, CancellationToken cancel)
    {
        var names = new Dictionary<int, CustomerName>(wanted.Count);
        if (wanted.Count > 0)
            await connection.EachAsync(
                Sql, [workspace, wanted.ToArray()],
                row => names[row.GetInt32(0)] = new(row.GetFieldValue<Guid?>(1), Text(row, 2), Text(row, 3)), cancel);
        return names;
    }

    static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
