using Microsoft.AspNetCore.Http;

namespace Analytics.Client;

/// <summary>What is told, and where. All but the functions can stand in the configuration's section <c>Analytics</c>.</summary>
public sealed class AnalyticsOptions
{
    /// <summary>Where Analytics listens: <c>https://analytics.example.com</c>, and its path if any. Nothing is told without.</summary>
    public Uri? Url { get; set; }

    /// <summary>A key with the scope <c>events:write</c>. Nothing is told without.</summary>
    public string? Key { get; set; }

    /// <summary>
    /// Who asked: the customer's id in your own words; null is nobody. Like the other functions it is called when the request is over, so
    /// authentication has run.
    /// </summary>
    public Func<HttpContext, string?>? CustomerId { get; set; }

    /// <summary>Which of your products was asked.</summary>
    public Func<HttpContext, string?>? ProductId { get; set; }

    /// <summary>With which of your keys. Its id, never the key itself.</summary>
    public Func<HttpContext, string?>? ApiKeyId { get; set; }

    /// <summary>What requests count under, instead of the template of their route. Where it is null the service goes by the path.</summary>
    public Func<HttpContext, string?>? Route { get; set; }

    /// <summary>Requests not to tell of.</summary>
    public Func<HttpContext, bool>? Ignore { get; set; }

    /// <summary>
    /// The share of requests that is told, 0 to 1. Chance decides before a request runs, slow or not, failed or not: so averages,
    /// percentiles and error rates stay true, but for chance. Counts and bytes do not: they are those of the sample, and nobody scales
    /// them up. Customers with few requests may be missing, and so may the slowest request of the day. Only 1 tells the truth.
    /// </summary>
    public double Sampling { get; set; } = 1;

    /// <summary>Whether paths are told; without, the route template stands in their place, and <c>/:path</c> where there is none.</summary>
    public bool RecordPath { get; set; } = true;

    /// <summary>Whether user agents are told.</summary>
    public bool RecordUserAgent { get; set; } = true;

    /// <summary>Whether addresses are told. The service stores them without their last part.</summary>
    public bool RecordIp { get; set; } = true;

    /// <summary>How much may wait of requests, and of events, in bytes of memory. What comes beyond it is dropped, and counted.</summary>
    public long BufferBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>How many facts are sent at once, at most: 1 to 10 000.</summary>
    public int BatchSize { get; set; } = 1_000;

    /// <summary>How long the first of a batch waits for others.</summary>
    public TimeSpan Pause { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a try may take before it is made again.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a host that stops waits for what is still to be sent. The host's own shutdown timeout holds too.</summary>
    public TimeSpan ExitTime { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>What keeps anything from being told, in words; null when all is well.</summary>
    internal string? Fault => this switch
    {
        { Key: null or "" } => "Analytics:Key is not set",
        { Url: null } => "Analytics:Url is not set",
        { Url.IsAbsoluteUri: false } or { Url.Scheme: not ("http" or "https") } => "Analytics:Url is not an http or https address",
        { Key: var key } when key.Any(c => c is <= ' ' or > '~') => "Analytics:Key holds characters that no key has",
        { BatchSize: < 1 or > 10_000 } => "Analytics:BatchSize is not 1 to 10000",
        { Sampling: not (>= 0 and <= 1) } => "Analytics:Sampling is not 0 to 1",
        _ when Pause < TimeSpan.Zero || Timeout <= TimeSpan.Zero || ExitTime < TimeSpan.Zero => "a time of Analytics is negative",
        _ => null,
    };
}
