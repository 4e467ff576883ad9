using Analytics.Reading;
using Analytics.Storage;
using Analytics.Storage.People;
using Analytics.Storage.Rollups.Reading;
using Analytics.Storage.Schema;

namespace Analytics.Features.Events;

/// <summary>A request's filters with names and ids replaced by the store's numbers, as conditions on a row of events.</summary>
sealed class EventFilter
{
    const string TypesSql = """
        select one.type
        from (
            select named.*
            from (select distinct name from unnest($2) as asked (name)) wanted
            cross join lateral (
                select *
                from event_types
                where workspace_id = $1
                  and name = wanted.name
                offset 0
            ) named
            union all
            select *
            from event_types
            where workspace_id = $1
              and $2 is null
        ) one
        where ($3 is null or one.source = any($3))
          and ($4 is null or one.id = any($4))
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
        filter.Visible = await PeopleLookup.VisibleAsync(read.Connection, workspace.Key, bound, read.Cancel);
        await filter.ResolveTypesAsync(read);
        await filter.ResolvePeopleAsync(read);
        await filter.ResolveParentsAsync(read);
        return filter;
    }

    /// <summary>Whether children of given events are asked for, which an index finds.</summary>
    public bool HasParents => parents is not null;

    /// <summary>The rows that the conditions are to be put on, as <c>e</c>.</summary>
    public string Source(SqlValues values) => parents is null ? "events e" : $"""
        unnest({values.Add(parents)}) as named (parent)
        cross join lateral (
            select *
            from events
            where workspace_id = {values.Add(workspace.Key)}
              and parent = named.parent
            offset 0
        ) e
        """;

    /// <summary>The workspace's number among the values: joins are told it too, and on a cluster it says where to look.</summary>
    public string WorkspaceIn(SqlValues values) => values.Add(workspace.Key);

    /// <summary>The conditions, without the one on time.</summary>
    public string Conditions(SqlValues values)
    {
        var conditions = new List<string> { $"e.workspace_id = {WorkspaceIn(values)}" };
        if (types is not null)
            conditions.Add($"e.type = any({values.Add(types)})");
        if (people is not null)
            conditions.Add($"e.person = any({values.Add(people)})");
        if (request.Root is { } root)
            conditions.Add(root ? "e.parent is null" : "e.parent is not null");
        foreach (var (path, texts) in metadata)
            conditions.Add($"{path.AsText("e.metadata", values.Add(path.Keys))} = any({values.Add(texts)})");
        if (Texts is { Length: > 0 } searched)
            conditions.Add($"""
                (e.type = any({values.Add(namedLike)})
                    or jsonb_path_exists(e.metadata, {values.Add(TextSearch.InStrings(searched))}::jsonpath))
                """);
        return string.Join("\n  and ", conditions);
    }

    string[] Texts => [.. request.Q.OfType<string>()];

    async Task ResolveTypesAsync(BoundedRead read)
    {
        string[] names = [.. request.Name.OfType<string>()];
        if (names.Length + request.Source.Length + request.EventTypeId.Length > 0)
            types = await NumbersAsync(read, TypesSql,
            [
                workspace.Key, SqlValue.Of(names is [] ? null : names),
                SqlValue.Of(request.Source is [] ? null : request.Source.Select(source => (short)source).ToArray()),
                SqlValue.Of(request.EventTypeId is [] ? null : request.EventTypeId),
            ]);
        if (Texts is { Length: > 0 } texts)
            namedLike = await TypeNames.ContainingAsync(read.Connection, workspace.Key, texts, read.Cancel);
    }

    async Task ResolvePeopleAsync(BoundedRead read) => people = await PeopleLookup.OfFilterAsync(
        read.Connection, workspace.Key, request.CustomerId, [.. request.ExternalCustomerId.OfType<string>()], Visible, read.Cancel);

    // A child that came before its parent still names it by the hash of its external id.
    async Task ResolveParentsAsync(BoundedRead read)
    {
        if (request.ParentId.Length == 0)
            return;
        var found = new List<Guid>();
        foreach (var parent in request.ParentId.Distinct())
            if (await StoredEvents.FindAsync(read, workspace, parent) is { } stored && IsVisible(stored.Person))
                found.AddRange(stored.Hash(workspace) is { } hash ? [stored.Id, hash] : [stored.Id]);
        parents = [.. found];
    }

    bool IsVisible(int? person) => Visible is null || (person is { } known && Visible.Contains(known));

    static async Task<int[]> NumbersAsync(BoundedRead read, string sql, SqlValue[] values) =>
        [.. await read.Connection.QueryAsync(sql, values, row => row.GetInt32(0), read.Cancel)];
}
