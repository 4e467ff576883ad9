using Analytics.Http;
using Analytics.Reading;
using Analytics.Storage.Schema;
using Analytics.Tenancy;
using Analytics.Time;
using FluentValidation;

namespace Analytics.Features.Streams;

/// <summary>Of which time the log's records are streamed.</summary>
public sealed record LogStreamTimes
{
    /// <summary>First instant, RFC 3339 with an offset, or a date; without bound by default.</summary>
    public string? From { get; init; }

    /// <summary>The instant or date to stop before; without bound by default, for a stream goes on.</summary>
    public string? To { get; init; }

    /// <summary>Where dates begin at midnight: an IANA time zone; the workspace's by default.</summary>
    public string? Timezone { get; init; }

    /// <summary>The time, null when every record is of it; throws a 400 with every problem.</summary>
    internal TimeRange? Range(Workspace workspace)
    {
        var range = LogTimes.Read(From, To, Timezone, workspace, TimeRange.Latest);
        return this is { From: null, To: null } ? null : range;
    }
}

/// <summary>What the time must fulfil.</summary>
sealed class LogStreamTimesRules : AbstractValidator<LogStreamTimes>
{
    public LogStreamTimesRules() => this.ReadAs(static (times, http, _) => times.Range(http.Workspace));
}
