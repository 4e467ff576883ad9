using System.Text;
using Analytics.Storage.Facts;
using Npgsql;

namespace Analytics.Storage.People;

/// <summary>The customers whose portal keys sent a group's facts, as they are under the workspace's lock.</summary>
static class PortalCustomers
{
    // By whole keys, and for which index; see docs/decisions/0014.
    const string Sql = """
        select
            wanted.id,
            customer.external_id,
            array(
                select person
                from people
                where workspace_id = $1
                  and customer_id = wanted.id
                union all
                select person
                from people
                where workspace_id = $1
                  and external_id = customer.external_id)
        from unnest($2) as wanted (id)
        cross join lateral (
            select external_id
            from customers
            where workspace_id = $1
              and id between wanted.id and wanted.id
            order by id
            limit 1
        ) customer
        """;

    /// <summary>The customers' people. Refuses facts whose customer was erased since they were read, or has another external id.</summary>
    public static async Task<IReadOnlyDictionary<Guid, int[]>> CheckAsync(
        NpgsqlConnection connection, int workspace, IReadOnlyList<NewFact> facts, CancellationToken cancel)
    {
        var people = new Dictionary<Guid, int[]>();
        var sent = facts.Where(fact => fact.Fact.Portal is not null).ToList();
        if (sent.Count == 0)
            return people;
        var externalIds = new Dictionary<Guid, string?>();
        await connection.EachAsync(Sql, [workspace, sent.Select(fact => fact.Fact.Portal!.Value).Distinct().ToArray()], row =>
        {
            externalIds[row.GetGuid(0)] = row.IsDBNull(1) ? null : row.GetString(1);
            people[row.GetGuid(0)] = row.GetFieldValue<int[]>(2);
        }, cancel);
        foreach (var fact in sent)
            if (!externalIds.TryGetValue(fact.Fact.Portal!.Value, out var externalId))
                fact.Refuse(fact.Fact.CustomerPointer, "unknown_customer", "The key's customer is gone.");
            else if (!fact.Fact.ExternalCustomerId.IsEmpty && Encoding.UTF8.GetString(fact.Fact.ExternalCustomerId.Span) != externalId)
                fact.Refuse(fact.Fact.ExternalCustomerPointer, "other_customer", "The key writes for its own customer only.");
        return people;
    }
}
