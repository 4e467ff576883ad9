namespace Analytics.Storage.Model;

/// <summary>A name events carry, made when it is first ingested. <see cref="Number"/> stands for it in facts and rollups.</summary>
public sealed class EventType
{
    public required int WorkspaceKey { get; init; }
    public required int Number { get; init; }
    public required Guid Id { get; init; }
    public required string Name { get; init; }
    public required string Label { get; set; }
    public string? LabelPropertySelector { get; set; }
    public required EventSource Source { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>Who says so: the product, or its backend through one of the reserved names.</summary>
public enum EventSource : short
{
    User = 0,
    System = 1,
}
