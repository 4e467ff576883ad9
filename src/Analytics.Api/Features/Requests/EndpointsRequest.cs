using Analytics.Http;
using Analytics.Storage.Schema;
using Analytics.Tenancy;
using Analytics.Time;
using FluentValidation;

namespace Analytics.Features.Requests;

/// <summary>The parameters of the list of endpoints, as sent.</summary>
public sealed record EndpointsRequest
{
    /// <summary>An RFC 3339 instant or a date; 24 hours before <c>to</c> by default.</summary>
    public string? From { get; init; }

    /// <summary>An RFC 3339 instant or a date, exclusive; now by default.</summary>
    public string? To { get; init; }

    /// <summary>An IANA time zone; the workspace's by default.</summary>
    public string? Timezone { get; init; }

    /// <summary>Part of the endpoint; upper and lower case alike.</summary>
    public string?[] Q { get; init; } = [];

    /// <summary>The range; throws a 400 with every problem.</summary>
    internal TimeRange Range(Workspace workspace, DateTimeOffset now)
    {
        var times = new RequestTimes(Timezone, workspace, now);
        var range = times.Of(From, To);
        times.Check();
        return range!;
    }

    internal bool Passes(string endpoint)
    {
        string[] texts = [.. Q.OfType<string>()];
        return texts.Length == 0 || texts.Any(text => endpoint.Contains(text, StringComparison.OrdinalIgnoreCase));
    }
}

/// <summary>What such a question must fulfil.</summary>
sealed class EndpointsRequestRules : AbstractValidator<EndpointsRequest>
{
    public EndpointsRequestRules() => this.ReadAs(static (request, http, now) => request.Range(http.Workspace, now));
}
