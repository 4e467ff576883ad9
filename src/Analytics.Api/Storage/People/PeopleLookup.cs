using Analytics.Storage.Schema;
using Npgsql;

namespace Analytics.Storage.People;

/// <summary>
/// Which people an id stands for. A customer is also whoever was named by its external id, and the other way round,
/// whichever came first.
/// </summary>
static class PeopleLookup
{
    // Lateral and by a whole key each: of a workspace the planner has not counted yet, "any" would go through all people.
    const string OfCustomersSql = """
        select distinct one.person
        from unnest($2) as wanted (id)
        cross join lateral (
            (select person
            from people
            where workspace_id = $1
              and customer_id = wanted.id
            offset 0)
            union all
            select known.person
            from (
                select external_id
                from customers
                where workspace_id = $1
                  and id between wanted.id and wanted.id
                order by id
                limit 1
            ) customer
            cross join lateral (
                select person
                from people
                where workspace_id = $1
                  and external_id = customer.external_id
                offset 0
            ) known
        ) one
        """;

    const string OfExternalIdsSql = """
        select distinct one.person
        from unnest($2) as wanted (id)
        cross join lateral (
            (select person
            from people
            where workspace_id = $1
              and external_id = wanted.id
            offset 0)
            union all
            select known.person
            from (
                select id
                from customers
                where workspace_id = $1
                  and external_id = wanted.id
                offset 0
            ) customer
            cross join lateral (
                select person
                from people
                where workspace_id = $1
                  and customer_id = customer.id
                offset 0
            ) known
        ) one
        """;

    public static Task<int[]> OfCustomersAsync(NpgsqlConnection connection, int workspace, Guid[] customers, CancellationToken cancel) =>
        FindAsync(connection, OfCustomersSql, [workspace, customers], cancel);

    public static Task<int[]> OfExternalIdsAsync(NpgsqlConnection connection, int workspace, string[] ids, CancellationToken cancel) =>
        FindAsync(connection, OfExternalIdsSql, [workspace, ids], cancel);

    /// <summary>The people whose events a key sees that is bound to a customer; null for every other key: everybody's.</summary>
    public static async Task<int[]?> VisibleAsync(
        NpgsqlConnection connection, int workspace, Customer? boundTo, CancellationToken cancel) =>
        boundTo is null ? null : await OfCustomersAsync(connection, workspace, [boundTo.Id], cancel);

    /// <summary>
    /// The people a question is about: those of any of the customers, and of any of the external ids, and whom the caller sees, where
    /// each is given; null when it is everybody.
    /// </summary>
    public static async Task<int[]?> OfFilterAsync(
        NpgsqlConnection connection, int workspace, Guid[] customers, string[] externalIds, int[]? visible, CancellationToken cancel)
    {
        var people = visible;
        void Only(int[] these) => people = people is null ? these : [.. people.Intersect(these)];
        if (customers is not [])
            Only(await OfCustomersAsync(connection, workspace, customers, cancel));
        if (externalIds is not [])
            Only(await OfExternalIdsAsync(connection, workspace, externalIds, cancel));
        return people;
    }

    static async Task<int[]> FindAsync(NpgsqlConnection connection, string sql, SqlValue[] values, CancellationToken cancel) =>
        [.. await connection.QueryAsync(sql, values, row => row.GetInt32(0), cancel)];
}
