using Analytics.Storage.Cells;
using Analytics.Storage.Facts;

namespace Analytics.Storage.Sales;

/// <summary>What shares and payments add up to, beside the counts and costs of events. All are sums; money is in cents.</summary>
enum SalesSum : byte
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

/// <summary>
/// What shares and payments count for, by share and person. Events count in <see cref="EventFacts"/> for the person they name; one that
/// counts for somebody else, or for a share, is taken from share 0 of the former and given to the latter, so that both sections together
/// add up to the truth.
/// </summary>
static class SalesFacts
{
    /// <summary>How many sums of its own there are: <see cref="SalesSum"/>.</summary>
    public const int Count = 12;

    public static readonly Section Section = new(
        2, "sales", Grain.QuarterHour, [Dimension.Share, Dimension.Person],
        [
            .. EventFacts.Section.Sums, .. Enumerable.Repeat("", EventFacts.MaxSums - EventFacts.Section.Sums.Count),
            .. Enumerable.Range(0, Count).Select(sum => Words((SalesSum)sum)),
        ]) { CountsElsewhen = true };

    public static int NumberOf(SalesSum sum) => EventFacts.MaxSums + (int)sum;

    extension(Cell cell)
    {
        public Int128 Of(SalesSum sum) => cell[NumberOf(sum)];
    }

    // "downloaded bytes" of DownloadedBytes.
    static string Words(SalesSum sum) => string.Concat(sum.ToString().Select(
        (letter, at) => char.IsUpper(letter) ? (at > 0 ? " " : "") + char.ToLowerInvariant(letter) : $"{letter}"));
}
