using System.Text;
using System.Text.Json;
using Analytics.Storage;
using Analytics.Storage.Schema;
using Npgsql;

namespace Analytics.Reading;

/// <summary>An event's row with what its numbers stand for; not yet its place in the trace.</summary>
sealed record StoredEvent
{
    /// <summary>Reads from <c>e</c>, a selection of rows of events. One row each: all joins are by unique key.</summary>
    public const string Columns = """
        e.id,
        e.timestamp,
        e.ingested_at,
        e.external_id,
        e.parent,
        e.trace,
        e.parent_ref,
        e.metadata,
        types.name,
        types.label,
        types.label_property_selector,
        types.source,
        coalesce(people.customer_id, customers.id) as customer_id,
        people.external_id as external_customer_id,
        coalesce(arrived.id, case when substr(e.parent::text, 15, 1) = '7' then e.parent end) as parent_id,
        e.person,
        e.portal
        """;

    // Lateral and by whole keys: of a workspace the planner has not counted yet, a join goes through all of it for each event. An order
    // says which index where there are several; see docs/decisions/0014.
    public static string TypesJoin(string workspace) => $"""
        cross join lateral (
            select name, label, label_property_selector, source
            from event_types
            where workspace_id = {workspace}
              and type between e.type and e.type
            order by type
            limit 1
        ) types
        """;

    public static string PeopleJoins(string workspace) => $"""
        left join lateral (
            select customer_id, external_id
            from people
            where workspace_id = {workspace}
              and person = e.person
            offset 0
        ) people on true
        left join lateral (
            select id
            from customers
            where workspace_id = {workspace}
              and external_id = people.external_id
            offset 0
        ) customers on true
        """;

    // A parent that was not there yet stands as a hash, whose key tells the id once it has come.
    public static string ArrivedJoin(string workspace) => $"""
        left join lateral (
            select id
            from event_keys
            where workspace_id = {workspace}
              and kind = 0
              and hash = e.parent
            offset 0
        ) arrived on true
        """;

    /// <summary>What the columns need besides the event.</summary>
    /// <param name="workspace">The workspace's number: a value, so that a cluster knows where to look.</param>
    public static string Joins(string workspace) => $"{TypesJoin(workspace)}\n{PeopleJoins(workspace)}\n{ArrivedJoin(workspace)}";

    public const int ColumnCount = 17;

    static readonly JsonElement NoMetadata = JsonSerializer.SerializeToElement(new { });

    public required Guid Id { get; init; }
    public required DateTime Timestamp { get; init; }
    public required DateTime IngestedAt { get; init; }
    public required string? ExternalId { get; init; }

    /// <summary>As stored: an event's id, or the hash of an external id.</summary>
    public required Guid? Parent { get; init; }

    /// <summary>The trace node it joined when it came; null when it came without a parent.</summary>
    public required Guid? Trace { get; init; }
    public required string? ParentRef { get; init; }
    public required byte[]? Metadata { get; init; }
    public required string Name { get; init; }
    public required string TypeLabel { get; init; }
    public required string? LabelSelector { get; init; }
    public required EventSource Source { get; init; }
    public required Guid? CustomerId { get; init; }
    public required string? ExternalCustomerId { get; init; }
    public required Guid? ParentId { get; init; }
    public required int? Person { get; init; }

    /// <summary>The customer whose portal key sent it, if one did: what it is called is a name in that customer's space.</summary>
    public required Guid? Portal { get; init; }

    /// <summary>What the row was sorted by, as text, where the order is not the index's.</summary>
    public string? SortKey { get; init; }

    /// <summary>The trace node to start from on the way to the root.</summary>
    public Guid FirstNode => Trace ?? Id;

    /// <summary>What children that came before it call their parent.</summary>
    public Guid? Hash(Workspace workspace) => ExternalId is null
        ? null
        : KeyHash.Of(workspace.HashKey, KeyKind.Event, Portal, Encoding.UTF8.GetBytes(ExternalId)).ToUuid();

    public static StoredEvent Read(NpgsqlDataReader reader) => new()
    {
        Id = reader.GetGuid(0),
        Timestamp = reader.GetDateTime(1),
        IngestedAt = reader.GetDateTime(2),
        ExternalId = Nullable<string>(reader, 3),
        Parent = NullableId(reader, 4),
        Trace = NullableId(reader, 5),
        ParentRef = Nullable<string>(reader, 6),
        Metadata = Nullable<byte[]>(reader, 7),
        Name = reader.GetString(8),
        TypeLabel = reader.GetString(9),
        LabelSelector = Nullable<string>(reader, 10),
        Source = (EventSource)reader.GetInt16(11),
        CustomerId = NullableId(reader, 12),
        ExternalCustomerId = Nullable<string>(reader, 13),
        ParentId = NullableId(reader, 14),
        Person = reader.IsDBNull(15) ? null : reader.GetInt32(15),
        Portal = NullableId(reader, 16),
        SortKey = reader.FieldCount > ColumnCount ? Nullable<string>(reader, ColumnCount) : null,
    };

    public Event Shape(Workspace workspace, Place place) => new()
    {
        Id = Id,
        ExternalId = ExternalId,
        Name = Name,
        Label = Label,
        Source = Source,
        Timestamp = new DateTimeOffset(Timestamp),
        IngestedAt = new DateTimeOffset(IngestedAt),
        WorkspaceId = workspace.Id,
        CustomerId = CustomerId,
        ExternalCustomerId = ExternalCustomerId,
        ParentId = ParentAt(place),
        RootId = place.Root,
        PendingParentId = PendingParentAt(place),
        ChildCount = place.Children,
        DescendantCount = place.Descendants,
        Metadata = Metadata is null ? NoMetadata : JsonElement.Parse(Metadata),
        Aggregates = place.Aggregates,
    };

    /// <summary>The value at the type's selector, else the type's label.</summary>
    public string Label =>
        LabelSelector is not null && Metadata is not null && MetadataPath.TryReadText(Metadata, LabelSelector, out var label)
            ? label
            : TypeLabel;

    /// <summary>The parent that is shown where the event stands.</summary>
    public Guid? ParentAt(Place place) => place.HidesParent ? null : ParentId;

    /// <summary>What the parent was called, while it has not come.</summary>
    public string? PendingParentAt(Place place) => Parent is not null && (ParentId is null || place.HidesParent) ? ParentRef : null;

    static T? Nullable<T>(NpgsqlDataReader reader, int at) where T : class =>
        reader.IsDBNull(at) ? null : reader.GetFieldValue<T>(at);

    static Guid? NullableId(NpgsqlDataReader reader, int at) => reader.IsDBNull(at) ? null : reader.GetGuid(at);
}

/// <summary>Where an event stands in its trace.</summary>
sealed record Place(Guid? Root, long Children, long Descendants, IReadOnlyDictionary<string, string>? Aggregates)
{
    /// <summary>Whether the parent is none that the caller may see: for a portal key it has never come.</summary>
    public bool HidesParent { get; init; }

    /// <summary>Where an event stands as far as it says itself.</summary>
    public static Place Unknown(StoredEvent e) => new(e.Trace is null ? e.Id : null, 0, 0, null) { HidesParent = true };
}
