using Analytics.Http;
using Analytics.Reading;
using Analytics.Storage.Schema;
using Analytics.Tenancy;
using Analytics.Time;
using FluentValidation;

namespace Analytics.Features.Log;

/// <summary>Of which time records are listed.</summary>
public sealed record LogTimesRequest
{
    /// <summary>First instant, RFC 3339 with an offset, or a date; without bound by default.</summary>
    public string? From { get; init; }

    /// <summary>The instant or date to stop before; now by default, or, without <c>from</c> too, everything.</summary>
    public string? To { get; init; }

    /// <summary>Where dates begin at midnight: an IANA time zone; the workspace's by default.</summary>
    public string? Timezone { get; init; }

    /// <summary>The time; throws a 400 with every problem.</summary>
    internal TimeRange Range(Workspace workspace, DateTimeOffset now) => LogTimes.Read(From, To, Timezone, workspace, now);
}

/// <summary>What the time must fulfil.</summary>
sealed class LogTimesRequestRules : AbstractValidator<LogTimesRequest>
{
    public LogTimesRequestRules() => this.ReadAs(static (times, http, now) => times.Range(http.Workspace, now));
}

/// <summary>A page of the event log, newest first.</summary>
/// <param name="Data">The records.</param>
/// <param name="NextCursor">The <c>cursor</c> of the page after this one; null when the range's end was reached.</param>
/// <param name="ScannedTo">How far back everything that fits has been told: a page may be short or empty.</param>
public sealed record LogPage(IReadOnlyList<LogRecord> Data, string? NextCursor, DateTimeOffset? ScannedTo);
