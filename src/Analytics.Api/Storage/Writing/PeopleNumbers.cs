using System.Text;
using Npgsql;
using NpgsqlTypes;

namespace Analytics.Storage.Writing;

/// <summary>
/// Gives every event its person's number. A raw id met for the first time gets the next one, and is joined (same_as) to
/// the other raw id of the same customer where there is one.
/// </summary>
static class PeopleNumbers
{
    // Lateral and by whole keys, as in FragmentStore: no plan may scan.
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

    const string ExistSql = """
        select id
        from customers
        where workspace_id = $1
          and id = any($2)
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
            select known.person as known, named.person as named
            from people known
            cross join lateral (
                select external_id
                from customers
                where workspace_id = $1
                  and id = known.customer_id
                offset 0
            ) customer
            cross join lateral (
                select person
                from people
                where workspace_id = $1
                  and external_id = customer.external_id
                offset 0
            ) named
            where known.workspace_id = $1
              and known.person > $2
              and known.customer_id is not null
        ) pair
        where people.workspace_id = $1
          and people.person = pair.named
        """;

    const string JoinNewExternalsSql = """
        update people
        set same_as = pair.known
        from (
            select known.person as known, named.person as named
            from people named
            cross join lateral (
                select id
                from customers
                where workspace_id = $1
                  and external_id = named.external_id
                offset 0
            ) customer
            cross join lateral (
                select person
                from people
                where workspace_id = $1
                  and customer_id = customer.id
                offset 0
            ) known
            where named.workspace_id = $1
              and named.person > $2
              and named.external_id is not null
        ) pair
        where people.workspace_id = $1
          and people.person = pair.named
        """;

    /// <summary>Refuses events of customers that do not exist.</summary>
    public static async Task AssignAsync(
        NpgsqlConnection connection, WorkspaceNames names, WorkspaceCounters counters, List<NewEvent> events, CancellationToken cancel)
    {
        if (names.PeopleVersion != counters.PeopleVersion)
        {
            names.ForgetPeople();
            names.PeopleVersion = counters.PeopleVersion;
        }

        var strangers = Number(names, events);
        if (strangers.Count == 0)
            return;

        var customers = strangers.Select(e => e.Incoming.CustomerId).OfType<Guid>().ToHashSet();
        var externals = new HashSet<string>(StringComparer.Ordinal);
        foreach (var e in strangers)
            if (e.Incoming.CustomerId is null)
                externals.Add(Encoding.UTF8.GetString(e.Incoming.ExternalCustomerId.Span));

        await FindAsync(connection, names, counters.Workspace, customers, externals, cancel);
        customers.RemoveWhere(names.Customers.ContainsKey);
        externals.RemoveWhere(text => names.Externals.ContainsKey(Encoding.UTF8.GetBytes(text)));
        if (customers.Count > 0)
            await KeepExistingAsync(connection, counters.Workspace, customers, cancel);
        if (customers.Count + externals.Count > 0)
            await AddAsync(connection, names, counters, customers, externals, cancel);

        foreach (var e in Number(names, strangers))
            e.Refuse("/customer_id", "unknown_customer", "This workspace has no customer with this id.");
    }

    /// <summary>Numbers the people this writer knows; gives the events of all others.</summary>
    static List<NewEvent> Number(WorkspaceNames names, List<NewEvent> events)
    {
        var strangers = new List<NewEvent>();
        foreach (var e in events)
            if (names.PersonOf(e.Incoming) is { } person)
                e.Person = person;
            else
                strangers.Add(e);
        return strangers;
    }

    static async Task FindAsync(
        NpgsqlConnection connection, WorkspaceNames names, int workspace, HashSet<Guid> customers, HashSet<string> externals,
        CancellationToken cancel)
    {
        await using var find = new NpgsqlCommand(FindSql, connection);
        find.Parameters.Add(new NpgsqlParameter<int> { TypedValue = workspace });
        find.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. customers] });
        find.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. externals] });
        await using var reader = await find.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
            if (reader.IsDBNull(1))
                names.Externals[Encoding.UTF8.GetBytes(reader.GetString(2))] = reader.GetInt32(0);
            else
                names.Customers[reader.GetGuid(1)] = reader.GetInt32(0);
    }

    // Customers change under the same lock, so what exists now exists until this transaction ends.
    static async Task KeepExistingAsync(NpgsqlConnection connection, int workspace, HashSet<Guid> customers, CancellationToken cancel)
    {
        await using var exist = new NpgsqlCommand(ExistSql, connection);
        exist.Parameters.Add(new NpgsqlParameter<int> { TypedValue = workspace });
        exist.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. customers] });
        customers.Clear();
        await using var reader = await exist.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
            customers.Add(reader.GetGuid(0));
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

        await using var add = new NpgsqlCommand(AddSql, connection);
        add.Parameters.Add(new NpgsqlParameter<int> { TypedValue = counters.Workspace });
        add.Parameters.Add(new NpgsqlParameter<int[]> { TypedValue = [.. Enumerable.Range(before + 1, counters.People - before)] });
        add.Parameters.Add(new NpgsqlParameter
        {
            Value = customers.Select(customer => (Guid?)customer).Concat(externals.Select(_ => (Guid?)null)).ToArray(),
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid,
        });
        add.Parameters.Add(new NpgsqlParameter
        {
            Value = customers.Select(_ => (string?)null).Concat(externals).ToArray(),
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text,
        });
        await add.ExecuteNonQueryAsync(cancel);

        foreach (var statement in new[] { JoinNewCustomersSql, JoinNewExternalsSql })
        {
            await using var join = new NpgsqlCommand(statement, connection);
            join.Parameters.Add(new NpgsqlParameter<int> { TypedValue = counters.Workspace });
            join.Parameters.Add(new NpgsqlParameter<int> { TypedValue = before });
            await join.ExecuteNonQueryAsync(cancel);
        }
    }
}
