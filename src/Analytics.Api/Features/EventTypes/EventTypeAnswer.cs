using Analytics.Storage.Schema;

namespace Analytics.Features.EventTypes;

/// <summary>
/// An event type with how often it occurred under the request's filters, and when first and last. An event's label is
/// the value at the label_property_selector in its metadata, where there is one.
/// </summary>
public sealed record EventTypeAnswer(
    Guid Id, string Name, string Label, string? LabelPropertySelector, EventSource Source, long Occurrences,
    DateTimeOffset? FirstSeen, DateTimeOffset? LastSeen);

/// <summary>A name events carry, how often and when.</summary>
public sealed record EventName(
    string Name, string Label, EventSource Source, long Occurrences, DateTimeOffset? FirstSeen, DateTimeOffset? LastSeen);
