using System.Text.Json.Serialization;
using Analytics.Http.OpenApi;
using Analytics.Storage.Schema;

namespace Analytics.Features.Ingestion;

/// <summary>Events to ingest.</summary>
/// <param name="Events">Up to 10 000.</param>
/// <param name="WorkspaceId">The workspace, for users of several, where the query does not say.</param>
/// <remarks>For the OpenAPI document only: the body is read by a parser of its own.</remarks>
public sealed record IngestBody([property: Shown(Longest = FactList.MaxFacts)] IReadOnlyList<IngestedEvent> Events, Guid? WorkspaceId)
{
    public const string Example = """
        {"events":[{"name":"task.done","timestamp":"2026-03-11T09:30:00Z","external_customer_id":"acme","external_id":"task-4711",
        "metadata":{"project":"apollo","_cost":{"amount":"1.25","currency":"usd"},
        "_llm":{"vendor":"acme","model":"large","input_tokens":812,"output_tokens":64}}}]}
        """;
}

/// <summary>An event to ingest.</summary>
/// <param name="Name">What happened, <c>report.made</c> say.</param>
/// <param name="Timestamp">When; now by default. Not before 2000 and at most five minutes ahead.</param>
/// <param name="CustomerId">A customer of the workspace. Most names need this or <c>external_customer_id</c>, never both.</param>
/// <param name="ExternalCustomerId">The product's own id of the customer, who need not be known here.</param>
/// <param name="ExternalId">The product's own id of the event: with one that was sent before it is a duplicate and counts once.</param>
/// <param name="ParentId">The id or the external id of the event this one belongs to, which may come later.</param>
/// <param name="Source">system for the reserved names, which may leave it out; else user.</param>
/// <param name="Metadata">What else there is to say: at most 50 members, nested at most 4 deep, 16 KB in all.</param>
public sealed record IngestedEvent(
    [property: Shown(Longest = EventRules.LongestName)] string Name,
    DateTimeOffset? Timestamp,
    Guid? CustomerId,
    [property: Shown(Longest = FactRules.LongestId)] string? ExternalCustomerId,
    [property: Shown(Longest = FactRules.LongestId)] string? ExternalId,
    [property: Shown(Longest = FactRules.LongestId)] string? ParentId,
    EventSource? Source,
    IngestedMetadata? Metadata);

/// <summary>An event's metadata: members of any name and kind, of which some mean something to the service.</summary>
public sealed record IngestedMetadata(
    [property: JsonPropertyName("_cost")] IngestedCost? Cost,
    [property: JsonPropertyName("_llm")] IngestedModelUse? ModelUse,
    [property: JsonPropertyName("_log")] IngestedLogEntry? LogEntry)
{
    [JsonExtensionData]
    public Dictionary<string, object> More { get; init; } = [];
}

/// <summary>What the event cost.</summary>
/// <param name="Amount">Decimal cents with up to 12 decimals, as a number or as text; below 1e9 either way.</param>
/// <param name="Currency">The workspace's.</param>
public sealed record IngestedCost(NumberOrText Amount, string Currency);

/// <summary>Which model worked, and how much: <c>total_tokens</c> is the sum of both by default.</summary>
public sealed record IngestedModelUse(
    [property: Shown(Longest = MetadataReader.LongestString)] string Vendor,
    [property: Shown(Longest = MetadataReader.LongestString)] string Model,
    [property: Shown(Least = 0)] long InputTokens,
    [property: Shown(Least = 0)] long OutputTokens,
    [property: Shown(Least = 0)] long? TotalTokens,
    [property: Shown(Least = 0)] long? CachedInputTokens,
    string? Prompt,
    string? Response);

/// <summary>How the event log shows the event, where its name alone does not say it.</summary>
public sealed record IngestedLogEntry(
    [property: OneOf("INFO", "WARN", "ERROR", "CRITICAL")] string? Severity,
    [property: OneOf("API", "BILLING", "AUTH", "SYSTEM", "USAGE")] string? Category,
    string? ActorType, string? ActorId, string? TargetType, string? TargetId, string? CorrelationId);
