namespace Analytics.Storage.Rollups;

/// <summary>What shares and payments add up to, beside the counts and costs of all events. All are sums; money is in cents.</summary>
enum Measure : byte
{
    /// <summary>Shares, at their creation.</summary>
    Sessions = 0,

    /// <summary>Shares with a price, the sum of their prices, and those of them that were ever paid for: at their creation.</summary>
    PaidSessions = 1,
    PaidPrices = 2,
    ConvertedSessions = 3,

    /// <summary>Shares that ended by an event, at its time.</summary>
    CompletedSessions = 4,
    ExpiredSessions = 5,

    /// <summary>Created shares that an event ended, at the later of creation and end: what active shares lose.</summary>
    ClosedSessions = 6,

    /// <summary>Created shares whose <c>expires_at</c> ends them, at that time, which may lie ahead.</summary>
    SessionExpiries = 7,

    Downloads = 8,
    DownloadedBytes = 9,

    /// <summary>Of payments with a share: amounts and fees, less what was refunded.</summary>
    Revenue = 10,
    PlatformFees = 11,
}

/// <summary>How many measures there are.</summary>
static class Measures
{
    public const int Count = 12;
}
