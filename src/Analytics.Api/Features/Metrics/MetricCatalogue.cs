using Analytics.Sketches;
using Analytics.Storage.Sales;
using static Analytics.Features.Metrics.MetricType;
using static Analytics.Storage.Sales.SalesSum;

namespace Analytics.Features.Metrics;

/// <summary>
/// Every metric there is, a row each, in the order of answers. The API, its validation and document, the CSV header and the tests
/// follow from this list: to add a metric, add a row.
/// </summary>
static class MetricCatalogue
{
    const string Sum = "sum";
    const string OfSums = "ratio of sums";
    const string Last = "last bucket";

    public static readonly IReadOnlyList<Metric> All =
    [
        new("file_share_sessions", "File Share Sessions", Scalar, "shares", "shares created", Sum,
            at => Count(at[SalesSum.Sessions])),
        new("file_share_downloads", "File Share Downloads", Scalar, "downloads", "downloads", Sum,
            at => Count(at[Downloads])),
        new("file_share_avg_downloads", "Avg Downloads Per Share", Scalar, "shares and downloads", "downloads / shares created", OfSums,
            at => DecimalUnits.Ratio(at[Downloads], at[SalesSum.Sessions])),
        new("file_share_active_sessions", "Active Sessions", Scalar, "shares", "shares created and not ended at the bucket's end", Last,
            at => Count(at.Running[SalesSum.Sessions] - at.Running[ClosedSessions] - at.Running[SessionExpiries])),
        new("file_share_completed_sessions", "Completed Sessions", Scalar, "shares", "shares completed, when it happened", Sum,
            at => Count(at[CompletedSessions])),
        new("file_share_expired_sessions", "Expired Sessions", Scalar, "shares",
            "shares expired, by event or by expires_at, when it happened", Sum,
            at => Count(at[ExpiredSessions] + at[SessionExpiries])),
        new("file_share_free_sessions", "Free File Shares", Scalar, "shares", "shares created without a price", Sum,
            at => Count(at[SalesSum.Sessions] - at[PaidSessions])),
        new("file_share_paid_sessions", "Paid File Shares", Scalar, "shares", "shares created with a price", Sum,
            at => Count(at[PaidSessions])),
        new("file_share_total_size_bytes", "Total Data Shared (bytes)", Scalar, "downloads", "bytes transferred by downloads", Sum,
            at => Count(at[DownloadedBytes])),
        new("cumulative_file_share_sessions", "Cumulative File Shares", Scalar, "shares",
            "shares created since the beginning of time", Last,
            at => Count(at.Running[SalesSum.Sessions])),
        new("cumulative_file_share_downloads", "Cumulative Downloads", Scalar, "downloads", "downloads since the beginning of time", Last,
            at => Count(at.Running[Downloads])),
        new("file_share_revenue", "File Share Revenue", Currency, "payments",
            "completed payments of shares less refunds, when they happened", Sum,
            at => Count(at[Revenue])),
        new("file_share_avg_price", "Average Share Price", Currency, "shares", "prices / shares created with a price", OfSums,
            at => DecimalUnits.Ratio(at[PaidPrices], at[PaidSessions])),
        new("file_share_payment_conversion", "Payment Conversion Rate", Percentage, "shares and payments",
            "shares created here with a price that were ever paid for / shares created here with a price", OfSums,
            at => DecimalUnits.Ratio(at[ConvertedSessions], at[PaidSessions])),
        new("file_share_platform_fees", "File Share Platform Fees", Currency, "payments",
            "fees of payments of shares less refunded fees", Sum,
            at => Count(at[PlatformFees])),
        new("cumulative_file_share_platform_fees", "Cumulative Platform Fees", Currency, "payments",
            "platform fees since the beginning of time", Last,
            at => Count(at.Running[PlatformFees])),
        new("costs", "Costs", CurrencySubCent, "all events", "_cost.amount", Sum,
            at => at.Sums.Cost),
        new("cumulative_costs", "Cumulative Costs", CurrencySubCent, "all events", "costs since the beginning of time", Last,
            at => at.Running.Cost),
        new("active_users", "Active Users", Scalar, "all events",
            "distinct customers with events, but for customer.* ones", "distinct over the range",
            at => Count(at.Users)) { Aliases = ["active_user_by_event"] },
        new("cost_per_user", "Cost Per User", CurrencySubCent, "all events", "costs / active users", "costs / distinct over the range",
            at => DecimalUnits.Divide(at.Sums.Cost, at.Users)),
        new("cashflow", "Cashflow", Currency, "payments and all events", "file share revenue - costs", Sum,
            at => Count(at[Revenue]) - at.Sums.Cost),
    ];

    static readonly Dictionary<string, Metric> Known =
        All.SelectMany(metric => metric.Aliases.Prepend(metric.Slug).Select(slug => (slug, metric))).ToDictionary();

    /// <summary>Everything a metric may be asked by.</summary>
    public static IEnumerable<string> Slugs => Known.Keys;

    /// <summary>The metric that goes by a slug.</summary>
    public static Metric? Find(string slug) => Known.GetValueOrDefault(slug);

    static Int128 Count(Int128 count) => count * DecimalUnits.One;
}
