using Analytics.Http.OpenApi;
using Analytics.Reading;
using FluentValidation;

namespace Analytics.Features.Log;

/// <summary>Which records to list. A repeated filter means any of its values; different ones must all hold.</summary>
public sealed record LogRequest
{
    /// <summary>Texts that stand in the type or in a string of the payload, upper and lower case alike.</summary>
    public string?[] Q { get; init; } = [];

    /// <summary>Of these types: an event's name, <c>request.completed</c>, or what the service tells.</summary>
    public string?[] Type { get; init; } = [];

    /// <summary>Of these categories.</summary>
    [OneOf(typeof(LogFilter), nameof(LogFilter.Categories))]
    public string?[] Category { get; init; } = [];

    /// <summary>At least so serious.</summary>
    [OneOf(typeof(LogFilter), nameof(LogFilter.Severities))]
    public string? Severity { get; init; }

    /// <summary>By these actors: their ids.</summary>
    public string?[] Actor { get; init; } = [];

    /// <summary>About things of these types.</summary>
    public string?[] TargetType { get; init; } = [];

    /// <summary>About these things.</summary>
    public string?[] TargetId { get; init; } = [];

    /// <summary>Of these correlations; of requests it is their <c>requestId</c>.</summary>
    public string?[] CorrelationId { get; init; } = [];

    /// <summary>First instant, RFC 3339 with an offset, or a date; without bound by default.</summary>
    public string? From { get; init; }

    /// <summary>The instant or date to stop before; now by default, or, without <c>from</c> too, everything.</summary>
    public string? To { get; init; }

    /// <summary>Where dates begin at midnight: an IANA time zone; the workspace's by default.</summary>
    public string? Timezone { get; init; }

    internal LogFilter Filter => new(
        Texts(Q), Texts(Type), Texts(Category), Severity, Texts(Actor), Texts(TargetType), Texts(TargetId), Texts(CorrelationId));

    // A parameter without a value asks for nothing.
    static string[] Texts(string?[] sent) => [.. sent.OfType<string>().Where(text => text.Length > 0)];
}

/// <summary>What a question for records must fulfil.</summary>
sealed class LogRequestRules : AbstractValidator<LogRequest>
{
    public LogRequestRules()
    {
        RuleForEach(request => request.Category).Must(word => word is null or "" || LogFilter.IsCategory(word))
            .WithErrorCode("value").WithMessage($"A category is one of {string.Join(", ", LogFilter.Categories)}.");
        RuleFor(request => request.Severity).Must(word => word is null || LogFilter.IsSeverity(word))
            .WithErrorCode("value").WithMessage($"A severity is one of {string.Join(", ", LogFilter.Severities)}.");
    }
}

/// <summary>A page of the event log, newest first.</summary>
/// <param name="Data">The records.</param>
/// <param name="NextCursor">The <c>cursor</c> of the page after this one; null when the range's end was reached.</param>
/// <param name="ScannedTo">How far back everything that fits has been told: a page looks for a second, and may be short or empty.</param>
public sealed record LogPage(IReadOnlyList<LogRecord> Data, string? NextCursor, DateTimeOffset? ScannedTo);
