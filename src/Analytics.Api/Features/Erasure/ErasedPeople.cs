using Analytics.Storage;
using Analytics.Storage.Schema;
using Npgsql;

namespace Analytics.Features.Erasure;

/// <summary>
/// The people an erasure takes: who was named by the customer's id, as such or where a product's own belongs, by its external id or by one
/// that it gave up and nobody else has now; and the pseudonym each gets. Called under the workspace's lock.
/// </summary>
sealed class ErasedPeople
{
    // Lateral and by a whole key each: of a workspace the planner has not counted yet, "any" would go through all people.
    const string FindSql = """
        select person, external_id
        from people
        where workspace_id = $1
          and customer_id = $2
        union all
        select known.person, known.external_id
        from (
            select external_id
            from customers
            where workspace_id = $1
              and id = $2
            union
            select former.external_id
            from (
                select external_id
                from former_external_ids
                where workspace_id = $1
                  and customer_id = $2
                union all
                select $2::text
            ) former
            where not exists (
                select
                from customers
                where workspace_id = $1
                  and external_id = former.external_id)
        ) had
        cross join lateral (
            select person, external_id
            from people
            where workspace_id = $1
              and external_id = had.external_id
            offset 0
        ) known
        """;

    const string FormerSql = """
        select external_id
        from former_external_ids former
        where workspace_id = $1
          and customer_id = $2
          and not exists (
              select
              from customers
              where workspace_id = $1
                and external_id = former.external_id)
        """;

    // Once, so that no index has to be kept for it.
    const string SharedSql = """
        select call
        from unnest($3::text[]) as call
        where exists (
            select
            from customers
            where workspace_id = $1
              and id <> $2
              and lower(call) in (lower(btrim(external_id)), lower(btrim(email)), lower(btrim(name))))
        """;

    const string RenameSql = """
        update people
        set customer_id = case when customer_id is null then null else $2 end,
            external_id = case when external_id is null then null else named.pseudonym end
        from unnest($3::int[], $4::text[]) as named (person, pseudonym)
        where people.workspace_id = $1
          and people.person = named.person
        """;

    const string ForgetFormerSql = "delete from former_external_ids where workspace_id = $1 and customer_id = $2";

    // Their numbers stay, for rows that name them; their hashes go, so that nobody finds them again. What others named too is theirs.
    const string ForgetTextsSql = """
        update request_texts
        set text = case when people <@ $2 then '' else text end,
            hash = case when people <@ $2 then gen_random_uuid() else hash end,
            people = (select array_agg(person) from unnest(people) as person where person <> all($2))
        where workspace_id = $1
          and people && $2
        """;

    // Day by day and by whole keys: a workspace may have thousands of endpoints on each.
    const string RenamePortalSql = """
        with recursive days (day) as (
            (select day
            from endpoint_days
            where workspace_id = $1
            order by day
            limit 1)
            union all
            select (
                select day
                from endpoint_days
                where workspace_id = $1
                  and day > days.day
                order by day
                limit 1)
            from days
            where day is not null
        )
        update endpoint_days
        set portal = $3
        from days
        where endpoint_days.workspace_id = $1
          and endpoint_days.day = days.day
          and endpoint_days.portal = $2
        """;

    readonly NpgsqlConnection connection;
    readonly Customer customer;
    readonly List<(int Person, string? ExternalId)> people;
    readonly List<string> former;

    ErasedPeople(NpgsqlConnection connection, Customer customer, List<(int Person, string? ExternalId)> people, List<string> former) =>
        (this.connection, this.customer, this.people, this.former) = (connection, customer, people, former);

    public int[] Numbers => [.. people.Select(one => one.Person)];

    public static async Task<ErasedPeople> FindAsync(NpgsqlConnection connection, Customer customer, CancellationToken cancel)
    {
        var found = await connection.QueryAsync(
            FindSql, [customer.WorkspaceKey, customer.Id], row => (row.GetInt32(0), row.IsDBNull(1) ? null : row.GetString(1)), cancel);
        var formerIds = await connection.QueryAsync(
            FormerSql, [customer.WorkspaceKey, customer.Id], row => row.GetString(0), cancel);
        return new(connection, customer, found, formerIds);
    }

    /// <summary>
    /// Both present ids become the pseudonym; each former one becomes another, for it was another name. API keys and user agents that
    /// only their requests named lose their texts. Gives what each id became, whether facts were stored under it or not.
    /// </summary>
    public async Task<IReadOnlyDictionary<string, string>> RenameAsync(Guid pseudonym, CancellationToken cancel)
    {
        var pseudonyms = Pseudonyms(pseudonym);
        string?[] names = [.. people.Select(one => one.ExternalId is { } id ? pseudonyms[id] : null)];
        await connection.ExecuteAsync(RenameSql, [customer.WorkspaceKey, pseudonym, Numbers, SqlValue.Of(names)], cancel);
        await connection.ExecuteAsync(ForgetFormerSql, [customer.WorkspaceKey, customer.Id], cancel);
        await connection.ExecuteAsync(ForgetTextsSql, [customer.WorkspaceKey, Numbers], cancel);
        await connection.ExecuteAsync(RenamePortalSql, [customer.WorkspaceKey, customer.Id, pseudonym], cancel);
        return pseudonyms;
    }

    /// <summary>Which of its email and its name somebody else has too, as an id, email or name.</summary>
    public Task<List<string>> SharedCallsAsync(CancellationToken cancel)
    {
        string[] calls = [.. ((string?[])[customer.Email, customer.Name]).OfType<string>().Select(call => call.Trim())];
        return connection.QueryAsync(SharedSql, [customer.WorkspaceKey, customer.Id, calls], row => row.GetString(0), cancel);
    }

    Dictionary<string, string> Pseudonyms(Guid pseudonym)
    {
        var pseudonyms = former.ToDictionary(id => id, _ => $"{Guid.NewGuid()}");
        if (customer.ExternalId is { } present)
            pseudonyms[present] = $"{pseudonym}";
        // As an external id our id is another name beside the product's own.
        var isOther = customer.ExternalId is not null && people.Exists(one => one.ExternalId == $"{customer.Id}");
        pseudonyms[$"{customer.Id}"] = isOther ? $"{Guid.NewGuid()}" : $"{pseudonym}";
        return pseudonyms;
    }
}
