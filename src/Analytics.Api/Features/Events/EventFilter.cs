using Analytics.Storage;
using Analytics.Storage.Model;
using Analytics.Storage.Rollups;

namespace Analytics.Features.Events;

/// <summary>A request's filters with names and ids replaced by the store's numbers, as conditions on a row of events.</summary>
sealed class EventFilter
{
    const string TypesSql = """
        select type
        from event_types
        where workspace_id = $1
          and ($2 is null or name = any($2))
          and ($3 is null or source = any($3))
          and ($4 is null or id = any($4))
        """;

    const string NamedLikeSql = """
        select type
        from event_types
        where workspace_id = $1
          and name ilike any($2)
        """;

    // Each person's cells are read one after the other.
    const int MaxPeople = 50;

    readonly Workspace workspace;
    readonly EventsRequest request;
    readonly IReadOnlyList<(MetadataPath Path, string[] Values)> metadata;
    int[]? types;
    int[]? people;
    Guid[]? parents;
    int[] namedLike = [];

    EventFilter(Workspace workspace, EventsRequest request, IReadOnlyList<(MetadataPath Path, string[] Values)> metadata) =>
        (this.workspace, this.request, this.metadata) = (workspace, request, metadata);

    /// <summary>The only people the caller may see; null for all.</summary>
    public int[]? Visible { get; private set; }

    /// <summary>Whether some filter names nothing that exists.</summary>
    public bool MatchesNothing => types is [] || people is [] || parents is [];

    /// <summary>Whether rollups can tell where events that may match are: by their type or by a few people.</summary>
    public bool HasSlots => parents is null && (people is null ? types is not null : people.Length <= MaxPeople);

    /// <summary>Where events that may match are.</summary>
    public EventLocator Slots(RollupSnapshot snapshot) => new(snapshot, types?.ToHashSet(), people, request.Root == true);

    public static async Task<EventFilter> ResolveAsync(
        BoundedRead read, Workspace workspace, Customer? bound, EventsRequest request,
        IReadOnlyList<(MetadataPath Path, string[] Values)> metadata)
    {
        var filter = new EventFilter(workspace, request, metadata);
        filter.Visible = await VisibleAsync(read, workspace, bound);
        await filter.ResolveTypesAsync(read);
        await filter.ResolvePeopleAsync(read);
        await filter.ResolveParentsAsync(read);
        return filter;
    }

    /// <summary>The people a customer-bound key may see; null for every other key.</summary>
    public static async Task<int[]?> VisibleAsync(BoundedRead read, Workspace workspace, Customer? bound) => bound is null
        ? null
        : await PeopleLookup.OfCustomersAsync(read.Connection, workspace.Key, [bound.Id], read.Cancel);

    /// <summary>Whether children of given events are asked for, which an index finds.</summary>
    public bool HasParents => parents is not null;

    /// <summary>The rows that the conditions are to be put on, as <c>e</c>.</summary>
    public string Source(SqlParameters parameters) => parents is null ? "events e" : $"""
        unnest({parameters.Add(parents)}) as named (parent)
        cross join lateral (
            select *
            from events
            where workspace_id = {parameters.Add(workspace.Key)}
              and parent = named.parent
            offset 0
        ) e
        """;

    /// <summary>The one condition that goes without saying, where joins are to know it too: on a cluster it says where to look.</summary>
    public string OfWorkspace(SqlParameters parameters) => $"e.workspace_id = {parameters.Add(workspace.Key)}";

    /// <summary>The conditions, without the one on time.</summary>
    public string Conditions(SqlParameters parameters)
    {
        var conditions = new List<string> { OfWorkspace(parameters) };
        if (types is not null)
            conditions.Add($"e.type = any({parameters.Add(types)})");
        if (people is not null)
            conditions.Add($"e.person = any({parameters.Add(people)})");
        if (request.Root is { } root)
            conditions.Add(root ? "e.parent is null" : "e.parent is not null");
        foreach (var (path, values) in metadata)
            conditions.Add($"{path.AsText("e.metadata", parameters.Add(path.Keys))} = any({parameters.Add(values)})");
        if (Texts is { Length: > 0 } texts)
            conditions.Add($"""
                (e.type = any({parameters.Add(namedLike)})
                    or jsonb_path_exists(e.metadata, {parameters.Add(TextSearch.InStrings(texts))}::jsonpath))
                """);
        return string.Join("\n  and ", conditions);
    }

    string[] Texts => [.. request.Q.OfType<string>()];

    async Task ResolveTypesAsync(BoundedRead read)
    {
        string[] names = [.. request.Name.OfType<string>()];
        if (names.Length + request.Source.Length + request.EventTypeId.Length > 0)
        {
            var parameters = new SqlParameters();
            parameters.Add(workspace.Key);
            parameters.Add(names is [] ? null : names);
            parameters.Add(request.Source is [] ? null : request.Source.Select(source => (short)source).ToArray());
            parameters.Add(request.EventTypeId is [] ? null : request.EventTypeId);
            types = await NumbersAsync(read, TypesSql, parameters);
        }

        if (Texts is { Length: > 0 } texts)
        {
            var parameters = new SqlParameters();
            parameters.Add(workspace.Key);
            parameters.Add(TextSearch.InNames(texts));
            namedLike = await NumbersAsync(read, NamedLikeSql, parameters);
        }
    }

    async Task ResolvePeopleAsync(BoundedRead read)
    {
        people = Visible;
        string[] externalIds = [.. request.ExternalCustomerId.OfType<string>()];
        if (request.CustomerId.Length > 0)
            Narrow(await PeopleLookup.OfCustomersAsync(read.Connection, workspace.Key, request.CustomerId, read.Cancel));
        if (externalIds.Length > 0)
            Narrow(await PeopleLookup.OfExternalIdsAsync(read.Connection, workspace.Key, externalIds, read.Cancel));
    }

    void Narrow(int[] found) => people = people is null ? found : [.. people.Intersect(found)];

    // A child that came before its parent still names it by the hash of its external id.
    async Task ResolveParentsAsync(BoundedRead read)
    {
        if (request.ParentId.Length == 0)
            return;
        var found = new List<Guid>();
        foreach (var parent in request.ParentId.Distinct())
            if (await StoredEvents.FindAsync(read, workspace, parent) is { } stored)
                found.AddRange(stored.Hash(workspace) is { } hash ? [stored.Id, hash] : [stored.Id]);
        parents = [.. found];
    }

    static async Task<int[]> NumbersAsync(BoundedRead read, string sql, SqlParameters parameters)
    {
        await using var command = parameters.Command(sql, read.Connection);
        await using var reader = await command.ExecuteReaderAsync(read.Cancel);
        var numbers = new List<int>();
        while (await reader.ReadAsync(read.Cancel))
            numbers.Add(reader.GetInt32(0));
        return [.. numbers];
    }
}
