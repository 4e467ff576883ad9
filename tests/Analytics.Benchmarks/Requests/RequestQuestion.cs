using System.Globalization;

namespace Analytics.Benchmarks.Requests;

/// <summary>A question about API requests, and the same asked of the raw rows with SQL where that is worth comparing.</summary>
/// <param name="Name">What the report calls it.</param>
/// <param name="Path">The request; every variant differs in range, order or whom it is about. Filters choose one of the busiest.</param>
sealed record RequestQuestion(string Name, Func<int, string> Path)
{
    const string Ragged = "yyyy-MM-ddTHH:mm:ss.ffffff'Z'";

    // A little more with every variant, so that no two ranges are alike and their ends cut every grain.
    static readonly TimeSpan Step = new(0, 0, 7, 33, 217);
    static readonly string[] EndpointSorts = ["-count", "-p95", "endpoint", "-errorRate", "-bytes", "customers", "-avgLatency"];
    static readonly string[] Measures = ["count", "p95", "avgLatency", "errorRate", "p99"];

    public Goal Goal { get; init; } = Goal.AtMost(50);

    /// <summary>Reads raw rows, of which there are more in more data.</summary>
    public bool IsRaw { get; init; }

    public bool IsHeadline { get; init; }

    /// <summary>Of workspace $1 from $2 to $3, with <see cref="Range"/> of 30 days; null when it is not asked of the rows.</summary>
    public string? Sql { get; init; }

    public static readonly RequestQuestion[] All =
    [
        new("dashboard of a day", v => $"dashboard?timezone=UTC&date={Date(v % 4)}") { IsHeadline = true },
        new("30 days by hour", v => $"timeseries?interval=hour&{Text(v, Days(30))}") { Sql = RequestSql.ByHour },
        new("30 days by hour, an endpoint", v => $"timeseries?interval=hour&{Text(v, Days(30))}&{Endpoint(v)}"),
        new("30 days by hour, a customer", v => $"timeseries?interval=hour&{Text(v, Days(30))}&{Customer(v)}"),
        new("30 days by day, a customer's requests to an endpoint",
            v => $"timeseries?interval=day&{Text(v, Days(30))}&{Customer(v)}&{Endpoint(v / 5)}"),
        new("48 hours by minute", v => $"timeseries?interval=minute&{Text(v, Days(2))}"),
        new("48 hours by minute, an endpoint", v => $"timeseries?interval=minute&{Text(v, Days(2))}&{Endpoint(v)}")
        {
            Goal = Goal.AtMost(250), IsRaw = true,
        },
        new("48 hours by minute, a customer", v => $"timeseries?interval=minute&{Text(v, Days(2))}&{Customer(v)}")
        {
            Goal = Goal.AtMost(250), IsRaw = true,
        },
        new("endpoints of 30 days", v => $"endpoints?{Text(v, Days(30))}&sort={Of(EndpointSorts, v)}")
        {
            Sql = RequestSql.ByEndpoint, IsHeadline = true,
        },
        new("endpoints of the last 24 hours", v => $"endpoints?sort={Of(EndpointSorts, v)}&limit={50 + v}"),
        new("latency of 30 days", v => $"latency?{Text(v, Days(30))}"),
        new("latency of 30 days, an endpoint", v => $"latency?{Text(v, Days(30))}&{Endpoint(v)}") { Sql = RequestSql.OfEndpoint },
        new("recent", v => $"recent?{Text(v, Days(30))}") { IsRaw = true },
        new("recent, one in 1 000 fits", v => $"recent?{Text(v, Days(30))}&status={Traffic.RareStatus}")
        {
            Goal = Goal.AtMost(100), IsRaw = true,
        },
        new("recent, none fits", v => $"recent?{Text(v, Days(30))}&status={Traffic.NoStatus}")
        {
            Goal = Goal.AtMost(1_200), IsRaw = true,
        },
        new("slow of a day", v => $"slow?timezone=UTC&date={Date(v % 7)}&limit=100"),
        new("slow patterns of 14 days", v => $"slow/patterns?{Text(v, Days(14))}") { Goal = Goal.AtMost(250) },
        new("heatmap of 30 days", v => $"heatmap?by=weekday&measure={Of(Measures, v)}&{Text(v, Days(30))}"),
        new("heatmap of 30 days by endpoint", v => $"heatmap?by=endpoint&measure={Of(Measures, v)}&{Text(v, Days(30))}"),
        new("customers of 30 days", v => $"customers?{Text(v, Days(30))}") { Sql = RequestSql.ByCustomer, IsHeadline = true },
        new("a customer's report of 30 days", v => $"customers/{CustomerId(v)}/report?days={30 - v / 5 % 2}"),
        new("degradations of 24 hours", v => $"degradations?{Text(v, Days(1))}") { Goal = Goal.AtMost(250) },
        new("degradations of 30 days", v => $"degradations?{Text(v, Days(30))}") { Goal = Goal.AtMost(250) },
    ];

    public byte[] Request(int variant, string key) => KeepAlive.Get($"/api/requests/{Path(variant)}", key);

    public static (DateTime From, DateTime To) Range(int variant, TimeSpan length)
    {
        var to = TimeProvider.System.GetUtcNow().UtcDateTime - variant * Step;
        return (to - length, to);
    }

    static TimeSpan Days(int days) => TimeSpan.FromDays(days);

    static string Text(int variant, TimeSpan length)
    {
        var (from, to) = Range(variant, length);
        return $"timezone=UTC&from={Text(from)}&to={Text(to)}";
    }

    static string Text(DateTime time) => time.ToString(Ragged, CultureInfo.InvariantCulture);

    static string Date(int back) => $"{TimeProvider.System.GetUtcNow().AddDays(-back):yyyy-MM-dd}";

    static string Endpoint(int variant) => $"endpoint={Uri.EscapeDataString(Traffic.EndpointKey(variant % Traffic.Busy))}";

    static string Customer(int variant) => $"customerId={CustomerId(variant)}";

    static string CustomerId(int variant) => Profile.CustomerId(variant % Traffic.Busy);

    static string Of(string[] choices, int variant) => choices[variant % choices.Length];
}
