using System.Text.Json;

namespace Analytics.Features.Ingestion;

/// <summary>The body of an ingest request, as the OpenAPI document shows it. It is read by a parser of its own.</summary>
public sealed record IngestBody(IReadOnlyList<IngestedEvent> Events, Guid? WorkspaceId)
{
    public const string Example = """
        {"events":[{"name":"task.done","timestamp":"2026-03-11T09:30:00Z","external_customer_id":"acme","external_id":"task-4711",
        "metadata":{"project":"apollo","_cost":{"amount":"1.25","currency":"usd"},
        "_llm":{"vendor":"acme","model":"large","input_tokens":812,"output_tokens":64}}}]}
        """;
}

/// <summary>An event to ingest: <c>customer_id</c> or <c>external_customer_id</c> names the customer; <c>external_id</c> deduplicates.</summary>
public sealed record IngestedEvent(
    string Name, DateTimeOffset? Timestamp, Guid? CustomerId, string? ExternalCustomerId, string? ExternalId, string? ParentId,
    string? Source, JsonElement? Metadata);
