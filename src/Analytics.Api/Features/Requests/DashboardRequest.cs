using Analytics.Http.OpenApi;

namespace Analytics.Features.Requests;

/// <summary>The parameters of the dashboard of requests, as sent.</summary>
public sealed record DashboardRequest
{
    /// <summary>The calendar date, <c>YYYY-MM-DD</c>; today by default.</summary>
    [Shown(Format = "date")]
    public string? Date { get; init; }

    /// <summary>An IANA time zone; the workspace's by default.</summary>
    public string? Timezone { get; init; }
}
