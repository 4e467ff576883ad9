using Analytics.Http;
using Analytics.Storage;
using Analytics.Storage.Schema;
using Analytics.Time;
using FluentValidation;

namespace Analytics.Features.Events;

/// <summary>Which events to list. A repeated filter means any of its values; different ones must all hold.</summary>
public sealed record EventsRequest
{
    const string MetadataStart = "metadata[";

    /// <summary>First instant, RFC 3339 with an offset.</summary>
    public string? StartTimestamp { get; init; }

    /// <summary>The instant to stop before, RFC 3339 with an offset.</summary>
    public string? EndTimestamp { get; init; }

    /// <summary>These names.</summary>
    public string?[] Name { get; init; } = [];

    /// <summary><c>user</c> or <c>system</c>.</summary>
    public EventSource[] Source { get; init; } = [];

    /// <summary>Events of these customers.</summary>
    public Guid[] CustomerId { get; init; } = [];

    /// <summary>Events of the people with these external ids.</summary>
    public string?[] ExternalCustomerId { get; init; } = [];

    /// <summary>Events of these types.</summary>
    public Guid[] EventTypeId { get; init; } = [];

    /// <summary>Direct children of these events.</summary>
    public Guid[] ParentId { get; init; } = [];

    /// <summary>true: only events without a parent; false: only events with one.</summary>
    public bool? Root { get; init; }

    /// <summary>Part of the name, or of a string in the metadata; upper and lower case alike.</summary>
    public string?[] Q { get; init; } = [];

    /// <summary>Numeric metadata paths to sum over each event and its descendants.</summary>
    public string?[] AggregateFields { get; init; } = [];

    internal DateTime? From => Instant(StartTimestamp);
    internal DateTime? To => Instant(EndTimestamp);
    internal string[] Fields => AggregateFields.Named();

    /// <summary>The metadata[key]=value filters, which have no fixed names.</summary>
    internal static IReadOnlyList<(MetadataPath Path, string[] Values)> MetadataOf(IQueryCollection query) =>
        [.. query
            .Where(parameter => parameter.Key.Length > MetadataStart.Length + 1
                && parameter.Key.StartsWith(MetadataStart, StringComparison.Ordinal) && parameter.Key.EndsWith(']'))
            .Select(parameter => (
                new MetadataPath(parameter.Key[MetadataStart.Length..^1]), parameter.Value.Select(value => value ?? "").ToArray()))];

    /// <summary>An instant with an offset, in UTC. A plus that arrived as a space is one that was not escaped.</summary>
    internal static DateTime? Instant(string? text) => Rfc3339.TryParse(text?.Replace(' ', '+'), out var microseconds)
        ? Rfc3339.ToInstant(microseconds).UtcDateTime
        : null;
}

/// <summary>What a request for events must fulfil.</summary>
sealed class EventsRequestRules : AbstractValidator<EventsRequest>
{
    const string InstantRule = "A time is written as RFC 3339 with an offset.";

    public EventsRequestRules()
    {
        RuleFor(request => request.StartTimestamp).Must(IsInstant, schema => schema.Format = "date-time")
            .WithErrorCode("timestamp").WithMessage(InstantRule);
        RuleFor(request => request.EndTimestamp).Must(IsInstant, schema => schema.Format = "date-time")
            .WithErrorCode("timestamp").WithMessage(InstantRule);
        RuleFor(request => request.EndTimestamp)
            .Must((request, _) => !(request.To < request.From))
            .WithErrorCode("range").WithMessage("end_timestamp must not be before start_timestamp.");
        RuleFor(request => request.AggregateFields).AreFields();
    }

    static bool IsInstant(string? text) => string.IsNullOrEmpty(text) || EventsRequest.Instant(text) is not null;
}

/// <summary>What to tell about one event.</summary>
public sealed record EventRequest
{
    /// <summary>Numeric metadata paths to sum over the event and its descendants.</summary>
    public string?[] AggregateFields { get; init; } = [];

    internal string[] Fields => AggregateFields.Named();
}

/// <summary>What a request for one event must fulfil.</summary>
sealed class EventRequestRules : AbstractValidator<EventRequest>
{
    public EventRequestRules() => RuleFor(request => request.AggregateFields).AreFields();
}
