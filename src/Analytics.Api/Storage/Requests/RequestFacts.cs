using Analytics.Storage.Cells;
using Analytics.Storage.Facts;

namespace Analytics.Storage.Requests;

/// <summary>What API requests count for. All of them by status, minute by minute; and by person, endpoint and status.</summary>
static class RequestFacts
{
    public const int Requests = 0;

    /// <summary>Those with a status of 500 and more.</summary>
    public const int ServerErrors = 1;

    /// <summary>Milliseconds, in units of 1e-12. Their distribution is field <see cref="LatencyField"/>.</summary>
    public const int Latency = 2;
    public const int ResponseBytes = 3;
    public const int RequestBytes = 4;

    /// <summary>Those with a status from 400 to 499.</summary>
    public const int ClientErrors = 5;

    /// <summary>Those that took more than a second.</summary>
    public const int Slow = 6;

    /// <summary>Those with a status below 200, which count as requests and in no other sum.</summary>
    public const int Informational = 7;

    public const short LatencyField = 1;

    /// <summary>What a microsecond is in units of latencies.</summary>
    public const long Microsecond = 1_000_000_000;

    /// <summary>Latencies from here on are slow ones, in microseconds.</summary>
    public const long SlowAbove = 1_000_000;

    /// <summary>The least status of an answer that is one.</summary>
    public const int LeastFinal = 200;

    /// <summary>The endpoint that those above the day's number of endpoints count under.</summary>
    public const int OtherEndpoint = 1;

    static readonly string[] Sums =
        ["requests", "server errors", "latency", "response bytes", "request bytes", "client errors", "slow", "informational"];

    public static readonly Section Section = new(
        3, "requests", Grain.QuarterHour, [Dimension.Person, Dimension.EndpointStatus], Sums)
    {
        IsOfPeople = true,
    };

    public static readonly Section Minutes = new(
        4, "minutes of requests", Grain.Minute, [Dimension.None, Dimension.Status], Sums);

    /// <summary>How many requests name which product.</summary>
    public static readonly Section Products = new(
        24, "products' requests", Grain.QuarterHour, [Dimension.None, Dimension.Product], ["requests"]);

    /// <summary>Whether a status is of an answer before the answer (1xx): what takes as long as a socket is open is no latency.</summary>
    public static bool IsInformational(int status) => status < LeastFinal;

    /// <summary>The number an endpoint and a status have in common.</summary>
    public static int EndpointStatus(int endpoint, int status) => (endpoint << Dimension.StatusBits) | status;
}
