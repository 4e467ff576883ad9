using Analytics.Http.OpenApi;

namespace Analytics.Features.Business;

/// <summary>The times that every question about the business names, as sent.</summary>
public abstract record PeriodRequest
{
    /// <summary>
    /// So much up to now or today: hours (<c>24h</c>, up to <c>744h</c>) roll, to the minute, with an hourly trend; days and weeks
    /// (<c>30d</c>, up to <c>1098d</c>; <c>4w</c>, up to <c>156w</c>) are calendar days that end today, with a daily one; months
    /// (<c>12m</c>, up to <c>36m</c>) are calendar months that end with this one, with a monthly one. Not together with <c>from</c> or
    /// <c>to</c>.
    /// </summary>
    [Shown(Default = BusinessTimes.DefaultPeriod)]
    public string? Period { get; init; }

    /// <summary>An RFC 3339 instant or a date; 30 days before <c>to</c> when only that is sent.</summary>
    public string? From { get; init; }

    /// <summary>An RFC 3339 instant or a date, exclusive; now when only <c>from</c> is sent.</summary>
    public string? To { get; init; }

    /// <summary>An IANA time zone; the workspace's by default.</summary>
    public string? Timezone { get; init; }
}
