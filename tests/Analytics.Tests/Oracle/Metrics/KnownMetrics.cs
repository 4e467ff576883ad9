using System.Numerics;

namespace Analytics.Tests.Oracle.Metrics;

/// <summary>A metric: its type, and its value in units of 1e-12 for a bucket as for a range.</summary>
sealed record KnownMetric(string Type, Func<MetricsWindow, BigInteger> Value);

/// <summary>Every metric there is. A total is the same formula over the whole range: sums of it, or its end for what runs on.</summary>
static class KnownMetrics
{
    /// <summary>Another name for a metric, which is answered by the first.</summary>
    public const string AlsoActiveUsers = "active_user_by_event";

    public static readonly Dictionary<string, KnownMetric> All = new()
    {
        ["file_share_sessions"] = Count(w => w.Sessions),
        ["file_share_downloads"] = Count(w => w.Downloads),
        ["file_share_avg_downloads"] = new("scalar", w => Quotient.OfCounts(w.Downloads, w.Sessions)),
        ["file_share_active_sessions"] = Count(w => w.Active),
        ["file_share_completed_sessions"] = Count(w => w.Completed),
        ["file_share_expired_sessions"] = Count(w => w.Expired),
        ["file_share_free_sessions"] = Count(w => w.Sessions - w.Paid),
        ["file_share_paid_sessions"] = Count(w => w.Paid),
        ["file_share_total_size_bytes"] = Count(w => w.Bytes),
        ["cumulative_file_share_sessions"] = Count(w => w.SessionsEver),
        ["cumulative_file_share_downloads"] = Count(w => w.DownloadsEver),
        ["cumulative_file_share_platform_fees"] = Cents(w => w.FeesEver),
        ["cumulative_costs"] = new("currency_sub_cent", w => w.CostsEver),
        ["file_share_revenue"] = Cents(w => w.Revenue),
        ["file_share_avg_price"] = new("currency", w => Quotient.OfCounts(w.Prices, w.Paid)),
        ["file_share_payment_conversion"] = new("percentage", w => Quotient.OfCounts(w.PaidFor, w.Paid)),
        ["file_share_platform_fees"] = Cents(w => w.Fees),
        ["costs"] = new("currency_sub_cent", w => w.Costs),
        ["active_users"] = Count(w => w.Users),
        ["cost_per_user"] = new("currency_sub_cent", w => Quotient.Rounded(w.Costs, w.Users)),
        ["cashflow"] = new("currency", w => Quotient.Whole(w.Revenue) - w.Costs),
    };

    static KnownMetric Count(Func<MetricsWindow, BigInteger> value) => new("scalar", w => Quotient.Whole(value(w)));

    static KnownMetric Cents(Func<MetricsWindow, BigInteger> value) => new("currency", w => Quotient.Whole(value(w)));
}
