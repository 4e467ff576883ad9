using System.Text.Json;
using System.Text.Json.Serialization;
using Analytics.Storage.Schema;

namespace Analytics.Reading;

/// <summary>An event as it is read back, with its place in its trace.</summary>
public sealed record Event
{
    /// <summary>A UUIDv7 of the event's own time.</summary>
    public required Guid Id { get; init; }

    /// <summary>The deduplication key it was sent with.</summary>
    public required string? ExternalId { get; init; }
    public required string Name { get; init; }

    /// <summary>The value at the type's label_property_selector, else the type's label.</summary>
    public required string Label { get; init; }
    public required EventSource Source { get; init; }
    public required DateTimeOffset Timestamp { get; init; }
    public required DateTimeOffset IngestedAt { get; init; }
    public required Guid WorkspaceId { get; init; }

    /// <summary>Filled in as well when the external id is that of a customer.</summary>
    public required Guid? CustomerId { get; init; }
    public required string? ExternalCustomerId { get; init; }

    /// <summary>Null for a root, and while the parent is pending.</summary>
    public required Guid? ParentId { get; init; }

    /// <summary>The top of the trace, for a root its own id; null while an ancestor is pending.</summary>
    public required Guid? RootId { get; init; }

    /// <summary>The external id of a parent that has not come yet.</summary>
    public required string? PendingParentId { get; init; }
    public required long ChildCount { get; init; }
    public required long DescendantCount { get; init; }

    /// <summary>What else it says; the <c>total_tokens</c> of <c>_llm</c> are there whether they were sent or not.</summary>
    public required JsonElement Metadata { get; init; }

    /// <summary>Sums over the event and all its descendants, as decimals; there when aggregate_fields asks for some.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? Aggregates { get; init; }
}
