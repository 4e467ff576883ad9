using System.Text;
using Analytics.Storage.Facts;
using Npgsql;

namespace Analytics.Storage.People;

/// <summary>
/// Gives every fact its person's number. A raw id met for the first time gets the next one, and is joined (same_as) to
/// the other raw id of the same customer where there is one.
/// </summary>
static class PeopleNumbers
{
    // Lateral and by whole keys, as in TraceQuestions: no plan may scan.
    const string FindSql = """
        select known.person, wanted.id, null::text
        from unnest($2) as wanted (id)
        cross join lateral (
            select person
            from people
            where workspace_id = $1
              and customer_id = wanted.id
            offset 0
        ) known
        union all
        select known.person, null::uuid, wanted.id
        from unnest($3) as wanted (id)
        cross join lateral (
            select person
            from people
            where workspace_id = $1
              and external_id = wanted.id
            offset 0
        ) known
        """;

    /// <summary>Those of some customers ($2) that a workspace ($1) has.</summary>
    // Lateral and by a whole key: of a workspace the planner has not counted yet, "any" would go through all customers. The order says by
    // which index; see docs/decisions/0014.
    internal const string ExistSql = """
        select one.id
        from unnest($2) as wanted (id)
        cross join lateral (
            select id
            from customers
            where workspace_id = $1
              and id between wanted.id and wanted.id
            order by id
            limit 1
        ) one
        """;

    const string AddSql = """
        insert into people (workspace_id, person, customer_id, external_id)
        select $1, person, customer_id, external_id
        from unnest($2, $3, $4) as new (person, customer_id, external_id)
        """;

    // One of the two people is new; each finds the other through the customer.
    const string JoinNewCustomersSql = """
        update people
        set same_as = pair.known
        from (
            select new.person as known, named.person as named
            from unnest($2, $3) as new (person, id)
            cross join lateral (
                select external_id
                from customers
                where workspace_id = $1
                  and id between new.id and new.id
                order by id
                limit 1
            ) customer
            cross join lateral (
                select person
                from people
                where workspace_id = $1
                  and external_id = customer.external_id
                offset 0
            ) named
        ) pair
        where people.workspace_id = $1
          and people.person = pair.named
        """;

    const string JoinNewExternalsSql = """
        update people
        set same_as = pair.known
        from (
            select known.person as known, new.person as named
            from unnest($2, $3) as new (person, external_id)
            cross join lateral (
                select id
                from customers
                where workspace_id = $1
                  and external_id = new.external_id
                offset 0
            ) customer
            cross join lateral (
                select person
                from people
                where workspace_id = $1
                  and customer_id = customer.id
                offset 0
            ) known
        ) pair
        where people.workspace_id = $1
          and people.person = pair.named
        """;

    /// <summary>Refuses facts of customers that do not exist.</summary>
    public static async Task AssignAsync(
        NpgsqlConnection connection, WorkspaceNames names, WorkspaceCounters counters, IReadOnlyList<NewFact> facts,
        CancellationToken cancel)
    {
        if (names.Version != counters.Version)
        {
            names.ForgetPeople();
            names.Version = counters.Version;
        }

        var strangers = Number(names, facts);
        if (strangers.Count == 0)
            return;

        var customers = strangers.Select(fact => fact.Fact.CustomerId).OfType<Guid>().ToHashSet();
        var externals = new HashSet<string>(StringComparer.Ordinal);
        foreach (var incoming in strangers.Select(stranger => stranger.Fact))
            if (incoming.CustomerId is null)
                externals.Add(Encoding.UTF8.GetString(incoming.ExternalCustomerId.Span));

        await FindAsync(connection, names, counters.Workspace, customers, externals, cancel);
        customers.RemoveWhere(names.Customers.ContainsKey);
        externals.RemoveWhere(text => names.Externals.ContainsKey(Encoding.UTF8.GetBytes(text)));
        if (customers.Count > 0)
            await KeepExistingAsync(connection, counters.Workspace, customers, cancel);
        if (customers.Count + externals.Count > 0)
            await AddAsync(connection, names, counters, customers, externals, cancel);

        foreach (var fact in Number(names, strangers))
            fact.Refuse(fact.Fact.CustomerPointer, "unknown_customer", "This workspace has no customer with this id.");
    }

    /// <summary>Numbers the people this writer knows; gives the facts of all others.</summary>
    static List<NewFact> Number(WorkspaceNames names, IReadOnlyList<NewFact> facts)
    {
        var strangers = new List<NewFact>();
        foreach (var fact in facts)
            if (names.PersonOf(fact.Fact) is { } person)
                fact.Person = person;
            else
                strangers.Add(fact);
        return strangers;
    }

    static Task FindAsync(
        NpgsqlConnection connection, WorkspaceNames names, int workspace, HashSet<Guid> customers, HashSet<string> externals,
        CancellationToken cancel) =>
        connection.EachAsync(FindSql, [workspace, customers.ToArray(), externals.ToArray()], row =>
        {
            if (row.IsDBNull(1))
                names.Externals[Encoding.UTF8.GetBytes(row.GetString(2))] = row.GetInt32(0);
            else
                names.Customers[row.GetGuid(1)] = row.GetInt32(0);
        }, cancel);

    // Customers change under the same lock, so what exists now exists until this transaction ends.
    static Task KeepExistingAsync(NpgsqlConnection connection, int workspace, HashSet<Guid> customers, CancellationToken cancel)
    {
        var asked = customers.ToArray();
        customers.Clear();
        return connection.EachAsync(ExistSql, [workspace, asked], row => customers.Add(row.GetGuid(0)), cancel);
    }

    static async Task AddAsync(
        NpgsqlConnection connection, WorkspaceNames names, WorkspaceCounters counters, HashSet<Guid> customers,
        HashSet<string> externals, CancellationToken cancel)
    {
        var before = counters.People;
        foreach (var customer in customers)
            names.Customers[customer] = ++counters.People;
        foreach (var external in externals)
            names.Externals[Encoding.UTF8.GetBytes(external)] = ++counters.People;

        int[] numbers = [.. Enumerable.Range(before + 1, counters.People - before)];
        SqlValue[] values =
        [
            counters.Workspace, numbers,
            SqlValue.Of(customers.Select(id => (Guid?)id).Concat(externals.Select(_ => (Guid?)null)).ToArray()),
            SqlValue.Of(customers.Select(_ => (string?)null).Concat(externals).ToArray()),
        ];
        await connection.ExecuteAsync(AddSql, values, cancel);
        if (customers.Count > 0)
            await connection.ExecuteAsync(
                JoinNewCustomersSql, [counters.Workspace, numbers[..customers.Count], customers.ToArray()], cancel);
        if (externals.Count > 0)
            await connection.ExecuteAsync(
                JoinNewExternalsSql, [counters.Workspace, numbers[customers.Count..], externals.ToArray()], cancel);
    }
}
