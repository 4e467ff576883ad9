using Analytics.Storage.Schema;
using Npgsql;

namespace Analytics.Storage.People;

/// <summary>
/// Which people an id stands for. A customer is also whoever was named by its external id, and the other way round,
/// whichever came first.
/// </summary>
static class PeopleLookup
{
    const string OfCustomersSql = """
        select person
        from people
        where workspace_id = $1
          and customer_id = any($2)
        union
        select people.person
        from customers
        join people on people.workspace_id = customers.workspace_id and people.external_id = customers.external_id
        where customers.workspace_id = $1
          and customers.id = any($2)
        """;

    const string OfExternalIdsSql = """
        select person
        from people
        where workspace_id = $1
          and external_id = any($2)
        union
        select people.person
        from customers
        join people on people.workspace_id = customers.workspace_id and people.customer_id = customers.id
        where customers.workspace_id = $1
          and customers.external_id = any($2)
        """;

    public static Task<int[]> OfCustomersAsync(NpgsqlConnection connection, int workspace, Guid[] customers, CancellationToken cancel) =>
        FindAsync(connection, OfCustomersSql, [workspace, customers], cancel);

    public static Task<int[]> OfExternalIdsAsync(NpgsqlConnection connection, int workspace, string[] ids, CancellationToken cancel) =>
        FindAsync(connection, OfExternalIdsSql, [workspace, ids], cancel);

    /// <summary>
    /// The people a question is about: those of any of the customers, and of any of the external ids, and of the customer a key is
    /// bound to, where each is given; null when it is everybody.
    /// </summary>
    public static async Task<int[]?> OfFilterAsync(
        NpgsqlConnection connection, int workspace, Guid[] customers, string[] externalIds, Customer? boundTo, CancellationToken cancel)
    {
        int[]? people = null;
        void Only(int[] these) => people = people is null ? these : [.. people.Intersect(these)];
        if (customers is not [])
            Only(await OfCustomersAsync(connection, workspace, customers, cancel));
        if (externalIds is not [])
            Only(await OfExternalIdsAsync(connection, workspace, externalIds, cancel));
        if (boundTo is not null)
            Only(await OfCustomersAsync(connection, workspace, [boundTo.Id], cancel));
        return people;
    }

    static async Task<int[]> FindAsync(NpgsqlConnection connection, string sql, SqlValue[] values, CancellationToken cancel) =>
        [.. await connection.QueryAsync(sql, values, row => row.GetInt32(0), cancel)];
}
