using Analytics.Storage;
using Analytics.Storage.Schema;
using Npgsql;

namespace Analytics.Reading;

/// <summary>
/// Events of many rows: what their numbers stand for is looked up once each, where <see cref="StoredEvent.Joins"/> does it row by row.
/// </summary>
sealed class NamedEvents(NpgsqlConnection connection, Workspace workspace, KnownPeople? known = null)
{
    // Lateral and by whole keys: of a workspace the planner has not counted yet, a join goes through all of it.
    const string TypesSql = """
        select wanted.type, known.name, known.label, known.label_property_selector, known.source
        from unnest($2) as wanted (type)
        cross join lateral (
            select name, label, label_property_selector, source
            from event_types
            where workspace_id = $1
              and type between wanted.type and wanted.type
            order by type
            limit 1
        ) known
        """;

    static readonly string PeopleSql = $"""
        select e.person, coalesce(people.customer_id, customers.id), people.external_id
        from unnest($2) as e (person)
        {StoredEvent.PeopleJoins("$1")}
        """;

    static readonly string ArrivedSql = $"""
        select e.parent, arrived.id
        from unnest($2) as e (parent)
        {StoredEvent.ArrivedJoin("$1")}
        where arrived.id is not null
        """;

    sealed record EventType(string Name, string Label, string? Selector, EventSource Source);

    /// <summary>The events of some rows, in their order.</summary>
    public async Task<List<StoredEvent>> OfAsync(List<EventRow> rows, CancellationToken cancel)
    {
        var types = await TypesAsync([.. rows.Select(row => row.Type).Distinct()], cancel);
        var people = await PeopleAsync(rows.Select(row => row.Person).OfType<int>().Distinct(), cancel);
        var arrived = await ArrivedAsync([.. rows.Select(row => row.AwaitedParent).OfType<Guid>().Distinct()], cancel);
        return rows.ConvertAll(row =>
        {
            var (type, person) = (types[row.Type], row.Person is { } number ? people[number] : default);
            return new StoredEvent
            {
                Id = row.Id,
                Timestamp = row.Timestamp,
                IngestedAt = row.IngestedAt,
                ExternalId = row.ExternalId,
                Parent = row.Parent,
                Trace = row.Trace,
                ParentRef = row.ParentRef,
                Metadata = row.Metadata,
                Name = type.Name,
                TypeLabel = type.Label,
                LabelSelector = type.Selector,
                Source = type.Source,
                CustomerId = person.CustomerId,
                ExternalCustomerId = person.ExternalId,
                ParentId = row.AwaitedParent is { } hash ? arrived.TryGetValue(hash, out var id) ? id : null : row.Parent,
                Person = row.Person,
                Portal = row.Portal,
            };
        });
    }

    async Task<Dictionary<int, EventType>> TypesAsync(int[] types, CancellationToken cancel)
    {
        var found = new Dictionary<int, EventType>();
        if (types.Length > 0)
            await connection.EachAsync(TypesSql, [workspace.Key, types], row => found[row.GetInt32(0)] = new(
                row.GetString(1), row.GetString(2), row.IsDBNull(3) ? null : row.GetString(3), (EventSource)row.GetInt16(4)), cancel);
        return found;
    }

    async Task<KnownPeople> PeopleAsync(IEnumerable<int> people, CancellationToken cancel)
    {
        var found = known ?? new();
        int[] strangers = [.. people.Where(person => !found.Has(person))];
        if (strangers.Length > 0)
            await connection.EachAsync(PeopleSql, [workspace.Key, strangers], row => found.Add(row.GetInt32(0), new(
                row.IsDBNull(1) ? null : row.GetGuid(1), row.IsDBNull(2) ? null : row.GetString(2))), cancel);
        return found;
    }

    async Task<Dictionary<Guid, Guid>> ArrivedAsync(Guid[] hashes, CancellationToken cancel)
    {
        var found = new Dictionary<Guid, Guid>();
        if (hashes.Length > 0)
            await connection.EachAsync(ArrivedSql, [workspace.Key, hashes], row => found[row.GetGuid(0)] = row.GetGuid(1), cancel);
        return found;
    }
}
